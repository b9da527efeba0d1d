"""Whatever is altered in a ledger is found and located; what is not found has altered nothing that is read."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.ledger import town

from si_rules import Checkpoint, Ledger, LedgerError
from si_rules.ledger.merkle import Edge

LONG = bool(os.environ.get("SI_RULES_LONG"))
COUNT, POSITIONS = (1000, 2000) if LONG else (12, 60)
EVIDENCE_OF_2 = "WHERE CAST(content AS TEXT) LIKE '{\"urn%School 2\"%'"


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("honest") / "l.db"
    town.ledger_of(path, COUNT)
    return path


@pytest.fixture
def copy(honest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(honest, tmp_path / "copy.db"))


def faults(path: Path) -> list[str]:
    """Every fault, as a sentence; a ledger that cannot be opened is one as well."""
    try:
        with Ledger.open(path, only_read=True) as ledger:
            found = ledger.verify()
            assert found.is_sound == (not found.faults)
            return [str(fault) for fault in found.faults]
    except LedgerError as error:
        return [str(error)]


def read_whole(path: Path) -> Iterator[bytes]:
    """All that replay reads of a ledger: every record, and everything that it names."""
    with Ledger.open(path, only_read=True) as ledger:
        for entry in ledger.records():
            row = ledger.store.row(entry.index)
            assert row is not None
            yield row.leaf + row.record
            for name in entry.names():
                content = ledger.store.content(name)
                assert content is not None
                yield repr((content.digest, content.salt, content.text)).encode()


def test_an_honest_ledger_is_sound(honest: Path) -> None:
    """Nothing is found in a ledger that nobody touched."""
    assert faults(honest) == []


def test_a_byte_changed_anywhere(honest: Path, copy: Path) -> None:
    """One byte at a random position: it is found, or everything that is read is byte for byte what it was."""
    whole, data, chance = list(read_whole(honest)), honest.read_bytes(), random.Random(6)
    found = 0
    for _ in range(POSITIONS):
        at = chance.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        copy.write_bytes(changed)
        told = faults(copy)
        if told:
            found += 1
            assert all(line.partition(": ")[2] for line in told), told
        else:
            assert list(read_whole(copy)) == whole, f"position {at}"
    assert found > POSITIONS // 4  # most of a ledger is records


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE records SET record = replace(record, '2015-11-04', '2015-11-05') WHERE position = 3",
         ["record 3: it is not what its hash says: the record or the hash was altered"]),
        ("UPDATE records SET leaf = zeroblob(32) WHERE position = 3", ["record 3: it is not what its hash says"]),
        ("DELETE FROM records WHERE position = 3", ["record 3: it is missing"]),
        ("UPDATE records SET position = CASE position WHEN 3 THEN -1 ELSE position END", ["the records: cannot be read"]),
        (f"UPDATE contents SET content = content || ' ' {EVIDENCE_OF_2}",
         ["record 2-", "what it names is not what its digest says"]),
        (f"DELETE FROM contents {EVIDENCE_OF_2}",
         ["record 2-", "what it names is not there"]),
        (f"UPDATE contents SET content = NULL, salt = NULL, plain = NULL {EVIDENCE_OF_2}",
         ["record 2-", "was erased, and no record says so"]),
        ("INSERT INTO contents VALUES ('sha256:00', x'', x'00', x'00')", ["content sha256:00"]),
        ("UPDATE heads SET root = zeroblob(32) WHERE size = 8", ["records 7 to 7: they do not give the root"]),
        ("UPDATE edge SET parts = zeroblob(64)", ["the tree: its edge is not that of the records"]),
        ("DELETE FROM heads WHERE size = 12", ["records 11 to 11: no root was recorded with them"]),
        ("DELETE FROM edge", ["the tree: cannot be read"]),
    ],
)  # fmt: skip
def test_what_is_altered_is_located(copy: Path, statement: str, told: list[str]) -> None:
    """An alteration behind the ledger's back is found at its place."""
    if LONG:
        pytest.skip("speaks of a ledger of 12 records")
    town.tamper(copy, statement)
    lines = "\n".join(faults(copy))
    for part in told:
        assert part in lines


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE records SET record = leaf WHERE position = 3", "record 3: it is not what its hash says"),
        ("UPDATE records SET leaf = record WHERE position = 3", "record 3: it is not what its hash says"),
        ("DELETE FROM records WHERE position = 3", "record 3: it is missing"),
        ("DELETE FROM records WHERE position = 5", "the tree: it once held 6 records, and there are 5"),
        ("UPDATE contents SET content = NULL, salt = NULL, plain = NULL", "was erased, and no record says so"),
        ("UPDATE contents SET content = plain", "what it names is not what its digest says"),
        ("DELETE FROM contents", "what it names is not there"),
        ("UPDATE heads SET root = (SELECT leaf FROM records WHERE position = 0)", "they do not give the root"),
        ("DELETE FROM heads WHERE size = 6", "records 5 to 5: no root was recorded with them"),
        ("DELETE FROM edge", "the tree: cannot be read"),
    ],
)  # fmt: skip
def test_either_store_finds_it(place: Callable[[], str], statement: str, told: str) -> None:
    """A file and a database alike find what was altered by somebody who may do anything in it."""
    where = place()
    town.ledger_of(where, 6)
    town.tamper(where, statement)
    with Ledger.open(where, only_read=True) as ledger:
        found = [str(fault) for fault in ledger.verify().faults]
    assert any(told in line for line in found), found


