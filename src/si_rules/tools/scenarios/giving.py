"""Lines of evidence, of a scenario or of the cells of a table, checked and gathered."""

from fractions import Fraction
from typing import Final

from si_rules.semantics.facts import Absent, Datum, Known, KnownNone, Value
from si_rules.semantics.kind_reading import read_date
from si_rules.semantics.kinds import Choice, Date, Flag, Kind, Number, Scale, described, number_text, with_unit
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary import Field
from si_rules.source.nearest import nearest
from si_rules.syntax import scenario_tree as tree
from si_rules.syntax.tree import Word
from si_rules.tools.scenarios.evidence import GivenEvidence
from si_rules.tools.scenarios.places import Places

_SAID_OF_ABSENCE: Final = ("missing", "unknown", "blank", "empty", "null", "absent", "nothing", "unavailable")
_SAID_OF_FLAGS: Final = {"true": "yes", "false": "no", "y": "yes", "n": "no"}


class Giver:
    """Adds lines to the evidence of one case; a line that is wrong is reported and adds nothing."""

    def __init__(self, places: Places, report: Report, evidence: GivenEvidence) -> None:
        self.places = places
        self.report = report
        self.evidence = evidence

    def give(self, line: tree.Given) -> None:
        """Add one line."""
        if line.sort == "no_records":
            self._no_records(line)
        elif line.sort == "known_on":
            self._known_on(line)
        else:
            self._value_line(line)

    def _no_records(self, line: tree.Given) -> None:
        vocabulary = self.places.vocabulary
        collection = vocabulary.collections.get(line.place.name.text)
        if collection is None:
            self.report.unknown("records", line.place.name.text, line.place.name.span, vocabulary.collections)
            return
        self.evidence.closed.add(collection.listed_under)
        self.evidence.never.add(collection.listed_under)
        self.evidence.records.pop(collection.listed_under, None)
        for field in vocabulary.fields.values():
            if field.parent == collection.name:
                for position in ("latest", "previous"):
                    self.evidence.data[f"{collection.listed_under}.{position}.{field.key}"] = (field, KnownNone())

    def _known_on(self, line: tree.Given) -> None:
        holder = self.places.holder(line.place)
        day = read_date(Word(line.text, line.span), self.report)
        if holder is not None and day is not None:
            self.evidence.known[holder] = day

    def _value_line(self, line: tree.Given) -> None:
        found = self.places.find(line.place)
        if found is None:
            return
        path, field = found
        datum = self.datum(line, field)
        if datum is None:
            return
        records = self.places.vocabulary.collections.get(field.parent or "")
        if records is not None:
            self._record(line, path, field, datum, records.listed_under)
            return
        if line.place.judgement and line.place.day is not None:
            made = read_date(line.place.day, self.report)
            if made is None:
                return
            self.evidence.judged[path] = made
        elif line.place.judgement:
            self.evidence.judged.pop(path, None)
        self.evidence.data[path] = (field, datum)

    def _record(self, line: tree.Given, path: str, field: Field, datum: Datum, listed_under: str) -> None:
        self.evidence.withdraw_never(listed_under)
        dated = listed_under in self.evidence.records
        if (line.place.day is None and dated) or (line.place.day is not None and self.evidence.positions(listed_under)):
            self.report.error("SI709", "some of these records are given with their day, and some without",
                              line.place.span, "give every one of them with its day, or none")  # fmt: skip
            return
        self.evidence.closed.add(listed_under)
        if line.place.day is None:
            self.evidence.data[path] = (field, datum)
            return
        day = read_date(line.place.day, self.report)
        if day is not None:
            self.evidence.records.setdefault(listed_under, {}).setdefault(day, {})[field.path] = (field, datum)

    # ---- values
    def datum(self, line: tree.Given, field: Field) -> Datum | None:
        """The datum a line says of a field; None after a report."""
        match line.sort:
            case "disputed":
                return self._disputed(line, field)
            case "absent":
                return Absent(line.text)  # type: ignore[arg-type]
            case "none":
                if field.optional:
                    return KnownNone()
                self.report.error("SI703", f"{self._place(line)} cannot be none", line.span, described(field.kind))
                return None
            case _:
                return self._known(line, field)

    def _disputed(self, line: tree.Given, field: Field) -> Datum | None:
        """The candidates of a disputed place; the policy may prefer the origin of one of them."""
        found: list[tuple[str, Value]] = []
        for number, candidate in enumerate(line.candidates):
            if candidate.origin is not None and candidate.origin.text not in self.places.vocabulary.origins:
                self.report.unknown(
                    "origin", candidate.origin.text, candidate.origin.span, self.places.vocabulary.origins
                )
                return None
            one = tree.Given(line.place, candidate.sort, candidate.text, candidate.unit, candidate.span)
            datum = self._known(one, field)
            if not isinstance(datum, Known):
                return None
            origin = f"origin {number + 1}" if candidate.origin is None else candidate.origin.text
            found.append((origin, datum.value))
        return self.places.policy.settled_dispute(tuple(found))

    def _known(self, line: tree.Given, field: Field) -> Datum | None:
        value = self._value(line, field)
        if value is None:
            shown = line.text if line.unit is None else with_unit(line.text, line.unit)
            values = getattr(field.kind, "values", ())
            guess = nearest(line.text, values) if line.sort == "name" else in_its_unit(line.text, line.unit, field.kind)
            if isinstance(field.kind, Flag):
                guess = _SAID_OF_FLAGS.get(line.text)
            help_ = f"did you mean `{guess}`?" if guess else f"it is {_limits(field) or described(field.kind)}"
            if line.sort == "name" and line.text in _SAID_OF_ABSENCE:
                help_ = "write `not supplied`, or leave the line out: what is not given was not supplied"
            self.report.error("SI703", f"`{shown}` is not a value of {self._place(line)}", line.span, help_)
            return None
        return Known(value)

    def _place(self, line: tree.Given) -> str:
        return f"`{self.report.source.words(line.place.span)}`"

    def _value(self, line: tree.Given, field: Field) -> Value | None:
        kind = field.kind
        match kind, line.sort:
            case (Flag(), "flag"):
                return line.text == "yes"
            case (Choice() | Scale(), "name"):
                return line.text if line.text in kind.values else None
            case (Number(), "percent" | "number"):
                number = Fraction(line.text)
                below = kind.low is not None and number < kind.low
                above = kind.high is not None and number > kind.high
                whole = not kind.whole or number.denominator == 1
                return number if line.unit == kind.unit and whole and not below and not above else None
            case (Date(), "date"):
                return read_date(Word(line.text, line.span), self.report)
            case _:
                return None


def in_its_unit(text: str, unit: str | None, kind: Kind) -> str | None:
    """A bare figure with the unit of its kind; None where it has a unit, or the kind has none."""
    bare = unit == "number" and isinstance(kind, Number) and kind.unit != "number"
    return with_unit(text, kind.unit) if bare and isinstance(kind, Number) else None


def _limits(field: Field) -> str:
    """Between which figures a number lies, `from 0 to 366 days`; nothing where it has no limits."""
    kind = field.kind
    if not isinstance(kind, Number) or kind.low is None or kind.high is None:
        return ""
    return f"from {number_text(kind.low)} to {with_unit(number_text(kind.high), kind.unit)}"
