"""What else a ledger holds: evidence by digest, moderations; and what becomes of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.ledger import town

from si_rules import Cohort, Decision, Ledger, LedgerError, Moderation, PolicyLibrary
from si_rules.evidence.tables.lines import line_of


def stored(ledger: Ledger) -> bytes:
    """Everything that the ledger keeps beside its records, in one."""
    return b"\n".join(content.text for content in ledger.store.contents() if content.text is not None)


def test_evidence_by_digest_is_not_in_the_ledger(ledger: Ledger) -> None:
    """The decision is, and verifies; what it was made from is not."""
    receipt = ledger.record(town.decided(1), keep="digest")
    assert ledger.find(receipt.id).document["kept"] == "digest"
    assert line_of(town.school(1)).encode() not in stored(ledger)
    assert ledger.outcome(receipt.id)["subject"]["id"] == "990001"
    assert ledger.verify().is_sound


def test_evidence_by_digest_is_given_to_decide_again(ledger: Ledger) -> None:
    """Without it nothing is decided; with it the same; with other evidence about the same school that is said."""
    receipt = ledger.record(town.decided(1), keep="digest")
    lacking = ledger.replay(receipt.id)
    assert (lacking.status, lacking.why) == (
        "not replayed", "only the digest of the evidence is in the ledger, and it was not given",
    )  # fmt: skip
    ledger.give([town.school(1, name="Altered Fictional School"), town.school(2)])
    other = ledger.replay(receipt.id)
    assert other.status == "not replayed"
    assert other.why == "the evidence that was given is not that of the digest in the ledger"
    ledger.give([town.school(1)])
    assert ledger.replay(receipt.id).status == "same"


def test_a_cohort_by_digest(ledger: Ledger) -> None:
    """Its members' evidence stays outside as well, and is given in any order."""
    records = [town.school(number) for number in range(3)]
    cohort = Cohort("three", records)
    policy = PolicyLibrary.bundled().edition("doncaster.targets", town.EDITION)
    receipts = ledger.record_many(policy.decide_many(records, on=town.ON, cohort=cohort), keep="digest")
    assert not any(line_of(record).encode() in stored(ledger) for record in records)
    assert ledger.verify().is_sound
    assert ledger.replay(receipts[0].id).status == "not replayed"
    ledger.give(reversed(records))
    assert [ledger.replay(receipt.id).status for receipt in receipts] == ["same"] * 3


def test_the_salt_of_evidence_by_digest_is_covered(tmp_path: Path) -> None:
    """Were it altered, the evidence would no longer fit: that is found without the evidence."""
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        receipt = ledger.record(town.decided(1), keep="digest")
    town.tamper(path, "UPDATE contents SET salt = zeroblob(16) WHERE content IS NULL")
    with Ledger.open(path, only_read=True) as ledger:
        (fault,) = ledger.verify().faults
    assert (fault.where, "not what its digest says" in fault.what) == (f"record {receipt.id}", True)


def test_a_text_may_not_go_missing_as_if_it_had_been_kept_by_digest(tmp_path: Path) -> None:
    """Evidence that was kept whole and of which only the salt is left is a fault."""
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        receipt = ledger.record(town.decided(1))
        by_digest = ledger.record(town.decided(2), keep="digest")
        evidence = ledger.find(receipt.id).document["evidence"]
        (salt, plain) = ledger.store.run("SELECT salt, plain FROM contents WHERE content IS NULL")[0]  # type: ignore[attr-defined]
    town.tamper(
        path,
        f"UPDATE contents SET content = NULL, salt = x'{salt.hex()}', plain = x'{plain.hex()}' WHERE digest = '{evidence}'",
    )
    with Ledger.open(path, only_read=True) as ledger:
        assert [fault.where for fault in ledger.verify().faults] == [f"record {receipt.id}"]
        assert ledger.find(by_digest.id).id == by_digest.id


def test_evidence_by_digest_can_be_erased(ledger: Ledger) -> None:
    """Its salt goes, so that nobody can show any more what it was."""
    receipt = ledger.record(town.decided(1), keep="digest")
    ledger.erase(receipt.id, by="Officer B", why="a request")
    ledger.give([town.school(1)])
    assert "the evidence was erased by Officer B: a request" in str(ledger.replay(receipt.id).why)
    assert ledger.verify().is_sound


# ---- moderations


