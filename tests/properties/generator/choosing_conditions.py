"""Chooses conditions: comparisons of all sorts, references, and the lists they are put together in."""

import re
from dataclasses import replace
from fractions import Fraction

from tests.properties.generator.choosing import LISTS, Place
from tests.properties.generator.choosing_terms import CONSTANTS, SCALES, TermChooser
from tests.properties.generator.declarations import DAYS, GROUP_FIELD, VISIT_DAY, Kind
from tests.properties.generator.rules import INVALID, UNMATCHED, Rule
from tests.properties.generator.terms import (
    Among,
    Asked,
    ClauseReference,
    Comparison,
    Condition,
    Day,
    DecisionDay,
    Exists,
    ForRecords,
    Includes,
    Item,
    Judged,
    Listing,
    Moved,
    Named,
    Number,
    OfRecord,
    OfYear,
    Own,
    Reference,
    Stated,
    Term,
    Total,
    Trend,
    leaves,
    parts,
    terms_in,
)
from tests.properties.generator.wording import line_text

COMPARED = ("heads", "heads", "number", "number", "percent", "points", "points per heads", "days", "months", "years",
            "date", "date")  # fmt: skip
MEASURED = {"tests": (("tests.passed", "percent"), ("tests.score", "points"), ("tests.sat", "heads")),
            "turnout": (("turnout.rate", "percent"),)}  # fmt: skip


