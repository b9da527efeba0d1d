"""`si-rules replay`: decide again what a ledger holds, by the text and the evidence it keeps."""

import datetime
import json
import sys
from collections import Counter
from collections.abc import Iterator

import click
from attrs import asdict, frozen
from pydantic import BaseModel

from si_rules.evidence.readers import Refusal
from si_rules.interfaces.cli.arguments import DAY, find_policy
from si_rules.interfaces.cli.evidence_files import read_records
from si_rules.interfaces.cli.exits import DONE, PROOF_FAILS, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.ledger_files import open_ledger
from si_rules.interfaces.cli.progress import shown
from si_rules.ledger.ledger import Ledger
from si_rules.ledger.record import DECIDED, MODERATION
from si_rules.ledger.replaying import DIFFERS, NOT_REPLAYED, SAME, Replayed
from si_rules.ledger.store import LedgerError
from si_rules.policy import Policy, PolicyLibrary, PolicyNotFound


@click.command()
@click.argument("ledger")
@click.argument("ids", nargs=-1)
@click.option("--as-if", metavar="POLICY", help="What another policy, id@edition, a file or a folder, would have said.")
@click.option(
    "--known-at", type=DAY, help="What the same policy would have said with what was known at this later date."
)
@click.option("--evidence", help="Evidence that the ledger holds by digest, or with --known-at what is known by then.")
@click.option("--policies", "folder", help="The folder of policies to compare the kept texts with; those shipped, if not given.")  # fmt: skip
@click.option("--format", "format_", type=click.Choice(("text", "jsonl")), default="text", show_default=True)
def command(ledger: str, ids: tuple[str, ...], as_if: str | None, known_at: datetime.date | None, evidence: str | None,
            folder: str | None, format_: str) -> None:  # fmt: skip
    """Decide again what a ledger holds, and say where it comes out otherwise.

    LEDGER is a file that `si-rules decide --ledger` wrote, or the address of a database; IDS are those of records, or
    their numbers alone; all, if none are given. Nothing is changed in it.
    """
    if as_if is not None and known_at is not None:
        stop(WRONG_USAGE, "--as-if and --known-at are two questions: ask one after the other")
    library = _library(folder)
    asked = _Asked(None if as_if is None else find_policy(as_if, None, library), known_at, library)
    tally: Counter[str] = Counter()
    on_disk: dict[str, None] = {}
    with open_ledger(ledger, only_read=True) as opened:
        try:
            wanted = _wanted(opened, ids, asked.is_otherwise)
            if evidence is not None and wanted:
                opened.give(_given(evidence, opened, wanted))
            for name in shown(wanted, "Replaying", len(wanted)):
                found = asked.of(opened, name)
                tally[found.status] += 1
                if found.on_disk is not None:
                    on_disk[found.on_disk] = None
                if format_ == "jsonl":
                    click.echo(json.dumps(asdict(found), ensure_ascii=False))
                elif not (asked.is_otherwise and found.status == SAME):
                    click.echo(_line(found))
        except LedgerError as error:
            stop(PROOF_FAILS, str(error))
    for told in on_disk:
        print(f"note: {told}; the text in the ledger was used", file=sys.stderr)
    words = {SAME: SAME, DIFFERS: "would differ" if asked.is_otherwise else DIFFERS, NOT_REPLAYED: NOT_REPLAYED}
    counts = ", ".join(f"{tally[status]} {words[status]}" for status in words if tally[status])
    print(f"{counted(tally.total(), 'record')}: {counts or 'none'}", file=sys.stderr)
    fails = not asked.is_otherwise and (tally[DIFFERS] or tally[NOT_REPLAYED])
    sys.exit(PROOF_FAILS if fails else DONE)


@frozen
class _Asked:
    """What is asked of each record."""

    policy: Policy | None
    known_at: datetime.date | None
    library: PolicyLibrary

    @property
    def is_otherwise(self) -> bool:
        return self.policy is not None or self.known_at is not None

    def of(self, ledger: Ledger, record: str) -> Replayed:
        if self.policy is not None:
            return ledger.replay_as_if(record, self.policy)
        if self.known_at is not None:
            return ledger.replay_known_at(record, self.known_at)
        return ledger.replay(record, library=self.library)


def _wanted(ledger: Ledger, ids: tuple[str, ...], only_decisions: bool) -> list[str]:
    """The records asked for; of all, where none are named, those that can be decided again."""
    if ids:
        return [entry.id for entry in map(ledger.find, ids)]
    kinds = DECIDED if only_decisions else (*DECIDED, MODERATION)
    return [entry.id for entry in ledger.records() if entry.kind in kinds]


def _given(evidence: str, ledger: Ledger, wanted: list[str]) -> Iterator[BaseModel]:
    """The evidence of a file, read as the first decision's policy has it."""
    first = next((name for name in wanted if ledger.find(name).kind in DECIDED), None)
    if first is None:
        return
    for _, item in read_records(evidence, ledger.policy(first)):
        if isinstance(item, Refusal):
            print(f"refused: {item}", file=sys.stderr)
        else:
            yield item


def _library(folder: str | None) -> PolicyLibrary:
    if folder is None:
        return PolicyLibrary.bundled()
    try:
        return PolicyLibrary.open(folder)
    except PolicyNotFound as error:
        stop(WRONG_USAGE, str(error.args[0]))


def _line(found: Replayed) -> str:
    """A record in a line; of one that differs, what was and what is."""
    subject = f" {found.subject}" if found.subject else ""
    told = f"{found.id}{subject}: {found.status}"
    if found.why is not None:
        told += f": {found.why}"
    if found.where is not None and found.where != "explanation":
        told += f"\n  was {_short(found.was)}\n  now {_short(found.now)}"
    return told


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