def moderation(of: Decision, **more: Any) -> Moderation:
    given = {
        "id": "M1", "subject": of.subject.id, "classification": "category", "decision": of.digest_of("category"),
        "audience": of.audience, "engine_outcome": "4", "moderated_outcome": "5", "date": date(2015, 11, 10),
        "reason": "Walnut reasons, told to the panel.", "author": "Officer C", "role": "chair of the panel", **more,
    }  # fmt: skip
    return Moderation.model_validate(given)


def of_category_4(number: int = 0) -> Decision:
    """A decision that says category 4."""
    said = {
        "capacity": {"value": "lacking", "author": "Officer A", "date": "2015-10-05"},
        "support_required": {"value": "external", "author": "Officer A", "date": "2015-10-05"},
        **{name: {"value": "no"} for name in
           ("persistent_decline", "persistent_poor_behaviour", "persistent_ineffective_leadership")},
    }  # fmt: skip
    return town.decided(number, judgements=said)


def test_a_moderation_stands_beside_the_decision(ledger: Ledger) -> None:
    """It is a record of its own; the decision stays what it was; both are sound and come out again."""
    decision = of_category_4()
    first = ledger.record(decision)
    second = ledger.moderate(first.id, moderation(decision))
    assert [entry.kind for entry in ledger.records()] == ["decision", "moderation"]
    assert ledger.find(second.id).document["record"] == first.id
    assert ledger.moderation(second.id).moderated_outcome == "5"
    assert ledger.outcome(first.id)["classifications"]["category"]["outcome"] == "4"
    assert [ledger.replay(receipt.id).status for receipt in (first, second)] == ["same", "same"]
    assert ledger.verify().is_sound


def test_a_later_moderation_supersedes_an_earlier_one(ledger: Ledger) -> None:
    """It names the earlier one, and its record that one's record."""
    decision = of_category_4()
    first = ledger.record(decision)
    one = ledger.moderate(first.id, moderation(decision))
    later = moderation(decision, id="M2", supersedes="M1", moderated_outcome="3", date=date(2015, 12, 1))
    two = ledger.moderate(first.id, later)
    assert ledger.find(two.id).document["supersedes"] == one.id
    assert ledger.verify().is_sound


def test_a_moderation_of_something_else_is_refused(ledger: Ledger) -> None:
    """One of another school or outcome, one with an id that is taken, and two that moderate the same are not recorded."""
    decision = of_category_4()
    first = ledger.record(decision)
    ledger.moderate(first.id, moderation(decision))
    for wrong, told in [
        (moderation(decision, id="M2", subject="990009"), "moderates 990009, and the decision is about 990000"),
        (moderation(decision, id="M2", engine_outcome="3", supersedes="M1"), "the decision now says 4, not 3"),
        (moderation(decision, id="M2", decision="sha256:" + "0" * 64, supersedes="M1"), "was another one"),
        (moderation(decision, id="M2", supersedes="M9"), "there is no moderation 'M9'"),
        (moderation(decision, id="M2"), "neither supersedes the other"),
        (moderation(decision), "is recorded already"),
    ]:
        with pytest.raises(LedgerError, match=told):
            ledger.moderate(first.id, wrong)
    with pytest.raises(LedgerError, match="is no decision"):
        ledger.moderate("1", moderation(decision, id="M2"))
    assert len(ledger) == 2


def test_what_a_moderation_says_can_be_erased(ledger: Ledger) -> None:
    """That there was one stays, and that it was erased, by whom and why; its reason is gone."""
    decision = of_category_4()
    first = ledger.record(decision)
    second = ledger.moderate(first.id, moderation(decision))
    assert b"Walnut reasons" in stored(ledger)
    ledger.erase(second.id, by="Data protection officer", why="a request")
    assert b"Walnut reasons" not in stored(ledger)
    assert "the moderation was erased by Data protection officer: a request" in str(ledger.replay(second.id).why)
    assert ledger.verify().is_sound


# ---- audiences


def test_the_view_of_an_audience_is_a_record_of_its_own(ledger: Ledger) -> None:
    """It verifies, comes out again, and holds nothing that the audience may not see."""
    decision = town.decided(1)
    view = decision.for_audience({"public"})
    whole, public = ledger.record_many([decision, view])
    assert ledger.find(public.id).document["audience"] == ["public"]
    assert ledger.replay(public.id).status == "same"
    assert ledger.decision(public.id).to_dict() == view.to_dict()
    hidden = set(ledger.decision(whole.id).kept.truths_of(decision)) - set(view.kept.truths_of(view))
    assert hidden, "the policy keeps some rules from the public"
    said = str(ledger.outcome(public.id))
    assert not [rule for rule in hidden if rule in said]
    assert ledger.verify().is_sound
