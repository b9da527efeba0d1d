"""`si-rules decide`: decisions on subjects under a policy."""

import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
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
    counts: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    cohort = None if cohort_file is None else _cohort(cohort_file, found, counts)
    written = 0
    if format_ == "json":
        click.echo("[", nl=False)
    for item in _decisions(found, text, on, known_at or on, cohort, as_if, roles, unknown):
        if isinstance(item, Refusal):
            counts["refused"] += 1
            print(f"refused: {item}", file=sys.stderr)
            continue
        _count(item, counts)
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
    _unknown_judgements(unknown, found)
    _summary(counts, written)
    sys.exit(SOME_REFUSED if counts["refused"] else DONE)


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


def _cohort(name: str, policy: Policy, counts: Counter[str]) -> Cohort:
    """The cohort of a file, named after it. Records that cannot be read are told, and leave it incomplete."""
    records: list[BaseModel] = []
    for _, item in read_placed(read_bytes(name), _model(policy), policy.core.vocabulary.identified_by):
        if isinstance(item, Refusal):
            counts["refused"] += 1
            print(f"refused, in the cohort: {item}", file=sys.stderr)
        else:
            records.append(item)
    return Cohort("standard input" if name == "-" else Path(name).stem, records)


def _decisions(policy: Policy, text: bytes, on: datetime.date, known_at: datetime.date, cohort: Cohort | None, as_if: bool,
               roles: frozenset[str], unknown: Counter[str]) -> Iterator[Decision | Refusal]:  # fmt: skip
    identified_by = policy.core.vocabulary.identified_by
    for place, item in _shown(read_placed(text, _model(policy), identified_by)):
        if isinstance(item, Refusal):
            yield item
            continue
        judgements: dict[str, Any] = getattr(item, "judgements", {})
        unknown.update(name for name in judgements if name not in policy.core.judgements)
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


def _count(decision: Decision, counts: Counter[str]) -> None:
    for name, result in decision.classifications.items():
        label = result.outcome if result.status == "determined" else result.status.replace("_", " ")
        counts[f"{name} {label}"] += 1


def _unknown_judgements(unknown: Counter[str], policy: Policy) -> None:
    """Say which judgements the policy does not know: a slip in a sheet would otherwise vanish."""
    for name, count in sorted(unknown.items()):
        guess = nearest(name, policy.core.judgements)
        hint = f"; did you mean `{guess}`?" if guess else ""
        print(
            f"note: {counted(count, 'record')} with a judgement `{name}`, which the policy does not declare{hint}",
            file=sys.stderr,
        )


def _summary(counts: Counter[str], written: int) -> None:
    """The last word, on standard error: how many were decided, and how."""
    parts = [f"{label}: {count}" for label, count in sorted(counts.items()) if label != "refused"]
    refused = f"; {counted(counts['refused'], 'remark')} on evidence refused" if counts["refused"] else ""
    print(f"{written} decided{refused}. {', '.join(parts)}".rstrip(), file=sys.stderr)
