"""`si-rules moderate`: what people decided beside the outcomes, into the ledger."""

import sys
from collections.abc import Iterable

import click

from si_rules.decisions.moderation import Moderation
from si_rules.decisions.moderation_reading import read_moderations
from si_rules.evidence.readers import Refusal
from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, SOME_REFUSED, counted, stop
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.ledger.ledger import Ledger
from si_rules.ledger.record import DECIDED
from si_rules.ledger.store import LedgerError


@click.command()
@click.argument("ledger")
@click.argument("moderations")
def command(ledger: str, moderations: str) -> None:
    """Record moderations beside the decisions that they are about.

    MODERATIONS is a file of CSV, JSON or JSON Lines, or - for these from standard input. Each is held against the
    decisions about its subject, the newest first; one that is about none of them is refused.
    """
    read = read_moderations(read_bytes(moderations))
    refused = list(read.refused)
    count = 0
    with open_ledger(ledger, only_read=False) as opened:
        try:
            about = _decisions(opened, {record.subject for _, record in read.records})
            for place, record in read.records:
                why = _moderate(opened, record, about.get(record.subject, []))
                if why is None:
                    count += 1
                else:
                    refused.append(Refusal(place, record.subject, "id", why))
        except LedgerError as error:
            stop(PROOF_FAILS, str(error))
    for refusal in refused:
        print(f"refused: {refusal}", file=sys.stderr)
    print(f"{counted(count, 'moderation')} recorded; {len(refused)} refused", file=sys.stderr)
    sys.exit(SOME_REFUSED if refused else DONE)


def _decisions(ledger: Ledger, subjects: set[str]) -> dict[str, list[str]]:
    """The records of decisions about some subjects, the newest first."""
    found: dict[str, list[str]] = {}
    for entry in ledger.records():
        if entry.kind in DECIDED:
            subject = str(ledger.outcome(entry.id)["subject"]["id"])
            if subject in subjects:
                found.setdefault(subject, []).insert(0, entry.id)
    return found


def _moderate(ledger: Ledger, moderation: Moderation, records: Iterable[str]) -> str | None:
    """Record a moderation with the first decision that it is about; why not, where it is about none."""
    why: str | None = None
    for record in records:
        try:
            receipt = ledger.moderate(record, moderation)
        except LedgerError as error:
            why = why or str(error)
            continue
        click.echo(f"{receipt.id}: {moderation.id}, beside {record}")
        return None
    return why or f"there is no decision about {moderation.subject} in the ledger"
