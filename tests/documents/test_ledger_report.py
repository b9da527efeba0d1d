"""The auditor's report: it shows the rules, the evidence and the proof of a decision, and says where something is wrong."""

import hashlib
import re
import sqlite3
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from si_rules import Ledger, LedgerError, Moderation, PolicyLibrary, SchoolEvidence
from si_rules.documents.ledger_report import report_on
from si_rules.interfaces.cli.main import group

ON = date(2015, 11, 4)


def school(number: int) -> SchoolEvidence:
    return SchoolEvidence.model_validate(
        {
            "urn": str(990000 + number),
            "name": f"Fictional <School> {number}",
            "phase": "infant",
            "inspections": [{"date": "2015-03-12", "grade": "inadequate", "category_of_concern": "special_measures"}],
            "judgements": {"capacity": {"value": "lacking", "author": "Officer A", "date": "2015-10-05"}},
        }
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger of seven decisions, each about another fictional school."""
    policy = PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16")
    with Ledger.open(tmp_path / "ledger.db") as opened:
        opened.record_many(policy.decide(school(number), on=ON) for number in range(7))
    return tmp_path / "ledger.db"


def report(path: Path, record: str) -> Any:
    with Ledger.open(path, only_read=True) as opened:
        return report_on(opened, record)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html))


def test_it_shows_rule_paragraph_evidence_and_result_of_deciding_again(ledger: Path) -> None:
    """The clause as the author wrote it, its paragraph, a judgement with author and date, and that it comes out the same."""
    found = report(ledger, "3")
    assert found.is_sound
    text = text_of(found.html)
    assert 'clause 5a "in an Ofsted category, or graded inadequate, at the latest inspection"' in text
    assert (
        "    - latest inspection.grade is inadequate\n" in text or "  - latest inspection.grade is inadequate\n" in text
    )
    assert "Doncaster School Improvement Strategy 2015-2016, 6 Category 5, Criteria" in text
    assert re.search(r"judgements\.capacity\.author\s+Officer A", text)
    assert "it comes out the same, to the last step of its explanation" in text
    assert "Fictional <School> 3" in text
    assert "<School>" not in found.html


def test_the_page_needs_nothing_else(ledger: Path) -> None:
    """Nothing is loaded and nothing runs: no script, no address, and a policy for the browser that forbids both."""
    html = report(ledger, "3").html
    assert "default-src 'none'" in unescape(html)
    assert not re.search(r"<script|<img|<link|src=|href=|@import|url\(", html)


@pytest.mark.parametrize("record", range(7))
def test_the_proof_can_be_followed_with_the_page_alone(ledger: Path, record: int) -> None:
    """From the bytes of the leaf and the hashes on the page to the root on the page, by RFC 6962 and nothing of ours."""
    html = report(ledger, str(record)).html
    leaf = unescape(html.rsplit("<pre>", 1)[1].partition("</pre>")[0])
    root = re.search(r"<td>Root</td><td>([0-9a-f]{64})</td>", html)
    assert root is not None
    way = re.findall(r"<strong>\d+\.</strong> ([0-9a-f]{64})", html)
    found, place, last = hashlib.sha256(b"\0" + leaf.encode()).digest(), record, 6
    for step in map(bytes.fromhex, way):
        while place == last and not place & 1 and last:
            place, last = place >> 1, last >> 1
        left = place & 1 or place == last
        found = hashlib.sha256(b"\1" + (step + found if left else found + step)).digest()
        place, last = place >> 1, last >> 1
    assert found.hex() == root[1]


def test_the_same_ledger_gives_the_same_bytes(ledger: Path) -> None:
    """Nothing of the day or the machine goes into the page."""
    assert report(ledger, "2").html == report(ledger, "2").html


def test_a_ledger_that_was_altered_is_told_on_the_page(ledger: Path) -> None:
    """A record altered behind its back: the page of another record says that the ledger is at fault, and where."""
    connection = sqlite3.connect(ledger)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    table, column = _records_of(connection)
    connection.execute(f"UPDATE {table} SET {column} = replace({column}, '2015-11-04', '2015-11-05') WHERE rowid = 6")
    connection.commit()
    connection.close()
    found = report(ledger, "2")
    assert not found.is_sound
    assert "Faults of the ledger" in found.html


def _records_of(connection: sqlite3.Connection) -> tuple[str, str]:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f"PRAGMA table_info({name})").fetchall():
            if row[1] == "record":
                return name, row[1]
    raise AssertionError("the ledger has no column of records")


def test_erased_evidence_is_told_with_by_whom_and_why(ledger: Path) -> None:
    """The page shows the decision as it was recorded, and the record that erased its evidence."""
    with Ledger.open(ledger) as opened:
        erased = opened.erase("4", by="Officer B", why="The law demands it.")
    found = report(ledger, "4")
    text = text_of(found.html)
    assert not found.is_sound
    assert re.search(rf"{erased.id}:\s+erased its evidence, by Officer B: The law demands it\.", text)
    assert "What it came to, as it was recorded" in text
    assert "Officer A" not in text.partition("The evidence, as it was given")[2].partition("The proof")[0]
    with pytest.raises(LedgerError, match="is no decision"):
        report(ledger, erased.id)


def test_a_moderation_of_the_decision_is_told(ledger: Path) -> None:
    """What people decided beside the outcome stands among the later records, with author and reason."""
    with Ledger.open(ledger) as opened:
        decision = opened.decision("1")
        moderation = Moderation(
            id="M-1",
            subject="990001",
            classification="category",
            decision=decision.digest_of("category"),
            audience=decision.audience,
            engine_outcome="5",
            moderated_outcome="4",
            reason="It was inspected again.",
            author="Officer C",
            role="head of service",
            date=date(2015, 11, 6),
        )
        receipt = opened.moderate("1", moderation)
    text = text_of(report(ledger, "1").html)
    told = "moderated on 6 November 2015, category: 4, by Officer C: It was inspected again."
    assert re.search(rf"{receipt.id}:\s+{re.escape(told)}", text)


def test_the_command_writes_a_page_once(ledger: Path, tmp_path: Path) -> None:
    """The page is written and never over another; an unknown record is 5, another ending wrong usage."""
    page = tmp_path / "report.html"
    run = CliRunner().invoke
    assert run(group, ["report", str(ledger), "1", "--to", str(page)]).exit_code == 0
    before = page.read_bytes()
    assert run(group, ["report", str(ledger), "2", "--to", str(page)]).exit_code == 2
    assert page.read_bytes() == before
    assert run(group, ["report", str(ledger), "99", "--to", str(tmp_path / "b.html")]).exit_code == 5
    assert run(group, ["report", str(ledger), "1", "--to", str(tmp_path / "b.txt")]).exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix in (".html", ".txt")) == ["report.html"]
