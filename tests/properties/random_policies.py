"""Small random policies, as text, with a model of what was written that the oracle reads instead of the core."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from si_rules.semantics.declared import LEGEND

# ---- kinds and declarations


@dataclass(frozen=True)
class Kind:
    """`sort` is flag, choice, scale (values the best first), number or date."""

    sort: str
    values: tuple[str, ...] = ()
    worst_first: bool = False
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    whole: bool = False
    limits_written: bool = False


@dataclass(frozen=True)
class Measure:
    """A declared field; years are the calendar years in which academic years begin."""

    path: str
    kind: Kind
    optional: bool = False
    first: int | None = None
    last: int | None = None
    shown_to: tuple[str, ...] = ()

    def exists_in(self, year: int) -> bool:
        return (self.first is None or year >= self.first) and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class Results:
    name: str
    grouped: bool
    month: int
    day: int


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: Kind
    by_year: tuple[tuple[int, Fraction], ...] = ()
    from_date: tuple[tuple[date, Fraction | date], ...] = ()


# ---- terms and conditions


@dataclass(frozen=True)
class Number:
    value: Fraction
    unit: str


@dataclass(frozen=True)
class Day:
    value: date


@dataclass(frozen=True)
class Own:
    path: str


@dataclass(frozen=True)
class Judged:
    name: str


@dataclass(frozen=True)
class OfRecord:
    path: str
    back: int


@dataclass(frozen=True)
class OfYear:
    path: str
    back: int = 0
    fixed: int | None = None


@dataclass(frozen=True)
class Stated:
    """The value of a parameter, for a fixed year where one is written."""

    name: str
    fixed: int | None = None


@dataclass(frozen=True)
class Total:
    left: "Term"
    right: "Term"
    minus: bool


Term: TypeAlias = Number | Day | Own | Judged | OfRecord | OfYear | Stated | Total


@dataclass(frozen=True)
class Comparison:
    operator: str
    left: Term
    right: Term


@dataclass(frozen=True)
class Among:
    term: Term
    values: tuple[str | bool, ...]
    words: str


@dataclass(frozen=True)
class Trend:
    path: str
    years: int
    rising: bool


@dataclass(frozen=True)
class Reference:
    rule: str
    holds: bool


@dataclass(frozen=True)
class ClauseReference:
    label: str
    holds: bool


@dataclass(frozen=True)
class Item:
    condition: "Condition"
    left_out: bool = False


@dataclass(frozen=True)
class Listing:
    """`quantifier` is all, any, none or at_least. An `inline` one is written with `and` or `or`."""

    quantifier: str
    count: int
    items: tuple[Item, ...]
    inline: bool = False


Condition: TypeAlias = Comparison | Among | Trend | Reference | ClauseReference | Listing


# ---- rules


@dataclass(frozen=True)
class Consequence:
    party: str
    modality: str
    action: str
    grouped: bool
    timing: str
    condition: Condition | None


@dataclass(frozen=True)
class Rule:
    name: str
    sort: str
    grouped: bool
    condition: Condition
    then: tuple[Consequence, ...] = ()
    shown_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    label: str
    condition: Condition
    gives_way: tuple[str, ...]


@dataclass(frozen=True)
class Class:
    label: str
    clauses: tuple[Clause, ...]
    then: tuple[Consequence, ...]


@dataclass(frozen=True)
class Policy:
    """A whole policy and its vocabulary. `classes` stand in order, the most serious first."""

    fields: tuple[Measure, ...]
    group: tuple[str, ...]
    results: tuple[Results, ...]
    judgements: tuple[Measure, ...]
    parameters: tuple[Parameter, ...]
    rules: tuple[Rule, ...]
    guarded: bool
    classes: tuple[Class, ...]
    unmatched: tuple[Consequence, ...]
    whatever: tuple[Consequence, ...]
    shuffle: int | None = None

    def measure(self, path: str) -> Measure:
        return next(item for item in (*self.fields, *self.judgements) if item.path == path)

    def clauses(self) -> Iterator[Clause]:
        for described in self.classes:
            yield from described.clauses


IN_FORCE = (date(2015, 9, 1), date(2016, 8, 31))
YEARS = (2011, 2012, 2013, 2014, 2015)
GROUP_FIELD = "sort"
MODALITIES = {"must": "must", "will": "will", "may": "may", "should": "should", "is_likely_to": "is likely to"}
OPERATORS = {"<": "is under", "<=": "is at most", ">": "is more than", ">=": "is at least", "=": "is"}
DATE_OPERATORS = {"<": "is before", ">": "is after", "=": "is", "<=": "is at most", ">=": "is at least"}


# ---- text


def year_text(start: int) -> str:
    return f"{start}-{(start + 1) % 100:02d}"


def decimal_text(value: Fraction) -> str:
    """A fraction with a finite decimal expansion, written out."""
    sign, value = ("-" if value < 0 else ""), abs(value)
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    while rest:
        rest *= 10
        digit, rest = divmod(rest, value.denominator)
        digits += str(digit)
    return f"{sign}{whole}" + (f".{digits}" if digits else "")


def quantity_text(value: Fraction, unit: str) -> str:
    text = decimal_text(value)
    if unit == "percent":
        return f"{text}%"
    return text if unit == "number" else f"{text} {unit.replace('_', ' ')}"


def kind_text(kind: Kind) -> str:
    match kind.sort:
        case "flag":
            return "yes or no"
        case "choice":
            return f"one of {', '.join(kind.values)}"
        case "scale":
            if kind.worst_first:
                return f"scale from worst to best: {', '.join(reversed(kind.values))}"
            return f"scale from best to worst: {', '.join(kind.values)}"
        case "date":
            return "date"
        case _:
            limits = ""
            if kind.limits_written and kind.low is not None and kind.high is not None:
                limits = f" between {decimal_text(kind.low)} and {decimal_text(kind.high)}"
            return kind.unit.replace("_", " ") + limits


def term_text(term: Term, inside: bool = False) -> str:
    match term:
        case Number(value, unit):
            return quantity_text(value, unit)
        case Day(value):
            return str(value)
        case Own(path):
            return path
        case Judged(name):
            return f"judgement {name}"
        case OfRecord(path, back):
            return f"{'previous' if back else 'latest'} {path}"
        case OfYear(path, back, fixed):
            if fixed is not None:
                return f"{path} in {year_text(fixed)}"
            return f"{'previous' if back else 'latest'} {path}"
        case Stated(name, fixed):
            return name if fixed is None else f"{name} in {year_text(fixed)}"
        case Total(left, right, minus):
            text = f"{term_text(left)} {'minus' if minus else 'plus'} {term_text(right, True)}"
            return f"({text})" if inside else text


def is_dated(term: Term, policy: Policy) -> bool:
    match term:
        case Day():
            return True
        case Own(path) | OfRecord(path, _) | OfYear(path, _, _):
            return policy.measure(path).kind.sort == "date"
        case Stated(name, _):
            return next(p for p in policy.parameters if p.name == name).kind.sort == "date"
        case _:
            return False


def line_text(condition: Condition, policy: Policy, inside: bool = False) -> str:
    """A condition on one line."""
    match condition:
        case Comparison(operator, left, right):
            words = (DATE_OPERATORS if is_dated(left, policy) else OPERATORS)[operator]
            return f"{term_text(left)} {words} {term_text(right)}"
        case Among(term, _, words):
            return f"{term_text(term)} {words}"
        case Trend(path, years, rising):
            return f"{path} has {'risen' if rising else 'fallen'} for {years} year{'s' if years > 1 else ''}"
        case Reference(rule, holds):
            return f"{rule} {'holds' if holds else 'does not hold'}"
        case ClauseReference(label, holds):
            return f"clause {label} {'holds' if holds else 'does not hold'}"
        case Listing(quantifier, _, items):
            word = " and " if quantifier == "all" else " or "
            text = word.join(line_text(item.condition, policy, True) for item in items)
            return f"({text})" if inside else text


HEADS = {"all": "all of", "any": "any of", "none": "none of"}


class Writer:
    """Writes a policy as text; with a seed, its declarations, clauses and items in another order."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.order = random.Random(policy.shuffle) if policy.shuffle is not None else None

    def mixed(self, items: Sequence[object]) -> list:  # type: ignore[type-arg]
        found = list(items)
        if self.order is not None:
            self.order.shuffle(found)
        return found

    def head(self, listing: Listing) -> str:
        return HEADS.get(listing.quantifier, f"at least {listing.count} of")

    def items(self, listing: Listing, depth: int) -> Iterator[str]:
        pad = "  " * depth
        for item in self.mixed(listing.items):
            if isinstance(item.condition, Listing) and not item.condition.inline:
                yield f"{pad}- {self.head(item.condition)}"
                yield from self.items(item.condition, depth + 1)
            else:
                left_out = ", left out where it does not apply" if item.left_out else ""
                yield f"{pad}- {line_text(item.condition, self.policy)}{left_out}"

    def _field(self, item: Measure) -> Iterator[str]:
        yield f'evidence {item.path} "about {item.path}"'
        yield f"  {kind_text(item.kind)}{', or none' if item.optional else ''}"
        if item.first is not None:
            yield f"  first in {year_text(item.first)}"
        if item.last is not None:
            yield f"  last in {year_text(item.last)}"
        if item.shown_to:
            yield f"  shown to {', '.join(item.shown_to)}"

    def _declared(self, restated: bool) -> Iterator[list[str]]:
        policy = self.policy
        for item in policy.fields:
            yield list(self._field(item))
        yield ['group grown "those that are grown"', f"  {GROUP_FIELD} is one of {', '.join(policy.group)}"]
        yield ['records visit "a visit"', "  listed under visits", "  happened on day, became known on published"]
        for results in policy.results:
            block = [
                f'results {results.name} "results of {results.name}"',
                "  each academic year, became known on published",
            ]
            if restated:
                month = {12: "December", 3: "March", 9: "September"}[results.month]
                block.append(f"  due on {results.day} {month} after the year ends on 31 August")
            block += ["  applies to places with grown"] if results.grouped else []
            yield block

    def vocabulary(self) -> str:
        head = ["vocabulary toy 1", "  subject place, plural places", "  identified by code", "  labelled by name"]
        blocks = [['audience public "everybody"'], ['audience officers "officers"'], ['audience chair "the chair"'],
                  ['unit heads "heads"'], *self._declared(restated=False)]  # fmt: skip
        # A group names a field and a field its records or results: these stand anywhere in the file.
        return _joined([head, *blocks])

    def policy_text(self) -> str:
        policy = self.policy
        head = ["policy toy.policy", '  title "A toy policy"', "  edition 2015-16",
                f"  in force {IN_FORCE[0]} to {IN_FORCE[1]}", "  vocabulary toy 1"]  # fmt: skip
        blocks: list[list[str]] = [["legend", *(f'  "{sentence}"' for sentence in LEGEND)], ['source SRC "A source"']]
        blocks += [[f'party {name} "the {name}"'] for name in PARTIES]
        blocks += [[f'action {name} "{name} something"'] for name in ACTIONS]
        blocks += [['occasion fair "the fair"']]
        blocks += list(self._declared(restated=True))
        for judgement in policy.judgements:
            block = [
                f'judgement {judgement.path.partition(".")[2]} "judged {judgement.path}"',
                f"  {kind_text(judgement.kind)}",
            ]
            block += [f"  shown to {', '.join(judgement.shown_to)}"] if judgement.shown_to else []
            blocks.append(block)
        for parameter in policy.parameters:
            blocks.append(list(self._parameter(parameter)))
        blocks += [list(self._rule(rule)) for rule in policy.rules]
        blocks.append(list(self._classification()))
        return _joined(self.mixed([head, *blocks]))

    def _parameter(self, item: Parameter) -> Iterator[str]:
        yield f'parameter {item.name} "the {item.name}": {kind_text(item.kind)}'
        yield '  cites SRC "1"'
        yield f'  interpretation PAR-{item.name.upper()} "Chosen."'
        for year, value in self.mixed(item.by_year):
            yield f"  for {year_text(year)}: {quantity_text(value, item.kind.unit)}"
        for day, value in self.mixed(item.from_date):
            shown = str(value) if isinstance(value, date) else quantity_text(value, item.kind.unit)
            yield f"  from {day}: {shown}"

    def _then(self, items: tuple[Consequence, ...], depth: int, head: str = "what follows") -> Iterator[str]:
        if not items:
            return
        pad = "  " * depth
        yield f"{pad}{head}"
        yield f'{pad}  cites SRC "what follows"'
        for item in self.mixed(items):
            text = f"{pad}  {item.party} {MODALITIES[item.modality]} {item.action}"
            text += ", for grown places" if item.grouped else ""
            text += f", {item.timing}" if item.timing else ""
            text += f", if {line_text(item.condition, self.policy)}" if item.condition is not None else ""
            yield text

    def _rule(self, rule: Rule) -> Iterator[str]:
        yield f'{rule.sort} {rule.name} "about {rule.name}"'
        yield f'  cites SRC "{rule.name}"'
        if rule.grouped:
            yield "  applies to places with grown"
        if rule.shown_to:
            yield f"  shown to {', '.join(rule.shown_to)}"
        if isinstance(rule.condition, Listing) and not rule.condition.inline:
            yield f"  holds when {self.head(rule.condition)}"
            yield from self.items(rule.condition, 2)
        else:
            yield f"  holds when {line_text(rule.condition, self.policy)}"
        yield from self._then(rule.then, 1)

    def _classification(self) -> Iterator[str]:
        policy = self.policy
        yield 'classification standing "The standing"'
        yield '  cites SRC "standing"'
        yield "  applies to grown places" if policy.guarded else "  applies to every place"
        yield "  when several classes hold, the most serious stands: " + ", ".join(c.label for c in policy.classes)
        yield "  when no class holds, unmatched"
        yield "  when evidence is missing, undetermined between the outcomes still possible, unless only one is left"
        for described in policy.classes:
            yield f'  class {described.label} "Class {described.label}"'
            yield f'    cites SRC "class {described.label}"'
            for position, clause in enumerate(self.mixed(described.clauses)):
                head = f"    {'or ' if position else ''}clause {clause.label}"
                gives_way = [f"      gives way to clause {label}" for label in clause.gives_way]
                if isinstance(clause.condition, Listing) and not clause.condition.inline:
                    yield f"{head}, {self.head(clause.condition)}"
                    yield f'      interpretation CL-{clause.label.upper().replace("_", "-")} "Read so."'
                    yield from self.items(clause.condition, 3)
                else:
                    yield f"{head}, when {line_text(clause.condition, policy)}"
                yield from gives_way
            yield from self._then(described.then, 2)
        yield from self._then(policy.unmatched, 1, "when unmatched")
        yield from self._then(policy.whatever, 1, "whatever the outcome")


