"""Evidence from files, for the commands that take it: any format, the model of the policy's vocabulary."""

import datetime
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from attrs import field, frozen
from pydantic import BaseModel

from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.readers import Refusal, read_file, records_refused
from si_rules.evidence.school import SchoolEvidence
from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import WRONG_USAGE, counted, stop
from si_rules.policy import Cohort, Policy
from si_rules.source.nearest import nearest

Placed: TypeAlias = tuple[str, BaseModel | Refusal]


def model_for(policy: Policy) -> type[BaseModel]:
    """The model of a policy's evidence: the library's own for schools, else one made from the vocabulary."""
    return SchoolEvidence if policy.core.vocabulary.name == "school" else model_of(policy.core.vocabulary)


@frozen
class Terms:
    """What evidence is read for: a policy, the two dates of a decision, and the roles it is made for."""

    policy: Policy
    on: datetime.date
    known_at: datetime.date
    roles: frozenset[str]


@frozen
class Gathered:
    """What a command takes: records with their places, the cohort, and how many remarks there were on judgements.

    `expected` is about how many records will come, by the lines of the file; None where that says nothing.
    """

    items: Iterator[Placed] = field(repr=False)
    cohort: Cohort | None
    remarks: int
    expected: int | None = None

    @property
    def refused(self) -> int:
        """How much was refused of what goes with the evidence."""
        return self.remarks + (self.cohort.unread if self.cohort is not None else 0)


def gather(evidence: str, cohort: str | None, sheet: str | None, terms: Terms) -> Gathered:
    """Read the evidence of a command, a cohort and a sheet of judgements, as far as they are given.

    What the sheet says goes into the evidence and into the cohort alike. What is wrong with the sheet and with the
    cohort is told here; refusals of the evidence go along with it. Ends the command where a file cannot be opened, and
    where nobody is in the cohort.
    """
    policy, remarks = terms.policy, 0
    data = read_bytes(evidence)
    items, expected = records_in(evidence, data, policy), _expected(evidence, data)
    del data  # only as long as the records are read
    members = None if cohort is None else list(read_records(cohort, policy))
    if sheet is not None:
        listed = list(items)
        records = {**_by_id(members or (), policy), **_by_id(listed, policy)}
        from si_rules.interfaces.cli.judging import Judging  # only wanted where there is a sheet

        judging = Judging(sheet, records, policy, terms.on, model_for(policy))
        remarks = judging.remarks
        items = ((place, judging.judged(item)) for place, item in listed)
        members = None if members is None else [(place, judging.judged(item)) for place, item in members]
    found = None if cohort is None or members is None else _cohort(cohort, members, terms)
    return Gathered(items, found, remarks, expected)


def read_records(name: str, policy: Policy) -> Iterator[Placed]:
    """Every record of a file under a policy, or its refusal, with its place: see `read_records_as`."""
    return read_records_as(name, model_for(policy), policy.core.vocabulary.identified_by)


def read_records_as(name: str, model: type[BaseModel], identified_by: str) -> Iterator[Placed]:
    """Every record of a file, or its refusal, with its place; `-` is JSON or JSON Lines from standard input.

    Ends the command at once where the file cannot be opened, or what would read it is not installed.
    """
    return _begun(read_file(name, read_bytes(name), model, identified_by))


def records_in(name: str, data: bytes, policy: Policy) -> Iterator[Placed]:
    """As `read_records`, of the bytes of a file of this name."""
    return _begun(read_file(name, data, model_for(policy), policy.core.vocabulary.identified_by))


def _expected(name: str, data: bytes) -> int | None:
    """About how many records a file holds, where each has a line."""
    suffix = Path(name).suffix.lower()
    lines = data.count(b"\n")
    return max(1, lines - 1) if suffix in (".csv", ".tsv") else lines if suffix == ".jsonl" else None


def _begun(found: Iterator[Placed]) -> Iterator[Placed]:
    """The records of a file, which is opened. Ends the command where what would read it is not installed."""
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


def usable(place: str, item: BaseModel | Refusal, terms: Terms) -> BaseModel | Refusal:
    """A record that can be decided on, and be that of a member of a cohort; else its refusal."""
    if isinstance(item, Refusal):
        return item
    try:
        terms.policy.check(item, on=terms.on, known_at=terms.known_at, audience=terms.roles)
    except EvidenceError as error:
        return Refusal(place, error.subject, error.path, error.reason)
    return item


def cohort_name(file: str) -> str:
    """What the cohort of a file is called."""
    return "standard input" if file == "-" else Path(file).stem


def _cohort(file: str, records: Iterable[Placed], terms: Terms) -> Cohort:
    """The cohort of a file. Records that cannot be used are told, and are its unread members."""
    members = [(place, usable(place, item, terms)) for place, item in records]
    for _, item in members:
        if isinstance(item, Refusal):
            print(f"refused, in the cohort: {item}", file=sys.stderr)
    known = [item for _, item in members if not isinstance(item, Refusal)]
    if not known:
        why = "none of its members could be read" if members else "it holds no members"
        stop(WRONG_USAGE, f"{'standard input' if file == '-' else file} is no cohort: {why}")
    return Cohort(cohort_name(file), known, records_refused(members))


def _by_id(items: Iterable[Placed], policy: Policy) -> dict[str, BaseModel]:
    key = policy.core.vocabulary.identified_by
    return {str(getattr(item, key)): item for _, item in items if not isinstance(item, Refusal)}


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
