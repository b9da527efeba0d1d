"""Chooses terms: evidence, constants, and what is worked out from them, by the unit they are counted in."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from tests.properties.generator.choosing import Chooser, Place
from tests.properties.generator.declarations import DAYS, VISIT_DAY
from tests.properties.generator.declaring import GRADES, MARKS
from tests.properties.generator.terms import (
    Adjusted,
    Between,
    Condition,
    CountYears,
    Day,
    DaysApart,
    DecisionDay,
    ListOf,
    Moved,
    Number,
    OfRecord,
    OfYear,
    OverRecords,
    OverYears,
    Own,
    PercentOf,
    Place as OnScale,
    Product,
    Quotient,
    Stated,
    Steps,
    Term,
    Total,
)

CONSTANTS: dict[str, tuple[str, ...]] = {
    "percent": ("0", "20", "49.5", "50", "50.5", "80", "100", "104", "-1"),
    "percentage_points": ("-5", "0", "2.5", "10", "30"),
    "points": ("-2", "-0.5", "0", "1", "1.5", "3"),
    "heads": ("0", "1", "2", "2.5", "3", "5"),
    "number": ("0", "0.5", "1", "1.5", "2", "3"),
    "points per heads": ("-1", "0", "0.5", "1", "2"),
    "days": ("-30", "0", "100", "365", "700"),
    "months": ("-1", "0", "6", "18"),
    "years": ("0", "1", "2"),
}
SCALES: dict[str, tuple[str, ...]] = {"grades": GRADES, "marks": MARKS}
STEPS: dict[str, str] = {"percent": "5", "points": "0.5", "heads": "2", "number": "0.5", "points per heads": "0.5",
                         "days": "100", "months": "3", "years": "2", "percentage_points": "5"}  # fmt: skip


class TermChooser(Chooser):
    """Chooses terms."""

    def condition_at_hand(self, place: Place) -> Condition:
        """A condition of a record or a year at hand."""
        raise NotImplementedError

    # ---- what is not worked out
    def datum(self, unit: str, place: Place) -> Term:
        """Evidence of a unit; a whole number has few values, so that all of them can be gone through."""
        if place.at_hand == "record" and unit in ("heads", "date", "marks"):
            return OfRecord({"heads": "visit.stay", "date": VISIT_DAY, "marks": "visit.mark"}[unit], None)
        pick = self.random.choice
        choices: dict[str, list[Term]] = {
            "percent": [Own("share"), self._of_year("tests.passed"), self._of_year("turnout.rate")],
            "points": [Own("margin"), self._of_year("tests.score")],
            "heads": [Own("size"), Own("spare"), self._of_year("tests.sat"), OfRecord("visit.stay", pick((0, 1)))],
            "date": [Own("opened"), Own("opened"), OfRecord(VISIT_DAY, pick((0, 0, 1)))],
            "grades": [Own("grade"), Own("prior")],
            "marks": [OfRecord("visit.mark", 0), OfRecord("visit.mark", 1)],
        }
        return pick(choices[unit])

    def _of_year(self, path: str) -> OfYear:
        kind = self.random.random()
        if kind < 0.55:
            return OfYear(path)
        return OfYear(path, 1) if kind < 0.85 else OfYear(path, fixed=self.random.choice((2013, 2014)))

    def constant(self, unit: str) -> Term:
        if unit == "date":
            return Day(self.random.choice(DAYS))
        return Number(Fraction(self.random.choice(CONSTANTS[unit])), unit)

    def simple_term(self, unit: str, place: Place) -> Term:
        """Evidence, or a value with a name, where there is such; else the simplest that can be worked out."""
        known = self.known(unit, place)
        if known and self.chance(0.45):
            return self.random.choice(known)
        match unit:
            case "number":
                return self._number(replace(place))
            case "points per heads":
                return Quotient(self.datum("points", place), self.datum("heads", place))
            case "days" | "months" | "years":
                return self._between(unit, place)
            case _:
                return self.datum(unit, place)

    def _number(self, place: Place) -> Term:
        way = self.random.random()
        if place.at_hand or way < 0.4:
            return Quotient(self.datum("heads", place), self.datum("heads", place))
        if way < 0.7:
            where = self.condition_at_hand(replace(place, at_hand="record")) if self.chance(0.7) else None
            return OverRecords("count", where, None)
        path = self.random.choice(("tests", "turnout"))
        return CountYears(self.random.choice((1, 2, 3)), self.condition_at_hand(replace(place, at_hand=path)))

    def _between(self, unit: str, place: Place) -> Term:
        first, last = self.datum("date", place), self.random.choice((DecisionDay(), self.constant("date")))
        if self.chance(0.4):
            first, last = last, first
        return DaysApart(last, first) if unit == "days" and self.chance(0.5) else Between(unit, first, last)

    # ---- what is worked out
    def term(self, unit: str, place: Place, depth: int = 2) -> Term:
        """A term of a unit, worked out from others to some depth."""
        if depth == 0 or self.chance(0.2):
            return self.simple_term(unit, place)
        if unit == "date":
            return self._date(place, depth)
        if unit in SCALES:
            return self._on_scale(unit, place, depth)
        ways: list[Callable[[str, Place, int], Term]] = [
            self._adjusted, self._adjusted, self._listed, self._listed, self._total, self._scaled, self._special,
            self._special, self._special,
        ]  # fmt: skip
        return self.random.choice(ways)(unit, place, depth - 1)

    def _operand(self, unit: str, place: Place, depth: int) -> Term:
        return self.term(unit, place, depth) if self.chance(0.4) else self.simple_term(unit, place)

    def _total(self, unit: str, place: Place, depth: int) -> Term:
        left = self._operand(unit, place, depth)
        minus = self.chance(0.5)
        if unit == "percent":
            step = Stated("gap") if self.chance(0.5) else Number(Fraction(5), "percentage_points")
            return Total(left, step, minus)
        right = self.constant(unit) if self.chance(0.5) else self._operand(unit, place, depth)
        if self.chance(0.3):
            return Total(Total(left, right, minus), self.constant(unit), self.chance(0.5))
        return Total(left, right, minus)

    def _scaled(self, unit: str, place: Place, depth: int) -> Term:
        inner = self._operand(unit, place, depth)
        way = self.random.random()
        if way < 0.35:
            return PercentOf(Fraction(self.random.choice(("10", "50", "150", "12.5"))), inner)
        factor: Term = Number(Fraction(self.random.choice(("2", "0.5", "-1", "3"))), "number")
        if way < 0.6 and unit != "points per heads":
            return Quotient(inner, factor)
        if self.chance(0.3) and unit == "heads":
            factor = self._operand("number", place, 0)
        return Product(factor, inner) if self.chance(0.5) else Product(inner, factor)

    def _adjusted(self, unit: str, place: Place, depth: int) -> Term:
        inner = self._operand(unit, place, depth)
        way = self.random.choice(("places", "whole", "nearest", "at_most", "at_least", "at_most"))
        match way:
            case "places":
                return Adjusted(inner, way, Number(Fraction(self.random.choice((1, 2))), "number"))
            case "whole":
                return Adjusted(inner, way)
            case "nearest":
                return Adjusted(inner, way, Number(Fraction(STEPS[unit]), unit))
            case _:
                cap = self.constant(unit) if self.chance(0.6) else self.simple_term(unit, place)
                found = Adjusted(inner, way, cap)
                return Adjusted(found, "whole") if self.chance(0.2) else found

    def _listed(self, unit: str, place: Place, depth: int) -> Term:
        terms = [self._operand(unit, place, depth) for _ in range(self.random.choice((1, 2, 2, 3)))]
        if self.chance(0.2):
            terms.append(self.constant(unit))
        return ListOf(self._way(unit), tuple(terms), self.chance(0.4))

    def _way(self, unit: str) -> str:
        """How several are put together; percentages are not added up."""
        return self.random.choice(
            ("mean", "lowest", "highest") if unit == "percent" else ("sum", "mean", "lowest", "highest")
        )

    def _special(self, unit: str, place: Place, depth: int) -> Term:
        """What only one unit can be worked out from."""
        way = self._way(unit)
        years = self.random.choice((1, 2, 3))
        match unit:
            case "heads" if not place.at_hand and self.chance(0.5):
                where = self.condition_at_hand(replace(place, at_hand="record")) if self.chance(0.5) else None
                term = OfRecord("visit.stay", None)
                return OverRecords(way, where, Total(term, self.constant(unit), False) if self.chance(0.2) else term)
            case "heads":
                return OverYears(way, "tests.sat", years)
            case "percent" if self.chance(0.5):
                return OverYears(way, self.random.choice(("tests.passed", "turnout.rate", "turnout.rate")), years)
            case "percent":
                ratio = Quotient(self._operand("heads", place, 0), self._operand("heads", place, 0))
                return Adjusted(ratio, "percent")
            case "points" if self.chance(0.3):
                return OverYears(way, "tests.score", years)
            case "points":
                rate = Number(Fraction(self.random.choice(("0.5", "1", "2"))), "points per heads")
                return Product(rate, self._operand("heads", place, 0))
            case _:
                return self.simple_term(unit, place)

    def _date(self, place: Place, depth: int) -> Term:
        way = self.random.random()
        if way < 0.2:
            return DecisionDay()
        if way < 0.5:
            terms = tuple(self._operand("date", place, depth - 1) for _ in range(self.random.choice((1, 2, 2))))
            return ListOf(self.random.choice(("earliest", "latest")), terms, self.chance(0.4))
        unit = self.random.choice(("days", "weeks", "months", "years"))
        count: Term = Number(Fraction(self.random.choice((1, 3, 18)) if unit != "days" else 100), unit)
        if unit == "months" and self.chance(0.5):
            count = Stated("wait")
        day = DecisionDay() if self.chance(0.3) else self._operand("date", place, depth - 1)
        found = Moved(day, count, unit, self.chance(0.5))
        return Moved(found, Number(Fraction(3), "days"), "days", self.chance(0.5)) if self.chance(0.2) else found

    def _on_scale(self, unit: str, place: Place, depth: int) -> Term:
        scale = SCALES[unit]
        way = self.random.random()
        if way < 0.3:
            count = self.random.randint(1, len(scale) - 1)
            return Steps(count, self.chance(0.5), self._operand(unit, place, depth - 1), scale)
        if way < 0.6:
            cap = OnScale(self.random.choice(scale)) if self.chance(0.6) else self.simple_term(unit, place)
            inner = self._operand(unit, place, depth - 1)
            return Adjusted(inner, self.random.choice(("no_better", "no_worse")), cap, scale)
        if unit == "marks" and way < 0.8 and not place.at_hand:
            where = self.condition_at_hand(replace(place, at_hand="record")) if self.chance(0.4) else None
            return OverRecords(self.random.choice(("best", "worst")), where, OfRecord("visit.mark", None), scale)
        terms = tuple(self._operand(unit, place, depth - 1) for _ in range(self.random.choice((1, 2, 2, 3))))
        return ListOf(self.random.choice(("best", "worst")), terms, self.chance(0.4), scale)
