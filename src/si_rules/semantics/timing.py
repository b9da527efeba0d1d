"""How often, and until when, something is to be done: from the words of a policy to those a decision carries."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Final

from si_rules.semantics.kind_reading import read_date
from si_rules.semantics.report import Report
from si_rules.syntax import tree

PERIODS: Final = ("day", "week", "month", "half_term", "term", "year", "academic_year")
LENGTHS: Final = (
    "days",
    "working days",
    "school days",
    "weeks",
    "months",
    "half terms",
    "terms",
    "years",
    "academic years",
)
TERMS: Final = ("autumn", "spring", "summer")
_FORTNIGHTS: Final = "fortnights"
_MOST: Final = 9999
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def when_of(timing: Iterable[tree.Timing], occasions: Mapping[str, str], report: Report,
            damaged: Iterable[str] = ()) -> str | None:  # fmt: skip
    """What a decision says of it: `every term, within 10 days after the visit`; None where nothing is said.

    `occasions` gives the title of each. What is wrong is reported, and left out; names in `damaged` are not blamed.
    """
    reader = _TimingReader(occasions, report, frozenset(damaged))
    found = [said for item in timing if (said := reader.read(item)) is not None]
    return ", ".join(found) or None


class _TimingReader:
    def __init__(self, occasions: Mapping[str, str], report: Report, damaged: frozenset[str]) -> None:
        self.occasions = occasions
        self.report = report
        self.damaged = damaged

    def read(self, timing: tree.Timing) -> str | None:
        """One of them in words, or None after a report."""
        match timing:
            case tree.Timing(sort="every", name=tree.Word() as name):
                return self._every(name)
            case tree.Timing(sort="every_so_many", count=tree.Word() as count, unit=tree.Word() as unit):
                length = self._length(count, unit)
                return None if length is None else f"every {length}"
            case tree.Timing(sort="during", name=tree.Word() as name):
                title = self._occasion(name)
                return None if title is None else f"during {title}"
            case tree.Timing(sort="within", count=tree.Word() as count, unit=tree.Word() as unit, name=name):
                length, title = self._length(count, unit), None if name is None else self._occasion(name)
                if length is None or (name is not None and title is None):
                    return None
                return f"within {length}" + (f" after {title}" if title is not None else "")
            case tree.Timing(
                sort="ahead", count=tree.Word() as count, unit=tree.Word() as unit, name=tree.Word() as name
            ):
                length, title = self._length(count, unit), self._occasion(name)
                return None if length is None or title is None else f"at least {length} before {title}"
            case tree.Timing(sort="in_term", name=tree.Word() as name):
                if name.text not in TERMS:
                    self.report.unknown("term", name.text, name.span, TERMS)
                    return None
                return f"in the {name.text} term"
            case tree.Timing(sort=sort, count=count, name=tree.Word() as name):
                until = self._until(count, name)
                return None if until is None else f"{sort} {until}"
            case _:  # pragma: no cover - the builder gives no other
                raise AssertionError(timing)

    def _every(self, name: tree.Word) -> str | None:
        period = name.text.replace(" ", "_")
        if period in PERIODS:
            return f"every {period.replace('_', ' ')}"
        if f"{period}s" == _FORTNIGHTS and period not in self.occasions:
            self.report.error("SI301", f"there is no period `{period}`", name.span, "count in weeks: every 2 weeks")
            return None
        title = self._occasion(name, [period.replace("_", " ") for period in PERIODS])
        return None if title is None else f"at every {title}"

    def _until(self, day: tree.Word | None, name: tree.Word) -> str | None:
        """A day of every year, a date, or an occasion."""
        if day is not None:
            month = _MONTHS.index(name.text) + 1
            try:
                datetime.date(2001, month, int(day.text))  # a year without 29 February
            except ValueError:
                self.report.error("SI404", f"some year has no day {day.text} {name.text}", day.span, "name another day")
                return None
            return f"{int(day.text)} {name.text}"
        if name.text[:1].isdigit():
            found = read_date(name, self.report)
            return None if found is None else f"{found.day} {_MONTHS[found.month - 1]} {found.year}"
        return self._occasion(name)

    def _occasion(self, name: tree.Word, periods: Iterable[str] = ()) -> str | None:
        if name.text not in self.occasions and name.text not in self.damaged:
            what = "occasion or period" if periods else "occasion"
            self.report.unknown(what, name.text, name.span, [*periods, *self.occasions])
        return self.occasions.get(name.text)

    def _length(self, count: tree.Word, unit: tree.Word) -> str | None:
        """`7 working days`, or `1 term`."""
        written = unit.text.replace("_", " ")
        plural = written if written.endswith("s") else f"{written}s"
        if plural == _FORTNIGHTS and count.text.isdigit():
            self.report.error("SI301", f"there is no length of time `{unit.text}`", unit.span,
                              f"count in weeks: {2 * int(count.text)} weeks")  # fmt: skip
            return None
        if plural not in LENGTHS:
            self.report.unknown("length of time", unit.text, unit.span, LENGTHS)
            return None
        if not count.text.isdigit() or not 1 <= int(count.text) <= _MOST:
            self.report.error("SI210", f"{count.text} {plural} is no length of time here", count.span,
                              f"write a whole number from 1 to {_MOST}")  # fmt: skip
            return None
        number = int(count.text)
        return f"{number} {plural.removesuffix('s') if number == 1 else plural}"
