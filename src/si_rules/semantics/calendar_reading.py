"""From calendar files to calendars: what they cover, their holidays and their terms."""

import datetime
from collections.abc import Iterable, Mapping

from si_rules.semantics.kind_reading import read_date, read_year
from si_rules.semantics.pathway_forms import Calendar, Term
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary_reading import only
from si_rules.semantics.years import year_of
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.text import Span
from si_rules.syntax import tree


def read_calendars(
    files: Mapping[str, tree.File], digests: Mapping[str, str]
) -> tuple[dict[str, tuple[Calendar, ...]], list[Diagnostic]]:
    """The calendars of some files by id, each version by what it covers, and what is wrong with them."""
    found: dict[str, list[Calendar]] = {}
    diagnostics: list[Diagnostic] = []
    for name, file in files.items():
        report = Report(file.source, file.damaged)
        sources = {item.id.text for item in file.declarations if isinstance(item, tree.SourceDeclaration)}
        for item in file.declarations:
            match item:
                case tree.CalendarDeclaration():
                    read = _calendar(item, sources, digests[name], report)
                    if read is not None:
                        found.setdefault(read.id, []).append(read)
                case tree.SourceDeclaration():
                    pass
                case _:
                    report.error("SI602", "a file of calendars declares calendars and their sources only",
                                 getattr(item, "span", Span(0, 1)), "move it to the policy")  # fmt: skip
        _overlaps(found, file, report)
        diagnostics += report.diagnostics
    ordered = {id: tuple(sorted(some, key=lambda c: c.covers)) for id, some in sorted(found.items())}
    return ordered, in_order(diagnostics)


def _calendar(item: tree.CalendarDeclaration, sources: Iterable[str], digest: str, report: Report) -> Calendar | None:
    for cited in item.cites:
        if cited.source.text not in sources:
            report.unknown("source", cited.source.text, cited.source.span, sources)
    if not item.cites and not item.interpretations:
        report.error("SI503", f"the calendar `{item.name.text}` cites no source", item.span,
                     'add a line such as: cites GOV "…", or own it: interpretation ID-1 "the reason"')  # fmt: skip
    covers = only(item.covers, "covers", item.span, report)
    span = _span(covers, report) if covers is not None else None
    if span is None:
        return None
    holidays: dict[datetime.date, str] = {}
    for written, title in item.holidays:
        day = read_date(written, report)
        if day is None:
            continue
        if day in holidays:
            report.error("SI302", f"{day} stands here twice", written.span, "keep one of the two")
        elif not span[0] <= day <= span[1]:
            report.error("SI805", f"{day} lies outside what the calendar covers, {span[0]} to {span[1]}", written.span,
                         "correct the day, or cover it")  # fmt: skip
        holidays[day] = title.text
    terms = tuple(sorted(_terms(item, span, report), key=lambda term: term.first))
    if not holidays and not terms:
        report.error("SI205", f"the calendar `{item.name.text}` has neither a holiday nor a term", item.span,
                     'add a line: holiday 2015-12-25 "Christmas Day"')  # fmt: skip
    return Calendar(
        item.name.text, item.version.text, item.title.text, span, tuple(sorted(holidays.items())), terms, digest
    )


def _span(dates: tuple[tree.Word, tree.Word], report: Report) -> tuple[datetime.date, datetime.date] | None:
    first, last = read_date(dates[0], report), read_date(dates[1], report)
    if first is None or last is None:
        return None
    if last < first:
        report.error("SI404", f"{last} is before {first}", dates[1].span, "swap the two dates")
        return None
    return first, last


def _terms(
    item: tree.CalendarDeclaration, covers: tuple[datetime.date, datetime.date], report: Report
) -> Iterable[Term]:
    taken: list[Term] = []
    for written in item.terms:
        dates, year = _span(written.dates, report), read_year(written.year, report)
        half = _span(written.half_term, report) if written.half_term else None
        if dates is None or year is None or (written.half_term and half is None):
            continue
        what = None
        if not covers[0] <= dates[0] or not dates[1] <= covers[1]:
            what = f"the term lies outside what the calendar covers, {covers[0]} to {covers[1]}"
        elif year_of(dates[0]) != year or year_of(dates[1]) != year:
            what = f"the term does not lie in {year}"
        elif half is not None and not dates[0] < half[0] <= half[1] < dates[1]:
            what = "the half-term holiday does not lie inside the term"
        elif any(dates[0] <= other.last and other.first <= dates[1] for other in taken):
            what = "two terms overlap"
        if what is not None:
            report.error("SI805", what, written.span, "correct the dates")
            continue
        found = Term(written.name.text, str(year), *dates, half)
        taken.append(found)
        yield found


def _overlaps(found: Mapping[str, list[Calendar]], file: tree.File, report: Report) -> None:
    """Two versions of a calendar may not speak of one day."""
    for some in found.values():
        for one in some:
            for other in some:
                if (
                    one is not other
                    and one.version < other.version
                    and one.covers[0] <= other.covers[1]
                    and other.covers[0] <= one.covers[1]
                ):
                    report.source = file.source
                    report.error("SI805", f"{one.id} {one.version} and {other.id} {other.version} cover the same days",
                                 Span(0, 1), "let one end before the other begins")  # fmt: skip
