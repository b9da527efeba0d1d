"""The maps of the columns: what a TOML file says about published tables, checked before a table is opened.

The file that comes with the package is `published.toml`, which explains itself; another may take its place.
"""

import datetime
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, Field, ValidationError

from si_rules.evidence.absence import Day, Record
from si_rules.evidence.boundary import Phase, Year
from si_rules.evidence.readers import problems_of
from si_rules.evidence.records import Inspection
from si_rules.evidence.results import Attendance, KeyStage2Results
from si_rules.evidence.school import SchoolEvidence
from si_rules.source.nearest import nearest

Reason: TypeAlias = Literal["not_supplied", "not_published", "suppressed"]
Name: TypeAlias = Annotated[str, Field(min_length=1)]

# The series of results an evidence record has, with the model of one year.
SERIES: dict[str, type[BaseModel]] = {"ks2": KeyStage2Results, "attendance": Attendance}


class MapsUnusable(ValueError):
    """The maps cannot be read, or name what the evidence has not; the message says what, in a sentence."""


class Column(Record):
    """One column and the field it gives.

    With `text`, the cell as it stands; with `words`, the word of the vocabulary for each word of the table;
    with neither, a number. `wordless` are words the vocabulary has no word for, with the reason of absence.
    """

    column: Name
    field: Name
    text: bool = False
    words: dict[str, str] = {}
    wordless: dict[str, Reason] = {}


class Bounds(Record):
    """A whole number from `least` to `most`, both included; either may be left out."""

    least: int | None = None
    most: int | None = None


class PhaseRule(Record):
    """A phase, and what every named column must hold for it: one of some words, or a number within bounds."""

    phase: Phase
    where: dict[Name, tuple[str, ...] | Bounds]


class SchoolsMap(Record):
    """The table of schools. `opened` and `closed` are dates, and the rules of the phase are tried in order."""

    file: Name
    key: Name
    authority: Name
    opened: Name
    closed: Name
    columns: tuple[Column, ...]
    phases: tuple[PhaseRule, ...]


class InspectionsMap(Record):
    """The table of inspections, a row each."""

    file: Name
    key: Name
    date: Name
    columns: tuple[Column, ...]


class ResultsMap(Record):
    """Tables of one series of results, a row a school and year.

    `year` is the column with the year in which the academic year ends; `published` the day each year's
    table was published.
    """

    files: tuple[Name, ...]
    key: Name
    year: Name
    published: dict[Year, Day]
    columns: tuple[Column, ...]


class LinksMap(Record):
    """The table of links between schools. `date_format` is written as `datetime.strptime` reads it."""

    file: Name
    key: Name
    linked: Name
    kind: Name
    date: Name
    date_format: Name
    predecessor: tuple[str, ...]
    successor: tuple[str, ...]


class Maps(Record):
    """All maps of a file. Only the schools must be there."""

    codes: dict[str, Reason]
    schools: SchoolsMap
    inspections: InspectionsMap | None = None
    results: dict[str, ResultsMap] = {}
    links: LinksMap | None = None


def bundled_maps() -> Maps:
    """The maps of the tables as the Department for Education and Ofsted publish them, which come with the package."""
    resource = files("si_rules.evidence.tables").joinpath("published.toml")
    return maps_of(resource.read_text(encoding="utf-8"), "published.toml")


def read_maps(path: Path) -> Maps:
    """The maps of a file. Raises `MapsUnusable`."""
    try:
        return maps_of(path.read_bytes().decode("utf-8-sig"), str(path))
    except OSError as error:
        raise MapsUnusable(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError:
        raise MapsUnusable(f"{path}: the file is not UTF-8") from None


def maps_of(text: str, name: str) -> Maps:
    """The maps of a TOML text; `name` stands in messages. Raises `MapsUnusable`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MapsUnusable(f"{name}: not TOML: {str(error).lower()}") from None
    except RecursionError:
        raise MapsUnusable(f"{name}: nested too deeply") from None
    try:
        maps = Maps.model_validate(raw)
    except ValidationError as error:
        path, reason = problems_of(error)[0]
        raise MapsUnusable(f"{name}, {path}: {reason.replace('of the vocabulary', 'of a map')}") from None
    for problem in _problems(maps):
        raise MapsUnusable(f"{name}, {problem}")
    return maps


def _problems(maps: Maps) -> Iterator[str]:
    """Fields the evidence does not have, and date formats that cannot be."""
    for name in maps.results:
        if name not in SERIES:
            yield f"results.{name}: the evidence has no such results, only {', '.join(sorted(SERIES))}"
            return
    own = {name for name in SchoolEvidence.model_fields if name not in _NOT_A_COLUMN | {*SERIES}}
    yield from _unknown("schools", maps.schools.columns, own)
    if maps.inspections is not None:
        known = set(Inspection.model_fields) - {"date"}
        yield from _unknown("inspections", maps.inspections.columns, known)
    for name, results in maps.results.items():
        known = set(SERIES[name].model_fields) - {"published"}
        yield from _unknown(f"results.{name}", results.columns, known)
    if maps.links is not None:
        form = maps.links.date_format
        fits = None
        if "%Y" in form:  # without a year, later Pythons warn before they read
            with suppress(ValueError):
                fits = datetime.datetime.strptime(datetime.date(2015, 11, 4).strftime(form), form).date()
        if fits != datetime.date(2015, 11, 4):
            yield f"links.date_format: {form!r} does not say year, month and day, as %d-%m-%Y does"


_NOT_A_COLUMN = frozenset({"urn", "phase", "inspections", "judgements"})


def _unknown(table: str, columns: tuple[Column, ...], known: set[str]) -> Iterator[str]:
    for column in columns:
        if column.field not in known:
            guess = nearest(column.field, known)
            hint = f"; did you mean {guess}?" if guess else f", only {', '.join(sorted(known))}"
            yield f"{table}.columns: column {column.column} gives no field {column.field}{hint}"
