"""A policy restates the evidence it reads, so that it can be read by itself; here it is held against the vocabulary."""

import datetime
from typing import Any, TypeAlias

from attrs import evolve

from si_rules.semantics.audiences import listed
from si_rules.semantics.core import Due
from si_rules.semantics.declared import Declared
from si_rules.semantics.interpretations import Ownership
from si_rules.semantics.kind_reading import read_date, read_due, read_year
from si_rules.semantics.kinds import Number, Scale, described, number_text
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary import Collection, Field, Group, Series, Vocabulary
from si_rules.semantics.vocabulary_reading import only, read_audience, read_field, read_group
from si_rules.semantics.years import AcademicYear, last_day
from si_rules.syntax import tree

_Restated: TypeAlias = tree.Evidence | tree.Group | tree.Records | tree.Results


def check_restated(declared: Declared, vocabulary: Vocabulary, ownership: Ownership, report: Report) -> dict[str, Due]:
    """Report every block that differs from the vocabulary; the days on which results are due, by series."""
    due: dict[str, Due] = {}
    tables: dict[type[Any], tuple[str, dict[str, Any]]] = {
        tree.Evidence: ("evidence", vocabulary.fields),
        tree.Records: ("records", vocabulary.collections),
        tree.Results: ("results", vocabulary.series),
        tree.Group: ("group", vocabulary.groups),
    }
    for name, (source, item) in declared.restated.items():
        report.source = source
        if isinstance(item, tree.Evidence) and name.rpartition(".")[0] in declared.events:
            continue  # of an event of the policy's own: declared, not restated
        sort, table = tables[type(item)]
        if name not in table:
            report.unknown(f"{sort} in the vocabulary", name, item.name.span, table)
            continue
        before = len(report.diagnostics)
        stated = _stated(item, vocabulary, report, due)
        if isinstance(item, tree.Results) and name in due:
            owned = ownership.cites(item.cites), ownership.interpretations(item.interpretations)
            due[name] = Due(due[name].month, due[name].day, *owned, _due_in_years(item, report))
        if name in declared.damaged:
            del report.diagnostics[before:]  # a line of it could not be read, which is told already
            continue
        if stated is None or len(report.diagnostics) > before:
            continue
        if stated != table[name]:
            message = f"`{name}` is stated here otherwise than in the vocabulary `{vocabulary.name}`"
            report.error(
                "SI504", message, item.name.span, f"the vocabulary has, a new line for each /: {written(table[name])}"
            )
    return due


def _stated(item: _Restated, vocabulary: Vocabulary, report: Report, due: dict[str, Due]) -> Any:
    match item:
        case tree.Evidence():
            return read_field(item, vocabulary.units, vocabulary.in_decimals, vocabulary.audiences, report)
        case tree.Group():
            return read_group(item, vocabulary.fields, report)
        case tree.Records():
            listed_under = only(item.listed_under, "listed under", item.span, report)
            dated = only(item.dated_by, "happened on", item.span, report)
            if listed_under is None or dated is None:
                return None
            shown = read_audience(item.shown_to, vocabulary.audiences, report)
            mark = vocabulary.collections[item.name.text].mark  # how entries are marked is the vocabulary's own to say
            return Collection(
                item.name.text, item.title.text, listed_under.text, dated[0].text, dated[1].text, shown, mark
            )
        case tree.Results():
            only(item.each_year, "each academic year", item.span, report)
            day = only(item.due_on, "due on", item.span, report)
            found = read_due(day[0], day[1], report) if day is not None else None
            if found is not None:
                due[item.name.text] = Due(*found)
            known_from = item.each_year[0].text if item.each_year and item.each_year[0] else None
            group = item.applies_to[0].group.text if item.applies_to and item.applies_to[0].group else None
            shown = read_audience(item.shown_to, vocabulary.audiences, report)
            begins = item.begins_with[0].text if item.begins_with else None
            mark = vocabulary.series[item.name.text].mark
            return Series(item.name.text, item.title.text, known_from, group, shown, begins, mark)


def _due_in_years(item: tree.Results, report: Report) -> tuple[tuple[AcademicYear, datetime.date], ...]:
    """The years whose results have a day of their own on which they are due."""
    found: dict[AcademicYear, datetime.date] = {}
    for written_year, written_day in item.due_in_year:
        year, day = read_year(written_year, report), read_date(written_day, report)
        if year is None or day is None:
            continue
        if year in found:
            report.error("SI508", f"the results of {year} are due on two days", written_year.span, "keep one of them")
        elif day <= last_day(year):
            report.error("SI404", f"{day} lies before the year {year} has ended", written_day.span,
                         "results are due after their year")  # fmt: skip
        found[year] = day
    return tuple(sorted(found.items()))


def written(declared: Field | Collection | Series | Group) -> str:
    """A declaration of the vocabulary in one line, as an author would restate it."""
    head = f'"{declared.title}"'
    match declared:
        case Field():
            parts = [_kind_written(declared)]
            parts += [f"first in {declared.from_year}"] if declared.from_year else []
            parts += [f"last in {declared.until_year}"] if declared.until_year else []
            parts += [f"breaks in {year}" for year in declared.breaks]
        case Collection():
            parts = [f"listed under {declared.listed_under}"]
            parts.append(f"happened on {declared.dated_by}, became known on {declared.known_from}")
        case Series():
            known = f", became known on {declared.known_from}" if declared.known_from else ""
            parts = [f"each academic year{known}"]
            parts += [f"begins with the year of {declared.begins_with}"] if declared.begins_with else []
            parts += [f"applies to … with {declared.group}"] if declared.group else []
        case Group():
            parts = [f"{declared.field} is one of {', '.join(declared.values)}"]
    if not isinstance(declared, Group) and declared.shown_to is not None:
        parts.append(f"shown to {', '.join(listed(declared.shown_to))}")
    return " / ".join([head, *parts])


def _kind_written(declared: Field) -> str:
    kind = declared.kind
    text = described(kind)
    if isinstance(kind, Scale):
        text = text.removeprefix("a ")
    if isinstance(kind, Number):
        text = "number" if kind.unit == "number" else text
        usual = kind.unit == "percent" and evolve(kind, low=None, high=None) is not kind
        if kind.low is not None and kind.high is not None and not usual:
            text += f" between {number_text(kind.low)} and {number_text(kind.high)}"
    return text + (", or none" if declared.optional else "")