def _joined(blocks: list[list[str]]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


PARTIES = ("council", "place")
ACTIONS = ("visit", "praise", "repair")

# ---- chance

LISTS = ("all", "all", "any", "none", "at_least")
NARROW = ("all",) * 9 + ("at_least", "any")  # for clauses: a subject may fit none of them


@dataclass
class Place:
    """Where a condition stands: whether only the grown get here, and what may be referred to."""

    grown: bool
    rules: list[Rule]
    clauses: list[str]
    used: set[str] = field(default_factory=set)
    quantifiers: tuple[str, ...] = LISTS


PERCENT = Kind("number", unit="percent", low=Fraction(0), high=Fraction(100))
CONSTANTS: dict[str, tuple[str, ...]] = {
    "percent": ("0", "20", "49.5", "50", "50.5", "80", "100", "104", "-1"),
    "percentage_points": ("-5", "0", "2.5", "10", "30"),
    "points": ("-2", "-0.5", "0", "1", "1.5", "3"),
    "heads": ("0", "1", "2", "2.5", "3", "5"),
}
DAYS = (date(2013, 9, 1), date(2014, 1, 15), date(2015, 2, 28))


class Generator:
    """Makes one policy from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.policy = self._declarations()

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def _declarations(self) -> Policy:
        pick, chance = self.random.choice, self.chance
        sorts = ("egg", "chick", "hen", "cock")[: pick((3, 4))]
        grades = ("gold", "silver", "tin")
        heads = pick((Kind("number", unit="heads", low=Fraction(0), whole=True),
                      Kind("number", unit="heads", low=Fraction(0), high=Fraction(4), whole=True, limits_written=True),
                      Kind("number", unit="heads", low=Fraction(1), high=Fraction(3), whole=True, limits_written=True)))  # fmt: skip
        points = pick((Kind("number", unit="points"),
                       Kind("number", unit="points", low=Fraction(-2), high=Fraction(3), limits_written=True)))  # fmt: skip
        share = pick((PERCENT, replace(PERCENT, low=Fraction(20), high=Fraction(80), limits_written=True)))
        fields = (
            Measure(GROUP_FIELD, Kind("choice", sorts), chance(0.15)),
            Measure("grade", Kind("scale", grades, chance(0.5)), chance(0.3)),
            Measure("lit", Kind("flag"), chance(0.3)),
            Measure("share", share, chance(0.3)),
            Measure("size", heads, chance(0.3)),
            Measure("margin", points, chance(0.4)),
            Measure("opened", Kind("date"), chance(0.2)),
            Measure("hidden", Kind("flag"), shown_to=("officers",)),
            Measure("visit.mark", Kind("scale", ("fine", "poor"))),
            Measure("visit.note", Kind("choice", ("dry", "wet", "odd")), chance(0.3)),
            Measure("visit.secret", PERCENT, shown_to=("officers",)),
            Measure("tests.passed", PERCENT, chance(0.2), None, pick((None, None, 2013, 2014))),
            Measure("tests.score", points, chance(0.3), pick((None, None, 2012, 2014)), None),
            Measure("turnout.rate", PERCENT, chance(0.2)),
            Measure("turnout.hidden", PERCENT, shown_to=("officers", "chair")),
        )
        judgements = (
            Measure("judgements.view", Kind("flag")),
            Measure("judgements.trust", Kind("scale", ("high", "fair", "low"), chance(0.5))),
            Measure("judgements.secret", Kind("flag"), shown_to=("officers",)),
        )
        parameters = (
            Parameter("floor", PERCENT, tuple((year, Fraction(pick((40, 50, 60)))) for year in YEARS)),
            Parameter("gap", Kind("number", unit="percentage_points"),
                      from_date=((date(2015, 9, 1), Fraction(5)), (date(2016, 2, 1), Fraction(pick((20, 30)))))),
            Parameter("least", Kind("number", unit="heads"), from_date=((date(2014, 9, 1), Fraction(pick((1, 2)))),)),
            Parameter("since", Kind("date"), from_date=((date(2015, 1, 1), pick(DAYS)),)),
        )  # fmt: skip
        group = sorts[1 : pick((2, 3))] or sorts[1:2]
        results = (Results("tests", chance(0.7), 12, 15), Results("turnout", False, pick((3, 9)), 30))
        return Policy(fields, group, results, judgements, parameters, (), chance(0.1), (), (), ())

    def grouped(self, path: str) -> bool:
        return any(item.grouped and item.name == path.partition(".")[0] for item in self.policy.results)

    # ---- leaves: with each, whether it applies to the grown only
    def datum(self, unit: str) -> Term:
        choices: dict[str, list[Term]] = {
            "percent": [Own("share"), self._of_year("tests.passed"), self._of_year("turnout.rate")],
            "points": [Own("margin"), self._of_year("tests.score")],
            "heads": [Own("size")],
            "date": [Own("opened")],
        }
        return self.random.choice(choices[unit])

    def _of_year(self, path: str) -> OfYear:
        kind = self.random.random()
        if kind < 0.55:
            return OfYear(path)
        return OfYear(path, 1) if kind < 0.85 else OfYear(path, fixed=self.random.choice((2013, 2014)))

    def constant(self, unit: str) -> Term:
        if unit == "date":
            return Day(self.random.choice(DAYS))
        return Number(Fraction(self.random.choice(CONSTANTS[unit])), unit)

    def number_leaf(self) -> Comparison:
        unit = self.random.choice(("percent", "percent", "percent", "points", "heads", "date"))
        operator = self.random.choice(("<", "<=", ">", ">=", "<", ">=", "="))
        left = self.datum(unit)
        kind = self.random.random()
        if kind < 0.4:
            right: Term = self.constant(unit)
        elif kind < 0.55 and unit != "points":
            right = Stated({"percent": "floor", "heads": "least", "date": "since"}[unit])
        else:
            right = self.datum(unit)
        if unit == "percent" and self.chance(0.3):
            step: Term = Stated("gap") if self.chance(0.7) else Number(Fraction(5), "percentage_points")
            if self.chance(0.5):
                right = Total(right, step, self.chance(0.5))
            else:
                left = Total(left, step, self.chance(0.5))
        elif unit == "percent" and self.chance(0.15):
            left, right = Total(left, self.datum(unit), True), self.constant("percentage_points")
        elif unit in ("points", "heads") and self.chance(0.3):
            other = self.datum(unit) if self.chance(0.5) else self.constant(unit)
            inner = Total(other, self.constant(unit), self.chance(0.5)) if self.chance(0.3) else other
            left = Total(left, inner, self.chance(0.5))
        if self.chance(0.15) and not isinstance(right, Number | Day):
            left, right = right, left
        data = [part for part in parts(left, right) if not isinstance(part, Number | Day | Stated)]
        if len(set(data)) < len(data) and self.chance(0.9):
            return self.number_leaf()  # a datum that cancels itself out is wanted, but seldom
        return self._in_one_year(Comparison(operator, left, right))

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

        return Comparison(leaf.operator, dated(leaf.left), dated(leaf.right))

    def among_leaf(self) -> Among:
        term: Term = self.random.choice((
            Own(GROUP_FIELD), Own("grade"), Own("lit"), OfRecord("visit.mark", 0), OfRecord("visit.note", 0),
            OfRecord("visit.mark", 1), OfRecord("visit.note", 1), Judged("view"), Judged("trust"),
        ))  # fmt: skip
        kind = self.policy.measure(f"judgements.{term.name}" if isinstance(term, Judged) else term.path).kind  # type: ignore[union-attr]
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

    def simple(self, place: Place) -> tuple[Condition, bool]:
        """A condition on one line, not yet used in its rule, and whether it applies to the grown only."""
        while True:
            found, grown_only = self._simple(place)
            words = [re.sub(r"\W+", "_", line_text(leaf, self.policy)) for leaf in leaves(found)]
            if len(set(words)) < len(words) or any(word in place.used for word in words):
                continue  # the same comparison twice in a rule is refused
            place.used.update(words)
            return found, grown_only

    def _simple(self, place: Place) -> tuple[Condition, bool]:
        way = self.random.random()
        if way < 0.2 and place.rules:
            rule = self.random.choice(place.rules)
            return Reference(rule.name, self.chance(0.7)), rule.grouped
        if way < 0.27 and place.clauses:
            return ClauseReference(self.random.choice(place.clauses), self.chance(0.6)), False
        if way < 0.6:
            return self.among_leaf(), False
        if way < 0.68:
            path = self.random.choice(("tests.passed", "turnout.rate", "tests.score"))
            return Trend(path, self.random.choice((1, 2)), self.chance(0.3)), self.grouped(path)
        leaf = self.number_leaf()
        return leaf, any(isinstance(t, OfYear) and self.grouped(t.path) for t in parts(leaf.left, leaf.right))

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

    def listing(self, place: Place, depth: int = 0) -> Listing:
        quantifier = self.random.choice(place.quantifiers if depth == 0 else LISTS)
        items: list[Item] = []
        if quantifier == "all" and not place.grown and self.chance(0.15):
            words = f"is one of {', '.join(self.policy.group)}"
            text = re.sub(r"\W+", "_", f"{GROUP_FIELD} {words}")
            if text not in place.used:
                place.used.add(text)
                items.append(Item(Among(Own(GROUP_FIELD), self.policy.group, words)))
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
        if self.chance(0.85):
            return self.listing(place)
        return self.bare(place)

    def bare(self, place: Place) -> Condition:
        """A condition on one line where nothing can be left out."""
        while True:
            trial = replace(place, used=set(place.used))
            condition, grown_only = self.line(trial)
            if place.grown or not grown_only:
                place.used |= trial.used
                return condition

    # ---- rules
    def consequences(self, most: int, grown: bool, rules: list[Rule], clauses: list[str]) -> tuple[Consequence, ...]:
        found = []
        for _ in range(self.random.randint(0, most)):
            grouped = self.chance(0.35)
            condition = None
            if self.chance(0.4):
                condition = self.bare(Place(grown or grouped, rules, clauses))
            timing = self.random.choice(("", "", "every term", "during fair"))
            found.append(
                Consequence(self.random.choice(PARTIES), self.random.choice(list(MODALITIES)[:3]),
                            self.random.choice(ACTIONS), grouped, timing, condition)
            )  # fmt: skip
        return tuple(found)

    def make(self) -> Policy:
        rules: list[Rule] = []
        for number in range(self.random.randint(1, 4)):
            grouped = self.chance(0.3)
            sort = self.random.choice(("fact", "trigger"))
            condition = self.condition(Place(grouped, list(rules), []))
            then = self.consequences(2, grouped, list(rules), []) if self.chance(0.3) else ()
            rules.append(Rule(f"{sort}_{number}", sort, grouped, condition, then))
        labels = self.random.choice((("5", "4", "3", "2", "1"), ("black", "red", "amber", "green", "white")))
        labels = labels[: self.random.choice((2, 2, 2, 2, 3, 3, 4, 5))]
        plan = [(label, f"{label if label.isdigit() else label + '_'}{letter}")
                for label in labels for letter in "abc"[: self.random.choice((1, 1, 1, 1, 2, 3))]]  # fmt: skip
        order = self.random.sample([clause for _, clause in plan], len(plan))
        made: dict[str, Clause] = {}
        for position, label in enumerate(order):
            known = order[:position]
            condition = self.condition(Place(self.policy.guarded, rules, known, quantifiers=NARROW))
            gives_way = self.random.sample(known, min(len(known), self.random.choice((0, 0, 0, 1, 1, 2))))
            made[label] = Clause(label, condition, tuple(gives_way))
        guarded = self.policy.guarded
        classes = tuple(
            Class(label, tuple(made[c] for owner, c in plan if owner == label),
                  self.consequences(2, guarded, rules, order))
            for label in labels
        )  # fmt: skip
        unmatched = self.consequences(1, guarded, rules, order)
        whatever = self.consequences(1, guarded, rules, order)
        return replace(
            self.policy, rules=(*rules, *self._secrets()), classes=classes, unmatched=unmatched, whatever=whatever
        )

    def _secrets(self) -> Iterator[Rule]:
        """Confidential rules; nothing public refers to them."""
        then = (Consequence("council", "must", "repair", False, "", None),)
        yes = Among(Judged("secret"), (True,), "is yes")
        yield Rule("whispered", "fact", False, yes, then, ("officers",))
        hidden = Among(Own("hidden"), (True,), "is yes")
        rate = Comparison("<", OfYear("turnout.hidden"), Number(Fraction(50), "percent"))
        secret = Comparison(">=", OfRecord("visit.secret", 0), Number(Fraction(50), "percent"))
        items = (Item(hidden), Item(rate), Item(secret), Item(Reference("whispered", True)))
        yield Rule("murmured", "trigger", False, Listing("any", 0, items), then, ("officers",))


def parts(*terms: Term) -> Iterator[Term]:
    """The terms that make up some terms, sums taken apart."""
    for term in terms:
        if isinstance(term, Total):
            yield from parts(term.left, term.right)
        else:
            yield term


def leaves(condition: Condition) -> Iterator[Comparison | Among | Trend]:
    match condition:
        case Listing(items=items):
            for item in items:
                yield from leaves(item.condition)
        case Comparison() | Among() | Trend():
            yield condition
        case _:
            return


def random_policy(seed: int) -> Policy:
    """The policy of a seed."""
    return Generator(seed).make()


def texts(policy: Policy) -> tuple[bytes, bytes]:
    """The policy and its vocabulary as files."""
    writer = Writer(policy)
    return writer.policy_text().encode(), writer.vocabulary().encode()
