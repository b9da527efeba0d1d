"""`si-rules decide`: decisions on subjects under a policy."""

import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click

from si_rules.decisions.decision import Decision
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.readers import Refusal
from si_rules.interfaces.cli.arguments import DAY, find_policy, roles_of
from si_rules.interfaces.cli.decision_output import FORMS, output_as
from si_rules.interfaces.cli.evidence_files import Gathered, gather, note_unknown_judgements, unknown_judgements
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, SOME_REFUSED, counted, stop
from si_rules.policy import NotInForce, Policy

_PROGRESS_FROM = 200


@click.command()
@click.argument("policy")
@click.argument("evidence")
@click.option("--on", type=DAY, required=True, help="The date of the decision: which law applies.")
@click.option("--known-at", type=DAY, help="The date of knowledge: which evidence counts. The same, if not given.")
@click.option("--cohort", "cohort_file", help="A file of evidence: all the subjects that figures speak of.")
@click.option("--judgements", "sheet", help="A sheet of judgements, CSV or Excel, that is put into the evidence.")
@click.option("--as-if", is_flag=True, help="Decide outside the in-force period, and say so.")
@click.option("--audience", default="public", show_default=True, help="Roles, with commas: made for them to see.")
@click.option("--explain", is_flag=True, help="Add the whole explanation.")
@click.option("--format", "format_", type=click.Choice(FORMS), default="text", show_default=True)
def command(policy: str, evidence: str, on: datetime.date, known_at: datetime.date | None,
            cohort_file: str | None, sheet: str | None, as_if: bool, audience: str, explain: bool,
            format_: str) -> None:  # fmt: skip
    """Decide about subjects under a policy.

    POLICY is a file, a folder, an id (the edition in force on --on), or id@edition. EVIDENCE is a file .csv, .xlsx
    or .parquet, else of JSON or JSON Lines, or - for these from standard input.
    """
    found = find_policy(policy, on)
    roles = roles_of(audience, found)
    counts: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    gathered = gather(evidence, cohort_file, sheet, found, on)
    counts["refused"] += gathered.refused
    output = output_as(format_, explain, found.core, roles)
    click.echo(output.opening(), nl=False)
    for item in _decisions(found, gathered, on, known_at or on, as_if, roles, unknown):
        if isinstance(item, Refusal):
            counts["refused"] += 1
            print(f"refused: {item}", file=sys.stderr)
            continue
        _count(item, counts)
        click.echo(output.one(item), nl=False)
    click.echo(output.closing(), nl=False)
    note_unknown_judgements(unknown, found)
    _summary(counts, output.written)
    sys.exit(SOME_REFUSED if counts["refused"] else DONE)


def _decisions(policy: Policy, gathered: Gathered, on: datetime.date, known_at: datetime.date, as_if: bool,
               roles: frozenset[str], unknown: Counter[str]) -> Iterator[Decision | Refusal]:  # fmt: skip
    identified_by = policy.core.vocabulary.identified_by
    for place, item in _shown(gathered.items):
        if isinstance(item, Refusal):
            yield item
            continue
        unknown.update(unknown_judgements(item, policy))
        try:
            yield policy.decide(item, on=on, known_at=known_at, cohort=gathered.cohort, as_if=as_if, audience=roles)
        except EvidenceError as error:
            yield Refusal(place, str(getattr(item, identified_by)), error.path, error.reason)
        except NotInForce as error:
            stop(POLICY_UNUSABLE, str(error.args[0]) + " (--as-if)")


def _shown(items: Iterator[Any]) -> Iterator[Any]:
    """The items, with a progress bar on a terminal once there are many."""
    if not sys.stderr.isatty():
        yield from items
        return
    collected = list(items)
    if len(collected) < _PROGRESS_FROM:
        yield from collected
        return
    from rich.console import Console  # only wanted for long input on a terminal
    from rich.progress import track

    yield from track(collected, "Deciding", console=Console(stderr=True))


def _count(decision: Decision, counts: Counter[str]) -> None:
    for name, result in decision.classifications.items():
        label = result.outcome if result.status == "determined" else result.status.replace("_", " ")
        counts[f"{name} {label}"] += 1


def _summary(counts: Counter[str], written: int) -> None:
    """The last word, on standard error: how many were decided, and how."""
    parts = [f"{label}: {count}" for label, count in sorted(counts.items()) if label != "refused"]
    refused = f"; {counted(counts['refused'], 'remark')} on evidence refused" if counts["refused"] else ""
    print(f"{written} decided{refused}. {', '.join(parts)}".rstrip(), file=sys.stderr)
