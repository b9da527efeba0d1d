"""The history of a scenario: its lines looked up in the policy, as entries of a case history."""

from collections.abc import Iterable
from typing import Any, Final

from si_rules.pathways.history import HistoryEntry
from si_rules.semantics.kind_reading import read_date
from si_rules.semantics.kinds import Flag
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary import Field
from si_rules.syntax import scenario_tree as tree
from si_rules.syntax.history_tree import Detail, Happening
from si_rules.syntax.tree import Word
from si_rules.tools.scenarios.giving import Giver

MOST_IN_A_DAY: Final = 1_000


class Historian:
    """Reads the lines of a history; what is wrong with one is reported, and it is left out."""

    def __init__(self, giver: Giver, report: Report) -> None:
        self.giver = giver
        self.policy = giver.places.policy
        self.report = report

    def read(self, lines: Iterable[Happening]) -> tuple[HistoryEntry, ...]:
        """The entries of the lines, in their order; the order means nothing."""
        return tuple(entry for line in lines if (entry := self._entry(line)) is not None)

    def _entry(self, line: Happening) -> HistoryEntry | None:
        before = len(self.report.diagnostics)
        name = line.event.text
        if name not in self.policy.events:
            self.report.unknown("event", name, line.event.span, self.policy.events)
            return None
        fields = self._fields(line)
        day = read_date(line.day, self.report)
        recorded = None if line.recorded is None else read_date(line.recorded, self.report)
        if day is not None and recorded is not None and line.recorded is not None and recorded < day:
            self.report.error("SI703", f"it was recorded before {day}, the day it happened", line.recorded.span,
                              "write a later day, or leave `recorded` out: then it was known from its own")  # fmt: skip
        sequence = self._number(line.number)
        if day is None or len(self.report.diagnostics) > before:
            return None
        return HistoryEntry(event=name, date=day, recorded=recorded, sequence=sequence, fields=fields)

    def _number(self, number: Word | None) -> int:
        if number is None:
            return 0
        if number.text.isdigit() and 1 <= int(number.text) <= MOST_IN_A_DAY:
            return int(number.text)
        self.report.error("SI703", f"`{number.text}` is no place among the events of a day", number.span,
                          f"write a whole number from 1 to {MOST_IN_A_DAY}")  # fmt: skip
        return 0

    # ---- fields
    def _fields(self, line: Happening) -> dict[str, Any]:
        declared = {
            field.key: field
            for field in self.policy.vocabulary.fields.values()
            if field.parent == line.event.text and field.key != "date"
        }
        found: dict[str, Any] = {}
        for detail in line.details:
            field = declared.get(detail.name.text)
            if field is None:
                self.report.unknown(f"field of {line.event.text}", detail.name.text, detail.name.span, declared)
            elif field.key in found:
                self.report.error("SI302", f"`{field.key}` is told twice", detail.name.span, "tell it once")
            else:
                found[field.key] = self._raw(detail, field)
        return found

    def _raw(self, detail: Detail, field: Field) -> Any:
        """A value as a history file would give it; checked against its kind as evidence is."""
        place = tree.Place(detail.name, False, None, False, False, None, detail.name.span)
        if self.giver.datum(tree.Given(place, detail.sort, detail.text, detail.unit, detail.span), field) is None:
            return None
        if detail.sort == "absent":
            return {"absent": detail.text}
        if detail.sort == "none":
            return {"none": True}
        return detail.text == "yes" if isinstance(field.kind, Flag) else detail.text
