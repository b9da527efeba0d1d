"""What may change a decision and what may not: order never, knowledge only by narrowing, secrets not at all."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.properties.cases import SOME, Case, copied, loaded
from tests.properties.test_outcomes import about, possible

LATE = date(2018, 1, 1)


def shuffled(value: Any, chance: random.Random) -> Any:
    """A record with its keys and its visits in another order."""
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
    for name in ("triggers", "consequences", "possible_consequences", "near_misses"):
        found[name].sort(key=str)
    for result in found["classifications"].values():
        result["because"].sort()
    return found


def test_order_never_decides(case: Case) -> None:
    """Clauses, items, declarations, keys and records in another order give the same decision."""
    other = Case(case.seed, 0)
    other.policy = replace(case.policy, shuffle=case.seed + 1)
    other.loaded = loaded(other.policy)
    assert other.loaded.policy is not None, [item.message for item in other.loaded.diagnostics]
    other.engine = type(case.engine)(other.loaded.policy, other.loaded.digest)
    chance = random.Random(f"order {case.seed}")
    for trial in case.trials[:SOME]:
        again = other.decide(shuffled(trial.record, chance), trial.on, trial.known_at)
        assert without_order(again.to_dict()) == without_order(trial.decision.to_dict()), about(trial)


def test_order_of_evidence_changes_no_byte(case: Case) -> None:
    """Keys and records in another order give the same bytes, the explanation included."""
    chance = random.Random(f"keys {case.seed}")
    for trial in case.trials[:4]:
        again = case.decide(shuffled(trial.record, chance), trial.on, trial.known_at)
        assert again.to_json(explain=True) == trial.decision.to_json(explain=True), about(trial)
        assert again.to_text(explain=True) == trial.decision.to_text(explain=True), about(trial)


def test_what_becomes_known_only_narrows(case: Case) -> None:
    """A value in place of an absence leaves settled answers as they are, and adds no possible outcome."""
    chance = random.Random(f"fill {case.seed}")
    for trial in case.trials[:SOME]:
        missing = trial.completions.missing
        for path in chance.sample(missing, min(2, len(missing))):
            value = chance.choice(trial.completions.domains[path])
            record = trial.filled(path, value)
            if record is None:
                continue
            after = case.decide(record, trial.on, trial.known_at)
            result, hint = after.classifications["standing"], f"{path} = {value}: {about(trial)}"
            found = set(result.possible) or {"not_applicable"}
            assert found <= possible(trial), hint
            if trial.result.status != "undetermined":
                assert (result.status, result.outcome) == (trial.result.status, trial.result.outcome), hint
            for before, now in zip(trial.decision.triggers, after.triggers, strict=True):
                assert before.status in ("undetermined", now.status), hint
            key = lambda c: (c.bearer, c.modality, c.action, c.when, c.audience)  # noqa: E731
            assert {*map(key, trial.decision.consequences)} <= {*map(key, after.consequences)}, hint
            might = {*map(key, after.consequences), *map(key, after.possible_consequences)}
            assert might <= {key(c) for c in (*trial.decision.consequences, *trial.decision.possible_consequences)}, (
                hint
            )


def _secretly_changed(record: dict[str, Any], chance: random.Random) -> list[dict[str, Any]]:
    """Records that differ only in what the officers alone may see."""
    found = []
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
            found.append(other)
    return found


def test_secrets_change_no_byte_of_what_the_public_sees(case: Case) -> None:
    """Confidential evidence, known, late or absent, leaves the public's decision as it is to the byte."""
    chance = random.Random(f"secrets {case.seed}")
    for trial in case.trials[:2]:
        seen = {}
        for roles in (frozenset({"public"}), frozenset({"officers"})):
            view = trial.decision.for_audience(roles)
            seen[roles] = view.to_json(explain=True), view.to_text(explain=True)
        differing = 0
        for record in _secretly_changed(trial.record, chance):
            decision = case.decide(record, trial.on, trial.known_at)
            view = decision.for_audience({"public"})
            assert (view.to_json(explain=True), view.to_text(explain=True)) == seen[frozenset({"public"})], about(trial)
            assert "secret" not in view.to_json(explain=True)
            officers = decision.for_audience({"officers"})
            differing += officers.to_json(explain=True) != seen[frozenset({"officers"})][0]
        assert differing, "the officers' view tells the records apart"


def test_the_public_view_is_the_decision_without_what_it_may_not_see(case: Case) -> None:
    """The public's outcome is the outcome: nothing public reads what is confidential."""
    for trial in case.trials[:3]:
        view = trial.decision.for_audience({"public"})
        assert view.classifications == trial.decision.classifications, about(trial)
        assert [t for t in trial.decision.triggers if t.id != "murmured"] == list(view.triggers), about(trial)
