"""`si-rules decide`: decisions on subjects under a policy."""

import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from attrs import Factory, define, frozen
from pydantic import BaseModel

from si_rules.decisions.decision import Decision
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.facts import EvidenceError
from si_rules.evidence.readers import Refusal, read_placed
from si_rules.evidence.school import SchoolEvidence
from si_rules.interfaces.cli.arguments import DAY, find_policy, read_bytes
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, SOME_REFUSED, WRONG_USAGE, counted, stop
from si_rules.policy import Cohort, NotInForce, Policy
from si_rules.source.nearest import nearest

_PROGRESS_FROM = 200


@click.command()
@click.argument("policy")
@click.argument("evidence")
@click.option("--on", type=DAY, required=True, help="The date of the decision: which law applies.")
@click.option("--known-at", type=DAY, help="The date of knowledge: which evidence counts. The same, if not given.")
@click.option("--cohort", "cohort_file", help="A file of evidence: all the subjects that figures speak of.")
@click.option("--as-if", is_flag=True, help="Decide outside the in-force period, and say so.")
@click.option("--audience", default="public", show_default=True, help="Roles, with commas: made for them to see.")
@click.option("--explain", is_flag=True, help="Add the whole explanation.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
def command(policy: str, evidence: str, on: datetime.date, known_at: datetime.date | None,
            cohort_file: str | None, as_if: bool, audience: str, explain: bool, format_: str) -> None:  # fmt: skip
    """Decide about subjects under a policy.

    POLICY is a file, a folder, an id (the edition in force on --on), or id@edition. EVIDENCE is a file of JSON
    or JSON Lines, or - for standard input.
    """
    found = find_policy(policy, on)
    roles = _roles(audience, found)
    text = read_bytes(evidence)
    tally = _Tally()
    when = _When(on, known_at or on, as_if)
    cohort = None if cohort_file is None else _cohort(cohort_file, found, when, roles)
    written = 0
    if format_ == "json":
        click.echo("[", nl=False)
    for item in _decisions(found, text, when, cohort, roles, tally):
        if isinstance(item, Refusal):
            tally.refused.add(item.place)
            print(f"refused: {item}", file=sys.stderr)
            continue
        tally.count(item)
        if format_ == "json":
            lines = item.to_json(explain).replace("\n", "\n  ")
            click.echo(("," if written else "") + "\n  " + lines, nl=False)
        elif format_ == "jsonl":
            click.echo(item.to_json(explain, indent=None))
        else:
            click.echo(("\n" if written else "") + item.to_text(explain), nl=False)
        written += 1
    if format_ == "json":
        click.echo("\n]" if written else "]")
    _unknown_judgements(tally.unknown, found)
    if tally.without_cohort:
        plural = found.core.vocabulary.plural.replace("_", " ")
        print(f"note: the policy has figures over all {plural}; --cohort FILE gives these", file=sys.stderr)
    unread = cohort.unread if cohort is not None else 0
    _summary(tally, written, unread)
    sys.exit(SOME_REFUSED if tally.refused or unread else DONE)


@frozen
class _When:
    """The two dates of a decision, and whether it is made outside the in-force period."""

    on: datetime.date
    known_at: datetime.date
    as_if: bool


@define
class _Tally:
    """What is said at the end: how many came to what, which records were refused, judgements nobody declared."""

    outcomes: Counter[str] = Factory(Counter)
    unknown: Counter[str] = Factory(Counter)
    refused: set[str] = Factory(set)
    without_cohort: bool = False

    def count(self, decision: Decision) -> None:
        """Take in a decision."""
        for name, result in decision.classifications.items():
            label = result.outcome if result.status == "determined" else result.status.replace("_", " ")
            self.outcomes[f"{name} {label}"] += 1
        self.without_cohort |= bool(decision.figures) and decision.cohort is None


def _roles(audience: str, policy: Policy) -> frozenset[str]:
    known = policy.core.vocabulary.audiences
    roles = frozenset(part.strip() for part in audience.split(",") if part.strip())
    for role in sorted(roles):
        if role not in known and role != "public":
            stop(WRONG_USAGE, f"there is no audience {role!r}; the vocabulary has {', '.join(sorted(known))}")
    return roles or frozenset({"public"})


def _model(policy: Policy) -> type[BaseModel]:
    """The model of a policy's evidence: the library's own for schools, else one made from the vocabulary."""
    return SchoolEvidence if policy.core.vocabulary.name == "school" else model_of(policy.core.vocabulary)


def _cohort(name: str, policy: Policy, when: _When, roles: frozenset[str]) -> Cohort:
    """The cohort of a file, named after it. Records that cannot be used are told, and are its unread members."""
    records: list[BaseModel] = []
    unread: set[str] = set()  # the places of those: several things may be wrong with one
    identified_by = policy.core.vocabulary.identified_by
    for place, found in read_placed(read_bytes(name), _model(policy), identified_by):
        item = found if isinstance(found, Refusal) else _refusal(policy, found, place, when, roles) or found
        if isinstance(item, Refusal):
            unread.add(place)
            print(f"refused, in the cohort: {item}", file=sys.stderr)
        else:
            records.append(item)
    shown = "standard input" if name == "-" else name
    if not records:
        why = "none of its members could be read" if unread else "it holds no members"
        stop(WRONG_USAGE, f"{shown} is no cohort: {why}")
    return Cohort("standard input" if name == "-" else Path(name).stem, records, len(unread))


def _refusal(policy: Policy, item: BaseModel, place: str, when: _When, roles: frozenset[str]) -> Refusal | None:
    """Why a record cannot be that of a member, with its place; None where it can."""
    error = policy.refusal(item, on=when.on, known_at=when.known_at, audience=roles)
    return None if error is None else Refusal(place, error.subject, error.path, error.reason)


def _decisions(policy: Policy, text: bytes, when: _When, cohort: Cohort | None, roles: frozenset[str],
               tally: _Tally) -> Iterator[Decision | Refusal]:  # fmt: skip
    on, known_at, as_if = when.on, when.known_at, when.as_if
    identified_by = policy.core.vocabulary.identified_by
    for place, item in _shown(read_placed(text, _model(policy), identified_by)):
        if isinstance(item, Refusal):
            yield item
            continue
        judgements: dict[str, Any] = getattr(item, "judgements", {})
        tally.unknown.update(name for name in judgements if name not in policy.core.judgements)
        try:
            yield policy.decide(item, on=on, known_at=known_at, cohort=cohort, as_if=as_if, audience=roles)
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


def _unknown_judgements(unknown: Counter[str], policy: Policy) -> None:
    """Say which judgements the policy does not know: a slip in a sheet would otherwise vanish."""
    for name, count in sorted(unknown.items()):
        guess = nearest(name, policy.core.judgements)
        hint = f"; did you mean `{guess}`?" if guess else ""
        print(
            f"note: {counted(count, 'record')} with a judgement `{name}`, which the policy does not declare{hint}",
            file=sys.stderr,
        )


def _summary(tally: _Tally, written: int, unread: int) -> None:
    """The last word, on standard error: how many were decided and how, and how many records were refused."""
    parts = [f"{label}: {count}" for label, count in sorted(tally.outcomes.items())]
    refused = f"; {counted(len(tally.refused), 'record')} refused" if tally.refused else ""
    refused += f"; of the cohort, {counted(unread, 'record')} refused" if unread else ""
    print(f"{written} decided{refused}. {', '.join(parts)}".rstrip(), file=sys.stderr)
