"""Fictional schools under the policy that comes with the library, and ledgers of decisions about them."""

import datetime
import json
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from si_rules import Cohort, Decision, Ledger, Policy, PolicyLibrary, Receipt, SchoolEvidence

ID, EDITION = "doncaster.school_improvement", "2015-16"
ON = datetime.date(2015, 11, 4)


@cache
def policy() -> Policy:
    return PolicyLibrary.bundled().edition(ID, EDITION)


def school(number: int, **more: Any) -> SchoolEvidence:
    """An infant school that requires improvement, its judgements by its number."""
    capacity = ("lacking", "sufficient")[number % 2]
    given = {
        "urn": str(990000 + number),
        "name": f"Fictional School {number}",
        "phase": "infant",
        "legal_type": "community",
        "inspections": [{"date": "2015-03-12", "grade": "requires_improvement", "category_of_concern": "no_category"}],
        "judgements": {"capacity": {"value": capacity, "author": "Officer A", "date": "2015-10-05"}},
        **more,
    }
    return SchoolEvidence.model_validate_json(json.dumps(given))


def decided(number: int, cohort: Cohort | None = None, **more: Any) -> Decision:
    return policy().decide(school(number, **more), on=ON, cohort=cohort)


def ledger_of(path: Path | str, count: int) -> list[Receipt]:
    """A ledger of so many decisions, half of them recorded together; the file is closed."""
    with Ledger.open(path) as ledger:
        receipts = ledger.record_many(decided(number) for number in range(count // 2))
        receipts += [ledger.record(decided(number)) for number in range(count // 2, count)]
    return receipts


def tamper(place: Path | str, *statements: str) -> None:
    """Change a ledger behind its back, as somebody would who knows SQL and may do anything."""
    if str(place).startswith("postgresql:"):
        _tamper_in_server(str(place), statements)
        return
    connection = sqlite3.connect(place)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def _tamper_in_server(url: str, statements: tuple[str, ...]) -> None:
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("SET search_path = si_rules_ledger")
        connection.execute("SET session_replication_role = replica")  # triggers sleep
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]