class ConditionChooser(TermChooser):
    """Chooses conditions."""

    # ---- leaves of evidence
    def number_leaf(self) -> Comparison:
        """A comparison of sums of evidence."""
        unit = self.random.choice(("percent", "percent", "percent", "points", "heads", "date"))
        operator = self.random.choice(("<", "<=", ">", ">=", "<", ">=", "="))
        here = Place(False)
        left = Own("crowd") if unit == "heads" and self.chance(0.5) else self.datum(unit, here)
        kind = self.random.random()
        if kind < 0.4:
            right: Term = self.constant(unit)
        elif kind < 0.55 and unit != "points":
            right = Stated({"percent": "floor", "heads": "least", "date": "since"}[unit])
        else:
            right = self.datum(unit, here)
        if unit == "percent" and self.chance(0.3):
            step: Term = Stated("gap") if self.chance(0.7) else Number(Fraction(5), "percentage_points")
            if self.chance(0.5):
                right = Total(right, step, self.chance(0.5))
            else:
                left = Total(left, step, self.chance(0.5))
        elif unit == "percent" and self.chance(0.15):
            left, right = Total(left, self.datum(unit, here), True), self.constant("percentage_points")
        elif unit in ("points", "heads") and self.chance(0.3):
            other = self.datum(unit, here) if self.chance(0.5) else self.constant(unit)
            inner = Total(other, self.constant(unit), self.chance(0.5)) if self.chance(0.3) else other
            left = Total(left, inner, self.chance(0.5))
        if self.chance(0.15) and not isinstance(right, Number | Day):
            left, right = right, left
        data = [part for part in parts(left, right) if isinstance(part, Own | OfYear | OfRecord)]
        if len(set(data)) < len(data) and self.chance(0.9):
            return self.number_leaf()  # a datum that cancels itself out is wanted, but seldom
        sort = "date" if unit == "date" else "number"
        return self._in_one_year(Comparison(operator, left, right, sort))

    def _in_one_year(self, leaf: Comparison) -> Comparison:
        """A parameter by year needs one year of results in its comparison, or a year of its own."""
        years = {
            (t.path.partition(".")[0], t.back, t.fixed) for t in parts(leaf.left, leaf.right) if isinstance(t, OfYear)
        }
        if len(years) == 1 and self.chance(0.85):
            return leaf

        def dated(term: Term) -> Term:
            match term:
                case Stated("floor", None):
                    return Stated("floor", self.random.choice((2012, 2013, 2014)))
                case Total(left, right, minus):
                    return Total(dated(left), dated(right), minus)
                case _:
                    return term

        return replace(leaf, left=dated(leaf.left), right=dated(leaf.right))

    def among_leaf(self, place: Place) -> Among:
        """One of some named values, or yes or no."""
        sources: list[tuple[Term, Kind]] = [
            (term, self.declared.measure(f"judgements.{term.name}" if isinstance(term, Judged) else term.path).kind)
            for term in (
                Own(GROUP_FIELD), Own("grade"), Own("prior"), Own("lit"), OfRecord("visit.mark", 0),
                OfRecord("visit.note", 0), OfRecord("visit.mark", 1), OfRecord("visit.note", 1), Judged("view"),
                Judged("trust"),
            )
        ]  # fmt: skip
        if not place.plain:
            sources += [(Named(item.name), item.kind) for item in self.values
                        if item.kind.sort in ("choice", "scale", "flag") and (place.grown or not item.grown)]  # fmt: skip
        if self.chance(0.2):
            unit = self.random.choice(("grades", "grades", "marks"))
            sources = [(self.term(unit, place), Kind("scale", SCALES[unit]))]
        return self._among(*self.random.choice(sources))

    def _among(self, term: Term, kind: Kind) -> Among:
        if kind.sort == "flag":
            yes = self.chance(0.6)
            return Among(term, (yes,), f"is {'yes' if yes else 'no'}")
        value = self.random.choice(kind.values)
        place = kind.values.index(value)
        way = self.random.random()
        if kind.sort == "scale" and way < 0.3:
            return Among(term, kind.values[: place + 1], f"is {value} or better")
        if kind.sort == "scale" and way < 0.5:
            return Among(term, kind.values[place:], f"is {value} or worse")
        if way < 0.75:
            return Among(term, (value,), f"is {value}")
        values = self.random.sample(kind.values, self.random.randint(1, len(kind.values)))
        return Among(term, tuple(values), f"is one of {', '.join(values)}")

    def exists_leaf(self) -> Exists:
        """Whether there is something that may be none."""
        choices: list[Own | OfRecord | OfYear] = [OfRecord("visit.mark", 0), OfRecord("visit.note", 1)]
        for item in self.declared.fields:
            if item.optional and "." not in item.path:
                choices.append(Own(item.path))
            elif item.optional and item.path.startswith(("tests", "turnout")):
                choices.append(self._of_year(item.path))
        return Exists(self.random.choice(choices), self.chance(0.5))  # type: ignore[arg-type]

    # ---- leaves of what is worked out
    def computed_leaf(self, place: Place) -> Comparison:
        """A comparison of what is worked out."""
        unit = self.random.choice(COMPARED)
        left = self.term(unit, place)
        way = self.random.random()
        if way < 0.65:
            right = self.constant(unit)
        else:
            right = self.term(unit, place, 1 if way > 0.8 else 0)
        sort = "date" if unit == "date" else "number"
        return Comparison(self.random.choice(("<", "<=", ">", ">=", "=")), left, right, sort)

    def place_leaf(self, place: Place) -> Comparison:
        """Two places on one scale held against each other."""
        unit = self.random.choice(("grades", "grades", "marks"))
        left = self.term(unit, place, 1)
        while (right := self.simple_term(unit, place)) == left:
            left = self.term(unit, place, 1)
        return Comparison(self.random.choice(("<=", ">=", "=")), left, right, "place", SCALES[unit])

    def asked(self, place: Place) -> Asked | None:
        """What a classification came to."""
        known = [item for item in self.classifications if place.grown or not item.guarded]
        if not known or place.plain:
            return None
        found = self.random.choice(known)
        labels = tuple(item.label for item in found.classes)
        label = self.random.choice(labels)
        index = labels.index(label)
        way = self.random.choice(
            ("is", "is", "serious", "less", "one", UNMATCHED, INVALID if found.invalid else UNMATCHED)
        )
        match way:
            case "is":
                return Asked(found.name, (label,), f"is {label}")
            case "serious":
                return Asked(found.name, labels[: index + 1], f"is {label} or more serious")
            case "less":
                return Asked(found.name, labels[index:], f"is {label} or less serious")
            case "one":
                some = self.random.sample((*labels, UNMATCHED), self.random.randint(1, len(labels)))
                return Asked(found.name, tuple(some), f"is one of {', '.join(some)}")
            case _:
                return Asked(found.name, (way,), f"is {way}")

    def includes(self, place: Place) -> Includes | None:
        """Whether one thing stands among several."""
        choices = [Includes(item.name, described.label) for item in self.classifications
                   if item.all_stand and (place.grown or not item.guarded) for described in item.classes]  # fmt: skip
        choices += [Includes(table.name, value) for table in self.listings if place.grown or not table.grouped
                    for value in table.gives[0][1].values]  # fmt: skip
        return self.random.choice(choices) if choices and not place.plain else None

    # ---- at hand
    def condition_at_hand(self, place: Place) -> Condition:
        """A condition of the record, or of the year, at hand."""
        if place.at_hand != "record":
            path, unit = self.random.choice(MEASURED[place.at_hand])
            left: Term = OfYear(path, None)
            if self.chance(0.2) and unit == "percent":
                left = Total(left, Stated("gap"), self.chance(0.5))
            right = Stated("floor") if unit == "percent" and self.chance(0.3) else self.constant(unit)
            return Comparison(self.random.choice(("<", ">=", ">", "<=")), left, right)
        way = self.random.random()
        if way < 0.12:
            quantifier = self.random.choice(("all", "any"))
            items = [self._of_visit(way / 0.12) for way in (self.random.random(), self.random.random())]
            if items[0] != items[1]:
                return Listing(quantifier, 0, tuple(Item(item) for item in items), True)
        return self._of_visit(self.random.random())

    def _of_visit(self, way: float) -> Condition:
        if way < 0.3:
            return self._among(OfRecord("visit.mark", None), self.declared.measure("visit.mark").kind)
        if way < 0.5:
            return self._among(OfRecord("visit.note", None), self.declared.measure("visit.note").kind)
        if way < 0.75:
            right = Number(Fraction(self.random.choice(CONSTANTS["heads"][:4])), "heads")
            return Comparison(self.random.choice(("<", ">=", "=")), OfRecord("visit.stay", None), right)
        if way < 0.9:
            day: Term = Moved(DecisionDay(), Number(Fraction(self.random.choice((6, 14))), "months"), "months", True)
            day = day if self.chance(0.6) else Day(self.random.choice(DAYS))
            return Comparison(self.random.choice(("<", ">")), OfRecord(VISIT_DAY, None), day, "date")
        return Exists(OfRecord("visit.note", None), self.chance(0.5))

    # ---- one line
    def simple(self, place: Place) -> tuple[Condition, bool]:
        """A condition on one line, not yet used in its rule, and whether it applies to the grown only."""
        while True:
            found = self._simple(place)
            words = [re.sub(r"\W+", "_", line_text(leaf)) for leaf in leaves(found)]
            if len(set(words)) < len(words) or any(word in place.used for word in words):
                continue  # the same comparison twice in a rule is refused
            if not place.grown and self._inner_grown(found):
                continue  # what stands in a term cannot be left out by itself
            place.used.update(words)
            return found, self.is_grown(found)

    def _inner_grown(self, condition: Condition) -> bool:
        if isinstance(condition, ForRecords):
            return self.is_grown(condition)
        if not isinstance(condition, Comparison | Among):
            return False
        return any(isinstance(part, Named) and self.reads_grown(part) for part in terms_in(condition))

    def _simple(self, place: Place) -> Condition:
        way = self.random.random()
        if way < 0.13 and not place.plain:
            rules: list[Rule] = [rule for rule in self.rules if not rule.shown_to]
            if rules:
                return Reference(self.random.choice(rules).name, self.chance(0.7))
        if way < 0.18 and place.clauses:
            return ClauseReference(self.random.choice(place.clauses), self.chance(0.6))
        if way < 0.26 and (asked := self.asked(place)) is not None:
            return asked
        if way < 0.3 and (included := self.includes(place)) is not None:
            return included
        if way < 0.53:
            return self.among_leaf(place)
        if way < 0.58:
            path = self.random.choice(("tests.passed", "turnout.rate", "tests.score"))
            return Trend(path, self.random.choice((1, 2)), self.chance(0.3))
        if way < 0.61:
            return self.exists_leaf()
        if way < 0.64:
            return ForRecords(self.chance(0.5), self.condition_at_hand(replace(place, at_hand="record")))
        if way < 0.68:
            return self.place_leaf(place)
        return self.number_leaf() if way < 0.84 else self.computed_leaf(place)

    def line(self, place: Place) -> tuple[Condition, bool]:
        """A simple condition, or some joined by `and` or `or`."""
        if not self.chance(0.15):
            return self.simple(place)
        found = [self.simple(place) for _ in range(2)]
        if self.chance(0.3):
            inner = [self.simple(place) for _ in range(2)]
            joined = Listing(self.random.choice(("all", "any")), 0, tuple(Item(c) for c, _ in inner), True)
            found.append((joined, any(g for _, g in inner)))
        quantifier = self.random.choice(("all", "any"))
        return Listing(quantifier, 0, tuple(Item(c) for c, _ in found), True), any(g for _, g in found)

    # ---- lists
    def listing(self, place: Place, depth: int = 0) -> Listing:
        quantifier = self.random.choice(place.quantifiers if depth == 0 else LISTS)
        items: list[Item] = []
        if quantifier == "all" and not place.grown and self.chance(0.15):
            words = f"is one of {', '.join(self.declared.group)}"
            text = re.sub(r"\W+", "_", f"{GROUP_FIELD} {words}")
            if text not in place.used:
                place.used.add(text)
                items.append(Item(Among(Own(GROUP_FIELD), self.declared.group, words)))
                place = replace(place, grown=True)  # what is used in the rule stays one set
        for _ in range(self.random.choice((1, 2, 2, 3, 3)) if depth else self.random.choice((2, 2, 3, 3, 4))):
            if depth < 2 and self.chance(0.2):
                items.append(Item(self.listing(place, depth + 1)))
            else:
                condition, grown_only = self.line(place)
                items.append(Item(condition, self.chance(0.5) if place.grown and grown_only else grown_only))
        count = self.random.randint(1, len(items)) if quantifier == "at_least" else 0
        return Listing(quantifier, count, tuple(items))

    def condition(self, place: Place) -> Condition:
        return self.listing(place) if self.chance(0.85) else self.bare(place)

    def bare(self, place: Place) -> Condition:
        """A condition on one line where nothing can be left out."""
        while True:
            trial = replace(place, used=set(place.used))
            condition, grown_only = self.line(trial)
            if place.grown or not grown_only:
                place.used |= trial.used
                return condition