def test_records_that_changed_places(copy: Path) -> None:
    """Two records swapped with their hashes are each found, though each is whole."""
    town.tamper(
        copy,
        "UPDATE records SET position = 1000000 WHERE position = 3",
        "UPDATE records SET position = 3 WHERE position = 4",
        "UPDATE records SET position = 4 WHERE position = 1000000",
    )
    lines = "\n".join(faults(copy))
    assert "record 3: it was recorded as number 4, and stands in another place" in lines
    assert "record 4: it was recorded as number 3, and stands in another place" in lines


def test_a_record_forged_with_its_hash(copy: Path, tmp_path: Path) -> None:
    """A record replaced together with its hash fits itself, and not the root."""
    town.ledger_of(tmp_path / "other.db", 12)
    town.tamper(
        copy,
        f"ATTACH '{tmp_path / 'other.db'}' AS o",
        "UPDATE records SET (leaf, record) = (SELECT leaf, record FROM o.records WHERE position = 2) WHERE position = 2",
    )
    assert any("they do not give the root that was recorded with them" in line for line in faults(copy))


def shortened(path: Path, to: int) -> None:
    """Delete records at the end and all that tells of them, as somebody would who knows the format."""
    with Ledger.open(path) as ledger:
        rows = list(ledger.store.rows())[:to]
        named = {name for entry in ledger.records() if entry.index < to for name in entry.names()}
    edge = Edge()
    for row in rows:
        edge = edge.add(row.leaf)
    parts = b"".join(edge.parts).hex()
    kept = ", ".join(f"'{name}'" for name in named)
    town.tamper(
        path,
        f"DELETE FROM records WHERE position >= {to}",
        f"DELETE FROM heads WHERE size > {to}",
        f"UPDATE edge SET size = {to}, parts = x'{parts}'",
        f"DELETE FROM contents WHERE digest NOT IN ({kept})",
    )


def test_deletion_at_the_end_is_found_by_a_kept_checkpoint(copy: Path) -> None:
    """A ledger shortened with skill is sound by itself; a checkpoint from before shows that records are gone."""
    with Ledger.open(copy) as ledger:
        before = Checkpoint.from_json(ledger.checkpoint().to_json().encode())
        assert before == Checkpoint(COUNT, ledger.verify().root)
    shortened(copy, COUNT - 1)
    with Ledger.open(copy, only_read=True) as ledger:
        assert ledger.verify().is_sound
        (fault,) = ledger.verify(before).faults
    assert fault.where == "the checkpoint"
    assert fault.what.startswith(f"it counts {COUNT} records, and there are {COUNT - 1}")


def test_another_end_is_found_by_a_kept_checkpoint(copy: Path) -> None:
    """A ledger whose last record was taken away and another put in its place is sound, and not that of the checkpoint."""
    with Ledger.open(copy) as ledger:
        before = ledger.checkpoint()
    shortened(copy, COUNT - 1)
    with Ledger.open(copy) as ledger:
        ledger.record(town.decided(7, name="Another Fictional School"))
        assert ledger.verify().is_sound
        (fault,) = ledger.verify(before).faults
    assert str(fault) == f"the checkpoint: its root is not that of the first {COUNT} records"


def test_a_checkpoint_holds_of_a_ledger_that_has_grown(copy: Path) -> None:
    """Whatever is recorded after it, a ledger begins with what a checkpoint counted."""
    with Ledger.open(copy) as ledger:
        before = ledger.checkpoint()
        ledger.record_many([town.decided(1), town.decided(2)])
        assert ledger.verify(before).is_sound


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "si-rules/checkpoint/9", "size": 1, "root": ""}',
             '{"format": "si-rules/checkpoint/1", "size": true, "root": "' + "0" * 64 + '"}',
             '{"format": "si-rules/checkpoint/1", "size": 1, "root": "0"}', "[" * 5_000, " " * 20_000],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """A checkpoint that cannot be read is an error, never one that holds."""
    with pytest.raises(LedgerError):
        Checkpoint.from_json(text.encode())


def test_a_truncated_file(honest: Path, copy: Path) -> None:
    """A file cut short by pages is found; one cut within its last page is, or has lost nothing that is read."""
    data, whole = honest.read_bytes(), list(read_whole(honest))
    for part in (0.2, 0.5, 0.9):
        copy.write_bytes(data[: int(len(data) * part)])
        assert faults(copy)
    copy.write_bytes(data[:-1])
    assert faults(copy) or list(read_whole(copy)) == whole


def test_nothing_is_added_to_what_is_damaged(copy: Path) -> None:
    """A ledger whose newest root is not that of its edge takes no more records, and stays as it is."""
    town.tamper(copy, "UPDATE edge SET size = size + 1")
    before = faults(copy)
    with Ledger.open(copy) as ledger, pytest.raises(LedgerError, match="is damaged, and nothing is added"):
        ledger.record(town.decided(1))
    assert faults(copy) == before
