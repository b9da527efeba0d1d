"""A proof of one record is checked without the ledger, and tells nothing of the others."""

import json
from typing import Any

import pytest
from tests.ledger import town

from si_rules import Checkpoint, Continuation, Ledger, LedgerError, Proof

COUNT = 7


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    """A ledger of seven decisions about as many schools."""
    ledger.record_many(town.decided(number) for number in range(COUNT))
    return ledger


def altered(proof: Proof, **changes: Any) -> Proof:
    return Proof.from_json(json.dumps({**json.loads(proof.to_json()), **changes}).encode())


def test_every_record_is_proved_at_every_size(full: Ledger) -> None:
    """From its file alone and a checkpoint of that size each proof gives the record."""
    for size in range(1, COUNT + 1):
        checkpoint = full.continuation(size).before
        for index in range(size):
            proof = Proof.from_json(full.proof(str(index), size).to_json().encode())
            assert proof.check(checkpoint).id == full.find(str(index)).id
    assert full.proof("6").check(full.checkpoint()).index == 6


def test_a_proof_brings_the_outcome_and_no_evidence(full: Ledger) -> None:
    """Evidence goes with it only where that is asked; other schools never."""
    entry, proof = full.find("3"), full.proof("3")
    outcome = proof.content(entry.document["outcome"])
    assert outcome is not None
    assert json.loads(outcome) == full.outcome("3")
    assert proof.content(entry.document["evidence"]) is None
    assert "requires_improvement" not in proof.to_json()
    assert not [number for number in range(COUNT) if number != 3 and f"99000{number}" in proof.to_json()]
    whole = full.proof("3", with_evidence=True)
    assert b"requires_improvement" in (whole.content(entry.document["evidence"]) or b"")


def test_a_view_is_proved_without_what_it_may_not_show(ledger: Ledger) -> None:
    """The proof of the public's record holds none of the names of rules that only others may see."""
    decision = town.decided(1)
    view = decision.for_audience({"public"})
    ledger.record_many([decision, view])
    proof = ledger.proof("1")
    assert proof.check(ledger.checkpoint()).document["audience"] == ["public"]
    hidden = set(decision.kept.truths_of(decision)) - set(view.kept.truths_of(view))
    assert hidden
    assert not [rule for rule in hidden if rule in proof.to_json()]


def test_what_was_altered_in_a_proof_is_found(full: Ledger) -> None:
    """Another record, outcome, salt, path, size or root: each is refused."""
    proof, checkpoint = full.proof("3"), full.checkpoint()
    other = json.loads(full.proof("4").to_json())
    document = json.loads(proof.to_json())
    (content,) = document["contents"]
    for changes, told in [
        ({"record": other["record"]}, "does not give the root"),
        ({"record": document["record"].replace("2015-11-04", "2015-11-05")}, "does not give the root"),
        ({"path": other["path"]}, "does not give the root"),
        ({"path": [*document["path"], "00" * 32]}, "does not give the root"),
        ({"path": ["x"]}, "not of hexadecimal hashes"),
        ({"contents": other["contents"]}, "does not name the content"),
        ({"contents": [{**content, "content": content["content"] + " "}]}, "is not what its digest says"),
        ({"contents": [{**content, "salt": "00" * 16}]}, "is not what its digest says"),
        ({"size": COUNT + 1}, f"it is a proof of {COUNT + 1} records, and the checkpoint counts {COUNT}"),
        ({"root": "00" * 32}, "its root is not that of the checkpoint"),
        ({"record": '{"index": true}'}, "its record has no index"),
    ]:
        with pytest.raises(LedgerError, match=told):
            altered(proof, **changes).check(checkpoint)


def test_a_forged_root_is_found_by_a_checkpoint_only(full: Ledger) -> None:
    """A proof that brings its own root holds by itself, and not with a checkpoint that was kept."""
    checkpoint = full.checkpoint()
    record = full.proof("0", 1)
    assert record.check().index == 0
    with pytest.raises(LedgerError, match="a proof of 1 records"):
        record.check(checkpoint)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "si-rules/proof/2"}', '{"format": "si-rules/proof/1"}',
             '{"format": "si-rules/proof/1", "record": "", "path": [], "contents": [{}], "size": 1, "root": "'
             + "0" * 64 + '"}', '{"format": "si-rules/proof/1", "record": "\\ud800", "path": [], "contents": [], "size": 1,'
             ' "root": "' + "0" * 64 + '"}', "[" * 50_000],
)  # fmt: skip
def test_what_is_no_proof_is_refused(text: str) -> None:
    """A file that cannot be read is an error, never a proof that holds."""
    with pytest.raises(LedgerError):
        Proof.from_json(text.encode()).check()


def test_one_ledger_continues_another(full: Ledger) -> None:
    """Between any two sizes it is shown that nothing was altered or taken away; with another root it is not."""
    for size in range(1, COUNT + 1):
        for earlier in range(1, size + 1):
            found = full.continuation(earlier, size)
            assert found.holds
            forged = Checkpoint(earlier, "00" * 32)
            assert not Continuation(forged, found.now, found.path).holds


def test_what_cannot_be_proved_is_a_sentence(full: Ledger) -> None:
    """A record that came later, a size that there is not, an earlier ledger that was none."""
    for ask, told in [
        (lambda: full.proof("5", 5), "came after the first 5 records"),
        (lambda: full.proof("5", 99), "the ledger has 7 records, not 99"),
        (lambda: full.proof("99"), "there is no record 99"),
        (lambda: full.continuation(0), "no earlier ledger of 0 records"),
        (lambda: full.continuation(8), "no earlier ledger of 8 records"),
    ]:
        with pytest.raises(LedgerError, match=told):
            ask()
