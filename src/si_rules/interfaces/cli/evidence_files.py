"""Evidence from files, for the commands that take it: any format, the model of the policy's vocabulary."""

import datetime
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

from attrs import field, frozen
from pydantic import BaseModel

from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.readers import Refusal, read_file
from si_rules.evidence.school import SchoolEvidence
from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import WRONG_USAGE, counted, stop
from si_rules.policy import Cohort, Policy
from si_rules.source.nearest import nearest


def model_for(policy: Policy) -> type[BaseModel]:
    """The model of a policy's evidence: the library's own for schools, else one made from the vocabulary."""
    return SchoolEvidence if policy.core.vocabulary.name == "school" else model_of(policy.core.vocabulary)


@frozen
class Gathered:
    """What a command takes: records with their places, the cohort, and how much was refused of what goes with them."""

    items: Iterator[tuple[str, BaseModel | Refusal]] = field(repr=False)
    cohort: Cohort | None
    refused: int


def gather(evidence: str, cohort: str | None, sheet: str | None, policy: Policy, on: datetime.date) -> Gathered:
    """Read the evidence of a command, a cohort and a sheet of judgements, as far as they are given.

    What the sheet says goes into the evidence and into the cohort alike. What is wrong with the sheet and with the
    cohort is told here; refusals of the evidence go along with it. Ends the command where a file cannot be opened.
    """
    items = read_records(evidence, policy)
    members = None if cohort is None else list(_members(cohort, policy))
    refused = sum(isinstance(item, Refusal) for item in members or ())
    if sheet is not None:
        listed = list(items)
        records = {**_by_id(members or (), policy), **_by_id((item for _, item in listed), policy)}
        from si_rules.interfaces.cli.judging import Judging  # only wanted where there is a sheet

        judging = Judging(sheet, records, policy, on, model_for(policy))
        refused += judging.remarks
        items = ((place, judging.judged(item)) for place, item in listed)
        members = None if members is None else [judging.judged(item) for item in members]
    found = None
    if cohort is not None and members is not None:
        name = "standard input" if cohort == "-" else Path(cohort).stem
        found = Cohort(name, [item for item in members if not isinstance(item, Refusal)])
    return Gathered(items, found, refused)


def read_records(name: str, policy: Policy) -> Iterator[tuple[str, BaseModel | Refusal]]:
    """Every record of a file under a policy, or its refusal, with its place: see `read_records_as`."""
    return read_records_as(name, model_for(policy), policy.core.vocabulary.identified_by)


def read_records_as(name: str, model: type[BaseModel],
                    identified_by: str) -> Iterator[tuple[str, BaseModel | Refusal]]:  # fmt: skip
    """Every record of a file, or its refusal, with its place; `-` is JSON or JSON Lines from standard input.

    Ends the command at once where the file cannot be opened, or what would read it is not installed.
    """
    found = read_file(name, read_bytes(name), model, identified_by)
    try:
        first = next(found, None)
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))
    return chain(() if first is None else (first,), found)


def check_target(path: Path, suffixes: Collection[str], replace: bool) -> None:
    """End the command where a file to be written has another ending, or is there and may not be written over."""
    if path.suffix.lower() not in suffixes:
        stop(WRONG_USAGE, f"{path} does not end in {' or '.join(suffixes)}, by which a format is known")
    if path.exists() and not replace:
        stop(WRONG_USAGE, f"{path} is there already; name another file, or say --replace")


def _members(name: str, policy: Policy) -> Iterator[BaseModel | Refusal]:
    for _, item in read_records(name, policy):
        if isinstance(item, Refusal):
            print(f"refused, in the cohort: {item}", file=sys.stderr)
        yield item


def _by_id(items: Iterable[BaseModel | Refusal], policy: Policy) -> dict[str, BaseModel]:
    key = policy.core.vocabulary.identified_by
    return {str(getattr(item, key)): item for item in items if not isinstance(item, Refusal)}


def unknown_judgements(record: BaseModel, policy: Policy) -> list[str]:
    """The judgements of a record that the policy does not declare."""
    judgements: dict[str, object] = getattr(record, "judgements", {})
    return [name for name in judgements if name not in policy.core.judgements]


def note_unknown_judgements(unknown: Mapping[str, int], policy: Policy) -> None:
    """Tell judgements that the policy does not know, each with how many records have it: a slip would vanish otherwise."""
    for name, count in sorted(unknown.items()):
        guess = nearest(name, policy.core.judgements)
        hint = f"; did you mean `{guess}`?" if guess else ""
        print(
            f"note: {counted(count, 'record')} with a judgement `{name}`, which the policy does not declare{hint}",
            file=sys.stderr,
        )
