"""The maps of the columns: what a TOML file says about published tables.

The file that comes with the package is `published.toml`, which explains itself; another may take its place.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field

from si_rules.evidence.absence import Day, Exact, Record
from si_rules.evidence.boundary import Phase, Year
from si_rules.evidence.results import (
    Attendance,
    Census,
    EarlyYearsResults,
    Exclusions,
    Finance,
    KeyStage1Results,
    KeyStage2Results,
    KeyStage4Results,
    PhonicsResults,
    Staffing,
)

Reason: TypeAlias = Literal["not_supplied", "not_published", "suppressed"]
Name: TypeAlias = Annotated[str, Field(min_length=1)]

# The series of results that tables may give, with the model of one year.
SERIES: dict[str, type[BaseModel]] = {
    "early_years": EarlyYearsResults,
    "phonics": PhonicsResults,
    "ks1": KeyStage1Results,
    "ks2": KeyStage2Results,
    "ks4": KeyStage4Results,
    "attendance": Attendance,
    "exclusions": Exclusions,
    "census": Census,
    "staffing": Staffing,
    "finance": Finance,
}


class Column(Record):
    """One column and the field it gives.

    With `text`, the cell as it stands; with `words`, the word of the vocabulary for each word of the table;
    with neither, a number. `none` are words that say there is none, and `wordless` words the vocabulary has no
    word for, with the reason of absence. A number may be `subtracted_from` another: 100 less the percentage
    absent is the percentage present.

    With `under` the column gives no value, only what its codes say of a number that is not published: it is
    under so much. Where the cell holds a number instead, that other number is `otherwise_at_least` so much.

    `files` are the only ones of its table that have the column; empty means all.
    """

    column: Name
    field: Name
    text: bool = False
    words: dict[str, str] = {}
    none: tuple[str, ...] = ()
    wordless: dict[str, Reason] = {}
    subtracted_from: Exact | None = None
    under: dict[str, Exact] = {}
    otherwise_at_least: Exact | None = None
    files: tuple[Name, ...] = ()


class Bounds(Record):
    """A whole number from `least` to `most`, both included; either may be left out."""

    least: int | None = None
    most: int | None = None


class PhaseRule(Record):
    """A phase, and what every named column must hold for it: one of some words, or a number within bounds."""

    phase: Phase
    where: dict[Name, tuple[str, ...] | Bounds]


class Mapped(Record):
    """A table, or several with the same columns. `unread` are columns that give nothing, each with the reason."""

    unread: dict[Name, str] = {}


class SchoolsMap(Mapped):
    """The table of schools. `opened` and `closed` are dates, and the rules of the phase are tried in order."""

    file: Name
    key: Name
    authority: Name
    opened: Name
    closed: Name
    columns: tuple[Column, ...]
    phases: tuple[PhaseRule, ...]


class InspectionsMap(Mapped):
    """The table of inspections, a row each. `authority` is the column with the number of the authority."""

    file: Name
    key: Name
    authority: Name | None = None
    date: Name
    columns: tuple[Column, ...]


class ResultsMap(Mapped):
    """Tables of one series of results, a row a school and year.

    `year` is the column with the year in which the academic year ends; `published` the day each year's
    table was published. A row with one of the words of `benchmarks` in a column speaks of no school.
    `origin` is the origin of the vocabulary that the tables are: where another origin says otherwise of one
    school and year, the figure is disputed.
    """

    series: Name
    origin: Name
    files: tuple[Name, ...]
    key: Name
    authority: Name | None = None
    year: Name
    published: dict[Year, Day]
    columns: tuple[Column, ...]
    benchmarks: dict[Name, tuple[str, ...]] = {}

    def columns_in(self, name: str) -> tuple[Column, ...]:
        """The columns that a file of this table has."""
        return tuple(column for column in self.columns if not column.files or name in column.files)


class LinksMap(Mapped):
    """The table of links between schools. `date_format` is written as `datetime.strptime` reads it.

    `predecessor` and `successor` are the words for a linked school that came before, or after; `merger` are
    those among them that speak of a merger.
    """

    file: Name
    key: Name
    linked: Name
    kind: Name
    date: Name
    date_format: Name
    predecessor: tuple[str, ...]
    successor: tuple[str, ...]
    merger: tuple[str, ...] = ()


class AuthoritiesMap(Mapped):
    """The table of the authorities' names."""

    file: Name
    number: Name
    name: Name


class Maps(Record):
    """All maps of a file. Only the schools must be there."""

    codes: dict[str, Reason]
    schools: SchoolsMap
    inspections: InspectionsMap | None = None
    results: tuple[ResultsMap, ...] = ()
    links: LinksMap | None = None
    authorities: AuthoritiesMap | None = None
