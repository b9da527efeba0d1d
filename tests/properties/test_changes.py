"""What may change a decision and what may not: order never, knowledge only by narrowing, secrets not at all."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.properties.cases import LONG, SOME, Case, Trial, copied, loaded
from tests.properties.test_outcomes import possible

from si_rules.decisions.decision import Decision

LATE = date(2018, 1, 1)


def shuffled(value: Any, chance: random.Random) -> Any:
    """A record with its keys, its visits and its disputed values in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        return chance.sample([shuffled(item, chance) for item in value], len(value))
    return value


def without_order(document: dict[str, Any]) -> dict[str, Any]:
    """A decision as data, without the digest of the text and without the order in which the text names things."""
    found = copied(document)
    found["policy"].pop("digest")
    for item in (*found["consequences"], *found["possible_consequences"]):
        item["rule"] = sorted(item["rule"].split(", "))
        item["cites"].sort(key=str)
        item.get("hangs_on", []).sort(key=str)
    for name in ("triggers", "consequences", "possible_consequences", "near_misses", "needs", "values", "figures"):
        if name in found:
            found[name] = sorted(found[name], key=str)
    for result in found["classifications"].values():
        result["because"].sort()
    found["classifications"] = sorted(found["classifications"].items())
    return found


def test_order_never_decides(case: Case) -> None:
    """Declarations, clauses, items, rows where order means nothing, keys and records in another order change nothing."""
    other = Case(case.seed, 0)
    other.policy = replace(case.policy, shuffle=case.seed + 1)
    other.loaded = loaded(other.policy)
    assert other.loaded.policy is not None, [item.message for item in other.loaded.diagnostics]
    other.engine = type(case.engine)(other.loaded.policy, other.loaded.digest)
    chance = random.Random(f"order {case.seed}")
    for trial in case.trials[:SOME]:
        again = other.decide(shuffled(trial.record, chance), trial.on, trial.known_at)
        assert without_order(again.to_dict()) == without_order(trial.decision.to_dict()), str(trial)


def test_order_of_evidence_changes_no_byte(case: Case) -> None:
    """Keys and records in another order give the same bytes, the explanation included."""
    chance = random.Random(f"keys {case.seed}")
    for trial in case.trials[:SOME]:
        again = case.decide(shuffled(trial.record, chance), trial.on, trial.known_at)
        assert again.to_json(explain=True) == trial.decision.to_json(explain=True), str(trial)
        assert again.to_text(explain=True) == trial.decision.to_text(explain=True), str(trial)


def _narrowed(trial: Trial, before: Decision, after: Decision, hint: str) -> None:
    """What was settled stays as it was, and nothing becomes possible."""
    for name, result in before.classifications.items():
        now = after.classifications[name]
        if result.exact:
            assert possible(now) <= possible(result) or not now.exact, f"{name}: {hint}"
        if result.status != "undetermined":
            assert (now.status, now.outcome) == (result.status, result.outcome), f"{name}: {hint}"
        for (label, truth), (_, later) in zip(result.standing, now.standing, strict=False):
            assert truth in ("undetermined", later), f"{label}: {hint}"
    for one, other in zip(before.triggers, after.triggers, strict=True):
        assert one.status in ("undetermined", other.status), f"{one.id}: {hint}"
    for one, other in zip(before.values, after.values, strict=True):
        assert one.status == "undetermined" or (one.status, one.value) == (other.status, other.value), (
            f"{one.id}: {hint}"
        )
    key = lambda c: (c.bearer, c.modality, c.action, c.when, c.audience)  # noqa: E731
    assert {*map(key, before.consequences)} <= {*map(key, after.consequences)}, hint
    if all(result.exact for result in (*before.classifications.values(), *after.classifications.values())):
        might = {*map(key, after.consequences), *map(key, after.possible_consequences)}
        assert might <= {*map(key, before.consequences), *map(key, before.possible_consequences)}, hint


def test_what_becomes_known_only_narrows(case: Case) -> None:
    """A value in place of an absence, or of a dispute that has it, leaves what is settled, and makes nothing possible."""
    chance = random.Random(f"fill {case.seed}")
    for trial in case.trials[:SOME]:
        missing = trial.completions.missing
        for path in chance.sample(missing, min(2, len(missing))):
            value = chance.choice(trial.completions.domains[path])
            record = trial.filled(path, value)
            if record is not None:
                after = case.decide(record, trial.on, trial.known_at)
                _narrowed(trial, trial.decision, after, f"{path} = {value}: {trial}")


# ---- what not everybody may know


def _secretly_changed(record: dict[str, Any], chance: random.Random) -> Iterator[dict[str, Any]]:
    """Records that differ only in what the officers alone may see."""
    for value in (None, True, False, {"absent": "suppressed"}):
        for day in (None, LATE):
            other = copied(record)
            other["judgements"].pop("secret", None)
            if value is not None:
                other["judgements"]["secret"] = {
                    "value": value,
                    "date": day,
                    "author": "A. Person",
                    "document": "a letter",
                }
            other["hidden"] = value
            for entry in other["turnout"].values():
                entry["hidden"] = chance.choice((None, Decimal("12.5"), {"absent": "not_published"}))
            if isinstance(other["visits"], list):
                for visit in other["visits"]:
                    visit["secret"] = chance.choice((None, Decimal(70), {"absent": "not_published"}))
            # a year of which nothing but the confidential figure is given, published or not yet
            other["turnout"]["2007-08"] = {"published": day, "hidden": chance.choice((None, Decimal(3)))}
            yield other


def test_secrets_change_no_byte_of_what_the_public_sees(case: Case) -> None:
    """Confidential evidence, known, late or absent, leaves the public's decision as it is to the byte."""
    chance = random.Random(f"secrets {case.seed}")
    for trial in case.trials[: 2 if LONG else 1]:
        seen = {}
        for roles in (frozenset({"public"}), frozenset({"officers"})):
            view = trial.decision.for_audience(roles)
            seen[roles] = view.to_json(explain=True), view.to_text(explain=True)
        differing = 0
        for record in _secretly_changed(trial.record, chance):
            decision = case.decide(record, trial.on, trial.known_at)
            view = decision.for_audience({"public"})
            assert (view.to_json(explain=True), view.to_text(explain=True)) == seen[frozenset({"public"})], str(trial)
            assert "secret" not in view.to_json(explain=True)
            officers = decision.for_audience({"officers"})
            differing += officers.to_json(explain=True) != seen[frozenset({"officers"})][0]
        assert differing, "the officers' view tells the records apart"


def test_the_public_view_is_the_decision_without_what_it_may_not_see(case: Case) -> None:
    """The public's outcome is the outcome: nothing public reads what is confidential."""
    for trial in case.trials[:3]:
        view = trial.decision.for_audience({"public"})
        assert view.classifications == trial.decision.classifications, str(trial)
        assert view.values == trial.decision.values, str(trial)
        seen = [t for t in trial.decision.triggers if t.id not in ("murmured", "hinted")]
        assert seen == list(view.triggers), str(trial)


def test_what_is_released_is_told_without_what_it_reads(case: Case) -> None:
    """The chair is told whether the released trigger holds, as the whole decision says, and sees no evidence of it."""
    for trial in case.trials[:3]:
        view = trial.decision.for_audience({"chair"})
        whole = {item.id: item.status for item in trial.decision.triggers}
        told = {item.id: item.status for item in view.triggers}
        assert told["hinted"] == whole["hinted"], str(trial)
        assert "murmured" not in told
        assert '"hidden' not in view.to_json(explain=True)
