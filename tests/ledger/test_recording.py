"""What is recorded is there, decides the same again from the ledger alone, and is never changed."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.ledger import town
from tests.ledger.server import Server

from si_rules import Cohort, ExtraMissing, Ledger, LedgerError, PolicyLibrary, Refusal, open_policy, read_evidence_file
from si_rules.evidence.any_vocabulary import model_of
from si_rules.ledger.sql_store import SqlStore

ROOT = Path(__file__).resolve().parents[2]


Place = Callable[[], str]


def test_a_record_is_there_when_the_ledger_is_opened_again(place: Place) -> None:
    """The decision that comes back is the one that was recorded, in its published form and with its explanation."""
    decision, where = town.decided(1), place()
    with Ledger.open(where) as ledger:
        receipt = ledger.record(decision)
    with Ledger.open(where, only_read=True) as ledger:
        assert [entry.id for entry in ledger.records()] == [receipt.id]
        found = ledger.decision(receipt.id)
        assert found == decision
        assert found.to_dict(explain=True) == decision.to_dict(explain=True)
        assert ledger.outcome(receipt.id)["classifications"]["category"]["status"] == "undetermined"
        assert ledger.verify().root == receipt.root


def test_replay_decides_the_same(ledger: Ledger) -> None:
    """A decision for everybody, one for an audience, one as if, one with a later day of knowledge: all come out the same."""
    policy, evidence = town.policy(), town.school(1)
    late = town.ON.replace(year=2016, month=1)
    decisions = [
        policy.decide(evidence, on=town.ON),
        policy.decide(evidence, on=town.ON, audience={"public"}),
        policy.decide(evidence, on=town.ON.replace(year=2020), as_if=True),
        policy.decide(evidence, on=town.ON, known_at=late),
    ]
    for receipt in ledger.record_many(decisions):
        found = ledger.replay(receipt.id, library=PolicyLibrary.bundled())
        assert (found.status, found.on_disk, found.subject) == ("same", None, "990001"), found.why


def test_replay_has_the_cohort(ledger: Ledger) -> None:
    """Figures come out the same: every member is kept, once, though many decisions name the cohort."""
    policy = PolicyLibrary.bundled().edition("doncaster.targets", town.EDITION)
    records = [town.school(number) for number in range(4)]
    cohort = Cohort("four", records, unread=1)
    decisions = list(policy.decide_many(records, on=town.ON, cohort=cohort))
    assert decisions[0].cohort is not None
    assert decisions[0].figures
    receipts = ledger.record_many(decisions)
    assert [ledger.replay(receipt.id).status for receipt in receipts] == ["same"] * 4
    texts = [content.text for content in ledger.store.contents()]
    assert sum(text is not None and text.startswith(b'{"members"') for text in texts) == 1
    assert len(texts) == 4 + 4 + 1 + 1  # decisions, evidence, the cohort, the text of the policy
    assert ledger.verify().is_sound


def test_a_vocabulary_of_ones_own(ledger: Ledger) -> None:
    """Decisions about flood defences are recorded and come out the same, by the vocabulary that is kept."""
    defences = ROOT / "examples" / "03_flood_defences"
    if not defences.is_dir():
        pytest.skip("needs the checkout: there is no folder examples")
    policy = open_policy(defences)
    vocabulary = policy.core.vocabulary
    path, model = defences / "evidence.jsonl", model_of(vocabulary)
    records = [r for r in read_evidence_file(path, model, vocabulary.identified_by) if not isinstance(r, Refusal)]
    receipts = ledger.record_many(policy.decide_many(records, on=policy.in_force[0]))
    assert len(receipts) > 2
    assert {ledger.replay(receipt.id).status for receipt in receipts} == {"same"}


def test_replay_does_not_need_the_files(tmp_path: Path) -> None:
    """A policy that was edited after the fact decides as it did, from the kept text, and that it differs is said."""
    folder = tmp_path / "policies"
    shutil.copytree(town.policy().folder, folder / "council" / "2015-16")  # type: ignore[arg-type]
    edited = folder / "council" / "2015-16" / "categories.policy"
    policy = PolicyLibrary.open(folder).edition(town.ID, town.EDITION)
    with Ledger.open(tmp_path / "l.db") as ledger:
        receipt = ledger.record(policy.decide(town.school(0), on=town.ON))
        edited.write_text(edited.read_text().replace("capacity is lacking", "capacity is sufficient"))
        library = PolicyLibrary.open(folder)
        assert library.edition(town.ID, town.EDITION).digest != policy.digest
        found = ledger.replay(receipt.id, library=library)
    assert found.status == "same"
    assert found.on_disk == f"{town.ID} {town.EDITION} in the library is no longer the text that decided"


def test_files_changed_before_recording_are_still_those_that_decided(tmp_path: Path) -> None:
    """What is kept is the text that was loaded, not what lies on the disk when a decision is recorded."""
    folder = tmp_path / "policies"
    shutil.copytree(town.policy().folder, folder / "2015-16")  # type: ignore[arg-type]
    policy = PolicyLibrary.open(folder).edition(town.ID, town.EDITION)
    decision = policy.decide(town.school(0), on=town.ON)
    shutil.rmtree(folder)
    with Ledger.open(tmp_path / "l.db") as ledger:
        assert ledger.replay(ledger.record(decision).id).status == "same"


def test_a_correction_stands_beside_what_it_corrects(ledger: Ledger) -> None:
    """A later record supersedes an earlier one, by whom and why; the earlier one stays as it was."""
    first = ledger.record(town.decided(0))
    second = ledger.supersede(first.id, town.decided(1), by="Officer B", why="the capacity was misread")
    entries = list(ledger.records())
    assert [entry.kind for entry in entries] == ["decision", "correction"]
    assert entries[1].document["supersedes"] == first.id
    assert entries[1].document["why"] == "the capacity was misread"
    assert [ledger.replay(receipt.id).status for receipt in (first, second)] == ["same", "same"]
    assert ledger.verify().is_sound


def test_erased_evidence_is_gone_and_the_rest_is_proved(tmp_path: Path) -> None:
    """Its bytes are nowhere in the file, its record says by whom and why, and the ledger verifies."""
    path = tmp_path / "l.db"
    with Ledger.open(path) as ledger:
        first, second = ledger.record_many([town.decided(0, name="Zebrawood Fictional School"), town.decided(1)])
        before = ledger.find(first.id).document
        ledger.erase(first.id, by="Data protection officer", why="a request under article 17")
        assert not any(b'"name": "Zebrawood' in file.read_bytes() for file in tmp_path.iterdir())
        assert ledger.find(first.id).document == before
        assert ledger.verify().is_sound
        assert ledger.replay(second.id).status == "same"
        gone = ledger.replay(first.id)
        assert gone.status == "not replayed"
        assert gone.why is not None
        assert gone.why.startswith(
            "the evidence was erased by Data protection officer: a request under article 17 (record 2-"
        )
        with pytest.raises(LedgerError, match="nothing that could be erased"):
            ledger.erase(first.id, by="Data protection officer", why="again")
    assert b'"legal_type": "community"' in path.read_bytes()  # that of the other school
    assert b'"name": "Zebrawood' not in path.read_bytes()


def test_the_same_evidence_is_kept_once(ledger: Ledger) -> None:
    """Recording a decision twice gives two records, and keeps evidence, decision and text once."""
    one, two = ledger.record_many([town.decided(1), town.decided(1)])
    assert one.id != two.id
    assert len(list(ledger.store.contents())) == 3


def test_a_ledger_cannot_be_changed_by_accident(ledger: Ledger) -> None:
    """The database itself refuses to alter or delete what was recorded."""
    ledger.record(town.decided(1))
    assert isinstance(ledger.store, SqlStore)
    for statement in (
        "UPDATE records SET record = leaf", "DELETE FROM records", "DELETE FROM heads", "DELETE FROM contents",
        "UPDATE contents SET content = plain", "UPDATE about SET format = ''",
    ):  # fmt: skip
        with pytest.raises(LedgerError, match=r"is only (added to|erased)"):
            ledger.store.run(statement)
    assert ledger.verify().is_sound


def test_all_or_none(ledger: Ledger) -> None:
    """Where one decision of several cannot be recorded, none is."""

    def decisions() -> Iterator[object]:
        yield town.decided(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.record_many(decisions())  # type: ignore[arg-type]
    assert len(ledger) == 0


def test_records_of_two_ledgers_differ_only_by_what_is_drawn_by_chance(place: Place) -> None:
    """The same decision gives the same record, but for the salted digests of evidence and outcome."""
    documents = []
    for _ in range(2):
        with Ledger.open(place()) as ledger:
            ledger.record(town.decided(1))
            documents.append(next(ledger.records()).document)
    one, two = documents
    assert {key for key in one if one[key] != two[key]} == {"outcome", "evidence"}


@pytest.mark.parametrize("wanted", ["7", "0-000000000000", "x", "-1", "9" * 30, ""])
def test_an_unknown_record_is_a_sentence(ledger: Ledger, wanted: str) -> None:
    """An id that is not there, or whose digits are not those of the record, is refused with what there is."""
    ledger.record(town.decided(1))
    with pytest.raises(LedgerError, match=r"there is no record .*; there are 0 to 0|record 0 is 0-"):
        ledger.replay(wanted)


def test_what_is_no_ledger_is_a_sentence(tmp_path: Path) -> None:
    """A file of another sort, another database, a missing file and a format of the future are told apart."""
    (tmp_path / "text.db").write_text("not a database, however long it may go on " * 40)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE t (a)").connection.close()
    town.ledger_of(tmp_path / "future.db", 2)
    town.tamper(tmp_path / "future.db", "UPDATE about SET format = 'si-rules/ledger/9'")
    for name, told in [
        ("text.db", "file is not a database"), ("other.db", "is a database, and no ledger"),
        ("none.db", "there is no ledger"), ("future.db", "says of its format 'si-rules/ledger/9'"),
    ]:  # fmt: skip
        with pytest.raises(LedgerError, match=told):
            Ledger.open(tmp_path / name, only_read=True)
    with pytest.raises(LedgerError, match="there is no folder"):
        Ledger.open(tmp_path / "missing" / "l.db")


@pytest.mark.xdist_group("postgres")
def test_erased_evidence_is_gone_from_a_database(server: Server) -> None:
    """In a database too its bytes are in no row any more, nor in the files of the table."""
    url = server.database()
    with Ledger.open(url) as ledger:
        first = ledger.record(town.decided(0, name="Zebrawood Fictional School"))
        ledger.erase(first.id, by="Data protection officer", why="a request under article 17")
        assert ledger.verify().is_sound
        assert "the evidence was erased by Data protection officer" in str(ledger.replay(first.id).why)
    (found,) = server.run(
        "SELECT pg_read_binary_file(pg_relation_filepath('si_rules_ledger.contents'))", url.split("/")[3].split("?")[0]
    )
    assert b'"name": "Zebrawood' not in found[0]


@pytest.mark.xdist_group("postgres")
def test_a_database_that_is_not_there_is_a_sentence(server: Server, tmp_path: Path) -> None:
    """No server, no database, no ledger in it, an address that is none: each has its sentence, and no password in it."""
    secret = server.database().replace("ledger@", "ledger:hunter2@")
    for address, told in [
        (f"postgresql://ledger:hunter2@/x?host={tmp_path}", "no such file or directory|connection"),
        (secret.replace("/ledger_", "/none_"), "does not exist"),
        (secret, "there is no ledger in postgresql://ledger:\\*\\*\\*@"),
        ("postgresql://x:y:z", "not the address of a database"),
    ]:
        with pytest.raises(LedgerError, match=told) as raised:
            Ledger.open(address, only_read=True)
        assert "hunter2" not in str(raised.value)


def test_a_database_without_its_package_says_which_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SQLAlchemy or the driver is not installed, the sentence names the extra."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ExtraMissing, match="needs the extra `postgres`"):
        Ledger.open("postgresql://ledger@/ledger")


def test_kept_texts_lead_nowhere_else(tmp_path: Path) -> None:
    """A kept text whose file names lead out of its folder is refused, and nothing is written."""
    from si_rules.ledger.texts import load_texts

    for name in ("../x.policy", "/x.policy", "a\\x.policy", "..", ""):
        document = {"id": "a.b", "edition": "1", "files": [{"of": "a.b 1", "name": name, "text": "policy a.b\n"}]}
        with pytest.raises(LedgerError, match="has a file called"):
            load_texts(json.dumps(document).encode())
