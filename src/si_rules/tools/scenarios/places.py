"""Places of scenarios looked up in a policy: the path of a datum and the field it is a value of."""

import datetime

from si_rules.semantics import core
from si_rules.semantics.kind_reading import read_date, read_year
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary import Collection, Field, Vocabulary
from si_rules.semantics.years import AcademicYear, latest_due
from si_rules.syntax import scenario_tree as tree


class Places:
    """Finds what a place of a scenario names, for one policy and two dates. What is wrong goes to the report."""

    def __init__(self, policy: core.Core, report: Report, on: datetime.date, known_at: datetime.date) -> None:
        self.policy = policy
        self.vocabulary = policy.vocabulary
        self.report = report
        self.by = min(on, known_at)

    def find(self, place: tree.Place) -> tuple[str, Field] | None:
        """The path of a place and its field, or None after a report.

        Of a record given by its day the path is that of the field, without a position: which position the
        record has is known when all are.
        """
        name = place.name.text
        if place.judgement:
            judgement = self.policy.judgements.get(name)
            if judgement is None:
                self.report.unknown("judgement", name, place.name.span, self.policy.judgements)
                return None
            return judgement.field.path, judgement.field
        if name.startswith("figures."):
            return self._figure(place)
        field = self.vocabulary.fields.get(name)
        if field is None:
            self._unknown(place)
            return None
        parent = field.parent or ""
        if parent in self.vocabulary.series:
            return self._in_series(place, parent, field)
        if place.year is not None or (parent not in self.vocabulary.collections and _told(place)):
            self._misplaced(place, f"`{name}` has one value, without a year or a day", f"write `{name}` alone")
            return None
        if parent in self.vocabulary.collections:
            return self._in_records(place, self.vocabulary.collections[parent], field)
        return field.path, field

    def datum(self, place: tree.Place) -> str | None:
        """The path of a datum that may be needed, a whole list of records among them; None after a report."""
        records = self.vocabulary.collections.get(place.name.text)
        if records is not None and not place.judgement and place.year is None and not _told(place):
            return records.listed_under
        if place.day is not None:
            name = place.name.text
            self._misplaced(
                place, "what is needed is told by position, not by day", f"write: {name}, or previous {name}"
            )
            return None
        found = self.find(place)
        return None if found is None else found[0]

    def holder(self, place: tree.Place) -> tuple[str, str] | None:
        """The series or records that a place names with its year or day: the key of it, and `2014-15` or the day."""
        name = place.name.text
        if name in self.vocabulary.collections and place.day is not None and not place.judgement:
            day = read_date(place.day, self.report)
            return None if day is None else (self.vocabulary.collections[name].listed_under, str(day))
        if name in self.vocabulary.series and place.day is None and not place.judgement:
            year = self._year(place, name)
            return None if year is None else (name, str(year))
        holders = [*self.vocabulary.series, *self.vocabulary.collections]
        if place.judgement or name in holders or name in self.vocabulary.fields:
            written = self.report.source.words(place.span)
            records = [f"{known} of 2015-10-01" for known in self.vocabulary.collections]
            results = [f"{known} in 2014-15" for known in self.vocabulary.series]
            help_ = (
                f"write a record with its day, or results with their year: {', '.join([*records[:1], *results[:1]])}"
            )
            self._misplaced(place, f"`{written}` is not a record or a year of results", help_)
        else:
            self.report.unknown("records or results", name, place.name.span, holders)
        return None

    def _figure(self, place: tree.Place) -> tuple[str, Field] | None:
        name = place.name.text.partition(".")[2]
        if name not in self.policy.figures:
            self.report.unknown("figure", name, place.name.span, self.policy.figures)
            return None
        return place.name.text, self.policy.field_at(place.name.text)

    def _unknown(self, place: tree.Place) -> None:
        name = place.name.text
        if name in self.policy.judgements:
            self.report.error("SI304", f"`{name}` is a judgement", place.name.span, f"write: judgement {name}")
        else:
            self.report.unknown("evidence", name, place.name.span, self.vocabulary.fields)

    def _in_series(self, place: tree.Place, parent: str, field: Field) -> tuple[str, Field] | None:
        year = self._year(place, parent)
        return None if year is None else (f"{parent}.{year}.{field.key}", field)

    def _year(self, place: tree.Place, parent: str) -> AcademicYear | None:
        name = place.name.text
        relative = place.latest or place.previous
        if place.day is not None or (place.year is not None) == relative:
            self._misplaced(place, f"`{name}` has a value for each academic year",
                            f"say which: {name} in 2013-14, or latest {name}")  # fmt: skip
            return None
        if place.year is not None:
            return read_year(place.year, self.report)
        due = self.policy.due.get(parent)
        if due is None:
            self._misplaced(place, f"the policy does not say when `{parent}` is due, so none is the latest",
                            f"say which: {name} in 2013-14")  # fmt: skip
            return None
        latest = latest_due(self.by, due.month, due.day, dict(due.by_year))
        return latest.plus(-1) if place.previous else latest

    def _in_records(self, place: tree.Place, records: Collection, field: Field) -> tuple[str, Field] | None:
        if place.day is not None:
            if place.previous or place.latest:
                self._misplaced(place, "a record has its day or its position, not both", f"write `{place.name.text}` "
                                f"of {place.day.text}")  # fmt: skip
                return None
            return field.path, field
        return f"{records.listed_under}.{'previous' if place.previous else 'latest'}.{field.key}", field

    def _misplaced(self, place: tree.Place, message: str, help_: str) -> None:
        self.report.error("SI408", message, place.span, help_)


def place_words(vocabulary: Vocabulary, path: str) -> str:
    """The path of a datum, or of evidence not used, as a scenario names it: `attendance.overall in 2013-14`."""
    head, _, rest = path.partition(".")
    middle, _, key = rest.rpartition(".")
    if head in ("judgements", "figures"):
        return f"{head.removesuffix('s')} {rest}"
    if head in vocabulary.series:
        return f"{head}.{key} in {middle}" if middle else f"{head} in {rest}"
    for collection in vocabulary.collections.values():
        if collection.listed_under == head and not middle:
            return f"{collection.name} of {rest}" if rest else collection.name
        if collection.listed_under == head:
            return f"{'previous ' if middle == 'previous' else ''}{collection.name}.{key}"
    return path


def _told(place: tree.Place) -> bool:
    return place.day is not None or place.latest or place.previous
