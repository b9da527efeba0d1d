"""What a random policy means, told a second time: complete evidence, and every completion of incomplete evidence.

Written from the language's description and from the model of the policy that was printed, never from the
engine: it reads no core, and evidence only as the raw record.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, TypeAlias

from tests.properties.random_policies import (
    GROUP_FIELD,
    Among,
    ClauseReference,
    Comparison,
    Condition,
    Consequence,
    Day,
    Judged,
    Kind,
    Listing,
    Measure,
    Number,
    OfRecord,
    OfYear,
    Own,
    Policy,
    Reference,
    Results,
    Stated,
    Term,
    Total,
    Trend,
    leaves,
    parts,
    year_text,
)

NONE: Final = "(none)"
LIST: Final = "visits"
_SEEN: Final = "(truths already worked out)"
_FIXED: Final = "(truths of every completion)"
_MISSING: Final = "(what is missing)"
YES, NO, NOT_APPLICABLE = "holds", "does_not_hold", "not_applicable"
UNMATCHED: Final = "unmatched"
SOME_DAY: Final = Fraction(date(2014, 6, 1).toordinal())

Value: TypeAlias = Any  # bool, str, Fraction, date, or NONE
Values: TypeAlias = Mapping[str, Value]
Test: TypeAlias = Callable[[Values], str]


class NoYear(Exception):
    """A measure is read for a year in which it does not exist."""


# ---- evidence


def latest_year(results: Results, by: date) -> int:
    """The newest year of which the results are due: on the day of the month that first comes after it ends."""
    year = by.year + 1
    while date(year + 1 if results.month >= 9 else year + 2, results.month, results.day) > by:
        year -= 1
    return year


def known_data(policy: Policy, record: Mapping[str, Any], on: date, known_at: date) -> dict[str, Value]:
    """What the record says at the two dates: a value or `NONE` for each path that is known; the rest is missing."""
    found: dict[str, Value] = {}

    def keep(path: str, kind: Kind, raw: Any) -> None:
        if raw is None or (isinstance(raw, dict) and "absent" in raw):
            return
        if isinstance(raw, dict):
            found[path] = NONE
        elif kind.sort == "number":
            found[path] = Fraction(raw)
        else:
            found[path] = raw

    for item in policy.fields:
        if "." not in item.path:
            keep(item.path, item.kind, record.get(item.path))
    for results in policy.results:
        for year, entry in record.get(results.name, {}).items():
            if entry["published"] is not None and entry["published"] > known_at:
                continue
            for item in policy.fields:
                head, _, key = item.path.partition(".")
                if head == results.name:
                    keep(f"{head}.{year}.{key}", item.kind, entry.get(key))
    visits = record.get("visits")
    if isinstance(visits, list):
        happened = [v for v in visits if v["day"] <= on and (v["published"] or v["day"]) <= known_at]
        happened.sort(key=lambda visit: visit["day"], reverse=True)
        for item in policy.fields:
            head, _, key = item.path.partition(".")
            if head == "visit":
                for place, position in enumerate(("latest", "previous")):
                    path = f"visits.{position}.{key}"
                    if place < len(happened):
                        keep(path, item.kind, happened[place].get(key))
                    else:
                        found[path] = NONE
    for item in policy.judgements:
        entry = record.get("judgements", {}).get(item.path.partition(".")[2])
        if entry is not None and (entry["date"] is None or entry["date"] <= min(on, known_at)):
            keep(item.path, item.kind, entry["value"])
    return found


# ---- complete evidence

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
}


def _kept(test: Test, read: frozenset[str]) -> Test:
    """A test that is done once for all completions where nothing it reads is missing: they share `_FIXED`."""
    key = object()

    def tested(values: Values) -> str:
        fixed = values[_FIXED]
        truth: str | None = fixed.get(key)
        if truth is None:
            truth = test(values)
            if read.isdisjoint(fixed[_MISSING]):
                fixed[key] = truth
        return truth

    return tested


def negated(truth: str) -> str:
    return {YES: NO, NO: YES}.get(truth, truth)


def added(side: list[tuple[Value | str, Fraction]], values: Values) -> Value:
    """The sum of one side of a comparison; dates stand alone."""
    total: Value = None
    for part, sign in side:
        value = values[part] if isinstance(part, str) else part
        if total is None:
            total = value if sign > 0 else -value
        else:
            total = total + value if sign > 0 else total - value
    return total


@dataclass(frozen=True)
class Linear:
    """A comparison of numbers as a sum over data, compared with zero; dates count as days."""

    factors: tuple[tuple[str, Fraction], ...]
    constant: Fraction

    def turns(self, path: str, others: Values) -> Fraction | None:
        """The value of one datum at which it turns, where all the others have numbers."""
        own, rest = Fraction(0), self.constant
        for name, factor in self.factors:
            if name == path:
                own = factor
            elif factor == 0:
                continue
            elif others[name] == NONE:
                return None
            else:
                rest += factor * as_number(others[name])
        return None if own == 0 else -rest / own


def as_number(value: Value) -> Fraction:
    return Fraction(value.toordinal()) if isinstance(value, date) else value


class Meaning:
    """A policy at two dates: the truth of its rules and its outcome for complete evidence."""

    def __init__(self, policy: Policy, on: date, known_at: date) -> None:
        self.policy = policy
        self.on = on
        self.latest = {results.name: latest_year(results, min(on, known_at)) for results in policy.results}
        self.kinds: dict[str, tuple[Kind, bool]] = {}
        self._read: set[str] = set()
        self.linear: dict[Linear, None] = {}
        self.in_records: dict[str, Measure] = {}
        self.tests: dict[str, Test] = {}
        for rule in policy.rules:
            body = self._test(rule.condition)
            self.tests[rule.name] = self._for_grown(body) if rule.grouped else body
        self.tests.update(self._clauses())
        self.consequences = self._consequences()
        if policy.guarded:
            self._member({GROUP_FIELD: None}, only_note=True)

    # ---- where the data are
    def _datum(self, term: Term) -> str:
        """The path of a datum, noted with its kind. Raises `NoYear`."""
        match term:
            case Own(path):
                item = self.policy.measure(path)
            case Judged(name):
                path = f"judgements.{name}"
                item = self.policy.measure(path)
            case OfRecord(full, back):
                item = self.policy.measure(full)
                path = f"visits.{'previous' if back else 'latest'}.{full.partition('.')[2]}"
                self.in_records[path] = item
            case OfYear(full, back, fixed):
                item = self.policy.measure(full)
                head, _, key = full.partition(".")
                year = self.latest[head] - back if fixed is None else fixed
                if not item.exists_in(year):
                    raise NoYear
                path = f"{head}.{year_text(year)}.{key}"
            case _:
                raise TypeError(term)
        self.kinds[path] = (item.kind, item.optional)
        self._read.add(path)
        return path

    def _parameter(self, term: Stated, year: int | None) -> Value | str:
        """The value of a parameter, or the path under which it is missing."""
        parameter = next(item for item in self.policy.parameters if item.name == term.name)
        if parameter.from_date:
            begun = [value for day, value in sorted(parameter.from_date) if day <= self.on]
            if begun:
                return begun[-1]
            path = f"parameters.{term.name}"
        else:
            year = year if term.fixed is None else term.fixed
            assert year is not None
            values = dict(parameter.by_year)
            if year in values:
                return values[year]
            path = f"parameters.{term.name}.{year_text(year)}"
        self._read.add(path)
        # nothing bounds a value that the policy does not state
        self.kinds[path] = (Kind(parameter.kind.sort, unit=parameter.kind.unit), False)
        return path

    # ---- conditions
    def _test(self, condition: Condition) -> Test:
        match condition:
            case Listing():
                return self._listing(condition)
            case Reference(rule, holds):
                return lambda values: self.truth(rule, values) if holds else negated(self.truth(rule, values))
            case ClauseReference(label, holds):
                return self._test(Reference(f"standing.{label}", holds))
            case Comparison() | Among() | Trend():
                before, self._read = self._read, set()
                try:
                    test = self._leaf(condition)
                except NoYear:
                    return lambda _: NOT_APPLICABLE
                finally:
                    read, self._read = self._read, before
                return _kept(
                    self._for_grown(test) if self._grown_only(condition) else test, frozenset(read | {GROUP_FIELD})
                )

    def truth(self, name: str, values: Values) -> str:
        """The truth of a rule, worked out once for each completion."""
        seen = values[_SEEN]
        found: str | None = seen.get(name)
        if found is None:
            found = seen[name] = self.tests[name](values)
        return found

    def _grown_only(self, leaf: Comparison | Among | Trend) -> bool:
        grouped = {item.name for item in self.policy.results if item.grouped}
        paths = [leaf.path] if isinstance(leaf, Trend) else [t.path for t in terms_in(leaf) if isinstance(t, OfYear)]
        return any(path.partition(".")[0] in grouped for path in paths)

    def _member(self, values: Values, only_note: bool = False) -> bool:
        item = self.policy.measure(GROUP_FIELD)
        self.kinds[GROUP_FIELD] = (item.kind, item.optional)
        return not only_note and values[GROUP_FIELD] in self.policy.group

    def _for_grown(self, test: Test) -> Test:
        """What is about the grown only does not apply to others."""
        self._member({}, only_note=True)
        group = self.policy.group
        return lambda values: test(values) if values[GROUP_FIELD] in group else NOT_APPLICABLE

    def _leaf(self, leaf: Comparison | Among | Trend) -> Test:
        match leaf:
            case Among(term, wanted, _):
                path = self._datum(term)
                return lambda values: YES if values[path] in wanted else NO
            case Trend(full, years, rising):
                steps = [self._datum(OfYear(full, back)) for back in range(years, -1, -1)]
                for earlier, later in itertools.pairwise(steps):
                    self.linear[Linear(((later, Fraction(1)), (earlier, Fraction(-1))), Fraction(0))] = None

                def rises(values: Values) -> str:
                    found = [values[path] for path in steps]
                    if NONE in found:
                        return NO
                    pairs = itertools.pairwise(found)
                    return YES if all((b > a) if rising else (b < a) for a, b in pairs) else NO

                return rises
            case Comparison(operator, left, right):
                return self._comparison(operator, left, right)

    def _comparison(self, operator: str, left: Term, right: Term) -> Test:
        year = next((self.latest[t.path.partition(".")[0]] - t.back if t.fixed is None else t.fixed
                     for t in parts(left, right) if isinstance(t, OfYear)), None)  # fmt: skip
        sides = [self._sum(left, year), self._sum(right, year)]
        paths = [path for side in sides for path, _ in side if isinstance(path, str)]
        factors: dict[str, Fraction] = {}
        constant = Fraction(0)
        for sign, side in zip((1, -1), sides, strict=True):
            for part, factor in side:
                if isinstance(part, str):
                    factors[part] = factors.get(part, Fraction(0)) + sign * factor
                else:
                    constant += sign * factor * as_number(part)
        self.linear[Linear(tuple(factors.items()), constant)] = None
        true = _OPERATORS[operator]

        def compare(values: Values) -> str:
            if any(values[path] == NONE for path in paths):
                return NO  # a value known to be none meets no comparison
            return YES if true(added(sides[0], values), added(sides[1], values)) else NO

        return compare

    def _sum(self, term: Term, year: int | None) -> list[tuple[Value | str, Fraction]]:
        """The parts of a sum, paths or values, each with its sign."""
        match term:
            case Total(left, right, minus):
                sign = Fraction(-1 if minus else 1)
                return [*self._sum(left, year), *((part, f * sign) for part, f in self._sum(right, year))]
            case Number(value, _) | Day(value):
                return [(value, Fraction(1))]
            case Stated():
                return [(self._parameter(term, year), Fraction(1))]
            case _:
                return [(self._datum(term), Fraction(1))]

    def _listing(self, listing: Listing) -> Test:
        tests = [self._test(item.condition) for item in listing.items]
        quantifier, count = listing.quantifier, listing.count

        def listed(values: Values) -> str:
            truths = [truth for test in tests if (truth := test(values)) != NOT_APPLICABLE]
            if not truths:
                return NOT_APPLICABLE
            holding = truths.count(YES)
            enough = {"all": holding == len(truths), "any": holding > 0, "none": holding == 0}
            return YES if enough.get(quantifier, holding >= count) else NO

        return listed

    # ---- the classification
    def _clauses(self) -> Iterator[tuple[str, Test]]:
        for clause in self.policy.clauses():
            yield f"standing.{clause.label}", self._clause(self._test(clause.condition), clause.gives_way)

    def _clause(self, body: Test, gives_way: tuple[str, ...]) -> Test:
        """Where a clause it gives way to holds, it does not, whatever it says itself; otherwise it is what it says."""
        others = [f"standing.{label}" for label in gives_way]

        def tested(values: Values) -> str:
            return NO if any(self.truth(other, values) == YES for other in others) else body(values)

        return tested

    def applies(self, values: Values) -> bool:
        return not self.policy.guarded or self._member(values)

    def outcome(self, values: Values) -> str:
        """The outcome of the classification: a label, `unmatched` or `not_applicable`."""
        if not self.applies(values):
            return NOT_APPLICABLE
        for described in self.policy.classes:
            if any(self.truth(f"standing.{clause.label}", values) == YES for clause in described.clauses):
                return described.label
        return UNMATCHED

    def _consequences(self) -> dict[tuple[str, ...], list[tuple[str, Callable[[Values, str], bool]]]]:
        """What says the same thing follows where any of its sources does."""
        found: dict[tuple[str, ...], list[tuple[str, Callable[[Values, str], bool]]]] = {}
        policy = self.policy
        sources: list[tuple[tuple[Consequence, ...], tuple[str, ...], Callable[[Values, str], bool]]] = []
        for rule in policy.rules:
            sources.append((rule.then, rule.shown_to, lambda v, _, name=rule.name: self.truth(name, v) == YES))
        for described in policy.classes:
            sources.append((described.then, (), lambda _, o, label=described.label: o == label))
        sources.append((policy.unmatched, (), lambda _, o: o == UNMATCHED))
        sources.append((policy.whatever, (), lambda _, o: o != NOT_APPLICABLE))
        for items, shown_to, origin in sources:
            for item in items:
                test = None if item.condition is None else self._test(item.condition)
                if item.grouped:
                    self._member({}, only_note=True)

                def follows(values: Values, outcome: str, item=item, test=test, origin=origin) -> bool:  # type: ignore[no-untyped-def]
                    if not origin(values, outcome) or (item.grouped and not self._member(values)):
                        return False
                    return test is None or test(values) == YES

                when = {"every term": "every term", "during fair": "during the fair"}.get(item.timing, "")
                key = (item.party, item.modality, item.action, when, ",".join(shown_to) or "public")
                found.setdefault(key, []).append(("", follows))
        return found


def terms_in(leaf: Comparison | Among) -> Iterator[Term]:
    return parts(leaf.term) if isinstance(leaf, Among) else parts(leaf.left, leaf.right)


# ---- every completion


class Completions:
    """All ways to complete the evidence of one subject, with what each comes to."""

    def __init__(self, meaning: Meaning, known: Values, closed: bool) -> None:
        self.meaning = meaning
        self.known = {path: known[path] for path in meaning.kinds if path in known}
        missing = {path for path in meaning.kinds if path not in known}
        if not closed and any(path.startswith(f"{LIST}.") for path in missing):
            missing.add(LIST)  # how many records there are: none, one, or two and more
        self.missing = tuple(sorted(missing))
        self.joint = self._joint()
        self.domains = {path: self._domain(path) for path in self.missing}

    @property
    def size(self) -> int:
        total = 1
        for domain in self.domains.values():
            total *= len(domain)
        return total

    def _joint(self) -> bool:
        """Whether some comparison is of two missing data at once."""
        return any(len(self._open(linear)) > 1 for linear in self.meaning.linear)

    def _open(self, linear: Linear) -> list[str]:
        """The missing data of a comparison that can still turn it."""
        if any(self.known.get(path) == NONE for path, _ in linear.factors):
            return []
        return [path for path, factor in linear.factors if path not in self.known and factor]

    def _domain(self, path: str) -> list[Value]:
        if path == LIST:
            return [0, 1, 2]
        kind, optional = self.meaning.kinds[path]
        values: list[Value]
        if kind.sort == "flag":
            values = [True, False]
        elif kind.sort in ("choice", "scale"):
            values = list(kind.values)
        else:
            values = self._numbers(path, kind)
        return [*values, NONE] if optional else values

    def _numbers(self, path: str, kind: Kind) -> list[Value]:
        cuts = sorted(self._cuts[path])
        low, high = kind.low, kind.high
        if kind.sort == "date":
            days = {cut + step for cut in cuts for step in (-1, 0, 1)} or {SOME_DAY}
            days |= {Fraction(int((a + b) / 2)) for a, b in itertools.pairwise(cuts) if b - a > 2}
            return [date.fromordinal(int(day)) for day in sorted(days) if day.denominator == 1]
        if kind.whole:
            first = int(low or 0)
            last = int(high) if high is not None else int(max([*cuts, Fraction(first)])) + 2
            if high is None and self.joint:
                last += 3  # room for every order of two or three counts
            return [Fraction(number) for number in range(first, last + 1)]
        edges = [cut for cut in cuts if (low is None or cut >= low) and (high is None or cut <= high)]
        ends = [low if low is not None else min([*edges, Fraction(0)]) - 4,
                high if high is not None else max([*edges, Fraction(0)]) + 4]  # fmt: skip
        found = set(edges)
        shares = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)) if self.joint else (Fraction(1, 2),)
        for left, right in itertools.pairwise(sorted({*edges, *ends})):
            found |= {left + (right - left) * share for share in shares}
        return sorted(found) or [ends[0]]

    @cached_property
    def _cuts(self) -> dict[str, set[Fraction]]:
        """Where each missing number makes a comparison turn; through comparisons of two, so that all orders occur."""
        found: dict[str, set[Fraction]] = {path: set() for path in self.missing}
        for linear in self.meaning.linear:
            if len(open_ := self._open(linear)) == 1:
                turn = linear.turns(open_[0], self.known)
                found[open_[0]] |= set() if turn is None else {turn}
        for _ in range(2):
            for linear in self.meaning.linear:
                open_ = self._open(linear)
                if len(open_) == 2:
                    for one, other in (open_, reversed(open_)):
                        ends = [end for end in (self._end(other, "low"), self._end(other, "high")) if end is not None]
                        start = SOME_DAY if self.meaning.kinds[other][0].sort == "date" else Fraction(0)
                        for cut in [*found[other], *ends, *([] if found[other] or ends else [start])]:
                            turn = linear.turns(one, {**self.known, other: cut})
                            found[one] |= set() if turn is None else {turn}
        return found

    def _end(self, path: str, which: str) -> Fraction | None:
        return getattr(self.meaning.kinds[path][0], which)  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[tuple[tuple[Value, ...], Values]]:
        fixed: dict[Any, Any] = {_MISSING: frozenset(self.missing)}
        for combination in itertools.product(*(self.domains[path] for path in self.missing)):
            values = {**self.known, **dict(zip(self.missing, combination, strict=True)), _SEEN: {}, _FIXED: fixed}
            if LIST in values:
                # of a list with fewer records, what would stand in the others is none
                gone = ("visits.latest.", "visits.previous.")[values[LIST] :]
                values.update((path, NONE) for path in self.missing if path.startswith(gone))
            yield combination, values


@dataclass
class Told:
    """What all completions come to."""

    missing: tuple[str, ...]
    outcomes: dict[tuple[Value, ...], str]
    truths: dict[str, set[str]]
    follows: dict[tuple[str, ...], set[bool]]
    joint: bool

    @property
    def possible(self) -> set[str]:
        return set(self.outcomes.values())

    @property
    def status(self) -> str:
        if len(self.possible) > 1:
            return "undetermined"
        (only,) = self.possible
        return only if only in (UNMATCHED, NOT_APPLICABLE) else "determined"


def told(completions: Completions) -> Told:
    """Goes through every completion."""
    meaning = completions.meaning
    found = Told(completions.missing, {}, {name: set() for name in meaning.tests}, {}, completions.joint)
    found.follows = {key: set() for key in meaning.consequences}
    for combination, values in completions:
        outcome = found.outcomes[combination] = meaning.outcome(values)
        for name in meaning.tests:
            if outcome != NOT_APPLICABLE or not name.startswith("standing."):
                found.truths[name].add(meaning.truth(name, values))
        for key, sources in meaning.consequences.items():
            found.follows[key].add(any(follows(values, outcome) for _, follows in sources))
    return found


# ---- needs


def supplied_with(chosen: frozenset[str]) -> frozenset[str]:
    """Some data with the list they stand in: who supplies a record supplies the list."""
    return chosen | {LIST} if any(path.startswith(f"{LIST}.") for path in chosen) else chosen


def named(data: frozenset[str]) -> frozenset[str]:
    """Some data as they are told: the list by itself only where nothing in it is named."""
    return data - {LIST} if any(path.startswith(f"{LIST}.") for path in data) else data


def settles(found: Told, chosen: frozenset[str]) -> tuple[bool, bool]:
    """Whether the values of some data settle the outcome whatever the rest: for every values, and for some."""
    places = [index for index, path in enumerate(found.missing) if path in chosen]
    groups: dict[tuple[Value, ...], set[str]] = {}
    for combination, outcome in found.outcomes.items():
        groups.setdefault(tuple(combination[place] for place in places), set()).add(outcome)
    single = [len(outcomes) == 1 for outcomes in groups.values()]
    return all(single), any(single)


def matters(found: Told) -> frozenset[str]:
    """The data of which some change, all else left as it is, changes the outcome."""
    everything = frozenset(found.missing)
    return named(frozenset(path for path in found.missing if not settles(found, everything - {path})[0]))


def smallest_settling(found: Told, most: int) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The sets of at most `most` data that settle for every values, and for some, with no smaller one inside."""
    will: set[frozenset[str]] = set()
    could: set[frozenset[str]] = set()
    for size in range(most + 1):
        for combination in itertools.combinations(found.missing, size):
            chosen = frozenset(combination)
            if named(chosen) != chosen:
                continue
            always, sometimes = settles(found, supplied_with(chosen))
            for settling, sets in ((always, will), (sometimes, could)):
                if settling and not any(supplied_with(smaller) < supplied_with(chosen) for smaller in sets):
                    sets.add(chosen)
    return will, could


def leaf_count(policy: Policy) -> int:
    """How many comparisons the rules of a policy hold."""
    conditions = [rule.condition for rule in policy.rules] + [clause.condition for clause in policy.clauses()]
    return sum(1 for condition in conditions for _ in leaves(condition))


def day_after(day: date, days: int) -> date:
    return day + timedelta(days)
