"""The tree of a scenario file, as written."""

from typing import Literal, TypeAlias

from attrs import field, frozen

from si_rules.source.text import Span
from si_rules.syntax.tree import Word


def _span() -> Span:
    return field(eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


@frozen
class Place:
    """What a line is about: a field (in a year, of the record before the newest), or a judgement."""

    name: Word
    judgement: bool
    year: Word | None
    previous: bool
    span: Span = _span()


@frozen
class Given:
    """A value of a place. `sort` is name, flag, percent, number, date, absent, none, or no_records."""

    place: Place
    sort: Literal["name", "flag", "percent", "number", "date", "absent", "none", "no_records"]
    text: str
    unit: str | None
    span: Span = _span()


@frozen
class ExpectOutcome:
    """What a classification comes to. `labels` are the outcome, or the possible ones of an undetermined."""

    classification: Word
    status: Literal["determined", "undetermined", "unmatched", "not_applicable"]
    labels: tuple[Word, ...]
    because: tuple[Word, ...]
    settled: bool
    span: Span = _span()


@frozen
class ExpectRule:
    """The truth of a fact, a trigger or a clause."""

    sort: str
    name: Word
    truth: str
    span: Span = _span()


@frozen
class ExpectConsequence:
    """Something that follows, or may."""

    sure: bool
    party: Word
    modality: str
    action: Word
    span: Span = _span()


@frozen
class ExpectNeed:
    """That a datum can still matter to a classification, or that it is never asked for."""

    classification: Word
    needed: bool
    place: Place
    span: Span = _span()


Expectation: TypeAlias = ExpectOutcome | ExpectRule | ExpectConsequence | ExpectNeed


@frozen
class ScenariosHeader:
    """`scenarios for ID EDITION` and the date they are decided on."""

    policy: Word
    edition: Word
    on: Word
    known_at: Word | None
    span: Span = _span()


@frozen
class Background:
    """Evidence with a name, for several scenarios."""

    name: Word
    given: tuple[Given, ...]
    span: Span = _span()


@frozen
class Scenario:
    """One case: what is given and what is expected."""

    title: Word
    on: Word | None
    known_at: Word | None
    backgrounds: tuple[Word, ...]
    given: tuple[Given, ...]
    expectations: tuple[Expectation, ...]
    span: Span = _span()
