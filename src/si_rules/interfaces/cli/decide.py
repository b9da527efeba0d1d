"""`si-rules decide`: decisions on subjects under a policy."""

import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import click
from attrs import Factory, define

from si_rules.decisions.decision import Decision
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.readers import Refusal, records_refused
from si_rules.interfaces.cli.arguments import DAY, find_policy, roles_of
from si_rules.interfaces.cli.decision_output import FORMS, output_as
from si_rules.interfaces.cli.evidence_files import Gathered, Terms, gather, note_unknown_judgements, unknown_judgements
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, SOME_REFUSED, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.ledger_files import recorded
from si_rules.policy import NotInForce
from si_rules.semantics.kinds import words

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
@click.option("--ledger", help="A ledger in which every decision is recorded.")
@click.option("--evidence-by-digest", "by_digest", is_flag=True, help="Record only a digest of the evidence.")
@click.option("--format", "format_", type=click.Choice(FORMS), default="text", show_default=True)
def command(policy: str, evidence: str, on: datetime.date, known_at: datetime.date | None,
            cohort_file: str | None, sheet: str | None, as_if: bool, audience: str, explain: bool,
            ledger: str | None, by_digest: bool, format_: str) -> None:  # fmt: skip
    """Decide about subjects under a policy.

    POLICY is a file, a folder, an id (the edition in force on --on), or id@edition. EVIDENCE is a file .csv, .xlsx
    or .parquet, else of JSON or JSON Lines, or - for these from standard input.
    """
    if by_digest and ledger is None:
        stop(WRONG_USAGE, "--evidence-by-digest says how a ledger keeps it: name one with --ledger")
    found = find_policy(policy, on)
    roles = roles_of(audience, found)
    terms = Terms(found, on, known_at or on, roles)
    tally = _Tally()
    gathered = gather(evidence, cohort_file, sheet, terms)
    output = output_as(format_, explain, found.core, roles)
    click.echo(output.opening(), nl=False)
    for place, item in recorded(_decisions(terms, gathered, as_if, tally), ledger, by_digest):
        if isinstance(item, Refusal):
            tally.refused.append((place, item))
            print(f"refused: {item}", file=sys.stderr)
            continue
        tally.count(item)
        click.echo(output.one(item), nl=False)
    click.echo(output.closing(), nl=False)
    note_unknown_judgements(tally.unknown, found)
    if tally.without_cohort:
        plural = words(found.core.vocabulary.plural)
        print(f"note: the policy has figures over all {plural}; --cohort FILE gives these", file=sys.stderr)
    print(_summary(tally, output.written, gathered), file=sys.stderr)
    sys.exit(SOME_REFUSED if tally.refused or gathered.refused else DONE)


@define
class _Tally:
    """What is said at the end: how many came to what, what was refused, judgements that nobody declared."""

    outcomes: Counter[str] = Factory(Counter)
    unknown: Counter[str] = Factory(Counter)
    refused: list[tuple[str, Refusal]] = Factory(list)
    without_cohort: bool = False

    def count(self, decision: Decision) -> None:
        """Take in a decision."""
        for name, result in decision.classifications.items():
            label = result.outcome if result.status == "determined" else result.status.replace("_", " ")
            self.outcomes[f"{name} {label}"] += 1
        self.without_cohort |= bool(decision.figures) and decision.cohort is None


def _decisions(terms: Terms, gathered: Gathered, as_if: bool,
               tally: _Tally) -> Iterator[tuple[str, Decision | Refusal]]:  # fmt: skip
    policy, cohort = terms.policy, gathered.cohort
    identified_by = policy.core.vocabulary.identified_by
    for place, item in _shown(gathered.items):
        if isinstance(item, Refusal):
            yield place, item
            continue
        tally.unknown.update(unknown_judgements(item, policy))
        try:
            decided = policy.decide(
                item, on=terms.on, known_at=terms.known_at, cohort=cohort, as_if=as_if, audience=terms.roles
            )
            yield place, decided
        except EvidenceError as error:
            yield place, Refusal(place, str(getattr(item, identified_by)), error.path, error.reason)
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


def _summary(tally: _Tally, written: int, gathered: Gathered) -> str:
    """The last word: how many were decided and how, and how much was refused of what."""
    unread = gathered.cohort.unread if gathered.cohort is not None else 0
    headings = sum(not item.of_record for _, item in tally.refused)
    said = [f"{written} decided"]
    said += [f"{counted(count, 'record')} refused"] if (count := records_refused(tally.refused)) else []
    said += [f"{counted(headings, 'heading')} refused"] if headings else []
    said += [f"of the cohort, {counted(unread, 'record')} refused"] if unread else []
    said += [f"{counted(gathered.remarks, 'remark')} on judgements"] if gathered.remarks else []
    parts = [f"{label}: {count}" for label, count in sorted(tally.outcomes.items())]
    return f"{'; '.join(said)}. {', '.join(parts)}".rstrip()
