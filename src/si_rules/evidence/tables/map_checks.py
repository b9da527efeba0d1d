"""Whether maps fit the evidence: fields it has, dates that can be read, and one origin for each word on a field."""

import datetime
from collections.abc import Collection, Iterator
from contextlib import suppress

from si_rules.evidence.records import Inspection
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.tables.maps import SERIES, Column, LinksMap, Maps, ResultsMap
from si_rules.source.nearest import nearest

_NOT_A_COLUMN = frozenset(
    {"urn", "phase", "opened", "closed", "predecessors", "inspections", "judgements", "provenance"}
)
_NOT_A_FIGURE = frozenset({"published", "of_predecessor"})


def problems(maps: Maps, origins: Collection[str] | None = None) -> Iterator[str]:
    """What is wrong with maps, a sentence each. `origins` are those of the vocabulary, None where it is not at hand."""
    for table in maps.results:
        if table.series not in SERIES:
            yield f"results, series {table.series}: the evidence has no such results, only {', '.join(sorted(SERIES))}"
            return
        if origins is not None and table.origin not in origins:
            guess = nearest(table.origin, origins)
            hint = f"; did you mean {guess}?" if guess else f", only {', '.join(sorted(origins))}"
            yield f"results of {table.series}, origin {table.origin}: the vocabulary declares no such origin{hint}"
    own = {name for name in SchoolEvidence.model_fields if name not in _NOT_A_COLUMN | {*SERIES}}
    yield from _unfit("schools", maps.schools.columns, own)
    if maps.inspections is not None:
        yield from _unfit(
            "inspections", maps.inspections.columns, set(Inspection.model_fields) - {"date", *_NOT_A_FIGURE}
        )
    for table in maps.results:
        known = set(SERIES[table.series].model_fields) - _NOT_A_FIGURE
        yield from _unfit(f"results of {table.series}", table.columns, known)
    yield from _same_origin(maps.results)
    if maps.links is not None:
        yield from _unreadable(maps.links)


def _unfit(table: str, columns: tuple[Column, ...], known: set[str]) -> Iterator[str]:
    for column in columns:
        if column.field not in known:
            guess = nearest(column.field, known)
            hint = f"; did you mean {guess}?" if guess else f", only {', '.join(sorted(known))}"
            yield f"{table}.columns: column {column.column} gives no field {column.field}{hint}"
        several = [column.text, bool(column.words), column.subtracted_from is not None, bool(column.under)]
        if several.count(True) > 1:
            yield f"{table}.columns: column {column.column} says more than one of text, words, subtracted_from and under"
        if column.otherwise_at_least is not None and not column.under:
            yield f"{table}.columns: column {column.column} says otherwise_at_least without under"


def _same_origin(tables: tuple[ResultsMap, ...]) -> Iterator[str]:
    """Two tables of one origin that both give a field could not be told apart where they disagree."""
    for number, table in enumerate(tables):
        for other in tables[:number]:
            if other.series != table.series or other.origin != table.origin:
                continue
            both = {column.field for column in table.columns} & {column.field for column in other.columns}
            years = {*table.published} & {*other.published}
            if both and years:
                yield (
                    f"results of {table.series}: {table.files[0]} and {other.files[0]} both give {min(both)} in "
                    f"{min(years)}; give one of them another origin, so that they can be told apart"
                )
                return


def _unreadable(links: LinksMap) -> Iterator[str]:
    form = links.date_format
    fits = None
    if "%Y" in form:  # without a year, later Pythons warn before they read
        with suppress(ValueError):
            fits = datetime.datetime.strptime(datetime.date(2015, 11, 4).strftime(form), form).date()
    if fits != datetime.date(2015, 11, 4):
        yield f"links.date_format: {form!r} does not say year, month and day, as %d-%m-%Y does"
    for word in links.merger:
        if word not in (*links.predecessor, *links.successor):
            yield f"links.merger: {word!r} is neither among predecessor nor among successor"
