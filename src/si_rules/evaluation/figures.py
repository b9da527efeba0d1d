"""Figures over a cohort: a first pass over its members, so that a second may ask about one of them.

Members to whom a figure does not apply leave it; members of whom it is not known give a range, and so do those that
could not be read, of which nothing is known.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Final

from attrs import evolve, field, frozen

from si_rules.evaluation.completions import Completions
from si_rules.evaluation.diagram import TooManyNodes
from si_rules.evaluation.interpreter import NOT_APPLICABLE_OUTCOME, Interpreter
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.special import NONE, NOT_APPLIED
from si_rules.evaluation.truth import FAILS, HOLDS, NOT_APPLICABLE, UNDETERMINED, Truth, guarded
from si_rules.evaluation.values import Guess, Open, Part, limits, paths_of
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, CohortIdentity, Datum, DoesNotApply, Facts, Known
from si_rules.semantics.kinds import Number
from si_rules.source.canonical import digest

_NO_COHORT: Final = Absent("no_cohort")


@frozen
class _Standing:
    """How one member counts: whether it certainly or perhaps does, between which values, and how often in a mean.

    `weight` is None where that is not known.
    """

    subject: str
    certain: bool
    low: Fraction | None
    high: Fraction | None
    weight: Fraction | None = Fraction(1)


@frozen
class Members:
    """The members of a cohort, and what each figure makes of each of them, worked out once.

    `unread` is the number of those whose evidence could not be read.
    """

    name: str
    situation: Situation
    facts: Sequence[Facts]
    unread: int = 0
    _standings: dict[str, list[_Standing]] = field(factory=dict, init=False)

    @cached_property
    def _digest(self) -> str:
        found = {"name": self.name, "members": sorted(member.evidence_digest for member in self.facts)}
        return digest({**found, "unread": self.unread} if self.unread else found)

    @cached_property
    def _subjects(self) -> frozenset[str]:
        return frozenset(member.subject_id for member in self.facts)

    def identity(self, subject: str) -> CohortIdentity:
        """The name of the cohort, its size, a digest of what is known of its members, and whether a subject is one."""
        return CohortIdentity(self.name, len(self.facts), self._digest, self.unread, subject in self._subjects)

    def standings(self, figure: core.Figure) -> list[_Standing]:
        """How each member counts in a figure; members that certainly do not are left out."""
        found = self._standings.get(figure.name)
        if found is None:
            stood = (_standing(figure, self.situation, member) for member in self.facts)
            unread = _unread(figure, self.situation)
            found = [standing for standing in stood if standing is not None]
            found += [unread] * self.unread if unread is not None else []
            self._standings[figure.name] = found
        return found


def with_figures(situation: Situation, facts: Facts, members: Members | None) -> Facts:
    """The facts about a subject with the figures of its cohort among them."""
    data = dict(facts.data)
    for figure in situation.policy.figures.values():
        if figure.path not in data:  # a scenario may give the figure itself
            data[figure.path] = _NO_COHORT if members is None else _figure(figure, situation, facts, members)
    return evolve(facts, data=data, cohort=None if members is None else members.identity(facts.subject_id))


def _figure(figure: core.Figure, situation: Situation, facts: Facts, members: Members) -> Datum:
    standings = members.standings(figure)
    if figure.measure in ("rank", "percentile"):
        own = _standing(figure, situation, facts)
        others = [standing for standing in standings if standing.subject != facts.subject_id]
        return _place(figure, own, others)
    match figure.measure:
        case "count":
            return _range(_total(standings))
        case "share":
            return _share(standings)
        case _:
            return _over_values(figure, standings)


# ---- one member


def _standing(figure: core.Figure, situation: Situation, facts: Facts) -> _Standing | None:
    """How one subject counts; None where it certainly does not."""
    interpreter = Interpreter(situation, facts, _Possible(situation, facts))
    belongs = HOLDS
    for condition in (figure.guard, figure.where):
        if condition is not None:
            belongs = guarded(belongs, interpreter.truth(condition))
    if belongs in (FAILS, NOT_APPLICABLE):
        return None
    value = _worth(figure, interpreter)
    weight = Fraction(1) if figure.weight is None else interpreter.term(figure.weight)
    if value in (NOT_APPLIED, NONE) or weight in (NOT_APPLIED, NONE) or (isinstance(weight, Fraction) and weight <= 0):
        return None
    certain = belongs is HOLDS and not (isinstance(value, Open) and _may_fall_away(value, situation, facts))
    low, high = (value.low, value.high) if isinstance(value, Open) else limits(value)
    return _Standing(facts.subject_id, certain, low, high, weight if isinstance(weight, Fraction) else None)


def counts_openly(figure: core.Figure, situation: Situation, facts: Facts) -> bool:
    """Whether it is open how a subject counts in a figure, or with which value."""
    found = _standing(figure, situation, facts)
    return found is not None and not (found.certain and found.low is not None and found.low == found.high)


def _unread(figure: core.Figure, situation: Situation) -> _Standing | None:
    """How a member counts of which nothing is known: perhaps, between the limits of what is asked."""
    if figure.term is None:
        return _Standing("", False, Fraction(0), Fraction(1))
    if situation.crosses_break(figure, *_terms(figure)):
        return None
    kind = figure.term.kind
    low, high = (kind.low, kind.high) if isinstance(kind, Number) else (None, None)
    return _Standing("", False, low, high, Fraction(1) if figure.weight is None else None)


def _may_fall_away(value: Open, situation: Situation, facts: Facts) -> bool:
    """Whether an open value may turn out not to apply or to be none: then the member does not count."""
    if value.may_not_apply:
        return True
    for path in paths_of(value):
        head, dot, _ = path.partition(".")
        if path in situation.lists:
            continue  # how many there are: a number, whatever the list holds
        if situation.kind_at(path)[1] or (dot and head in situation.lists and head not in facts.counts):
            return True
    return False


def _worth(figure: core.Figure, interpreter: Interpreter) -> Part:
    """The value of a member: one or nothing where a condition is asked, else that of the term within its limits."""
    if figure.condition is None:
        assert figure.term is not None
        if interpreter.situation.crosses_break(figure, *_terms(figure)):
            return NOT_APPLIED
        value: Part = interpreter.term(figure.term)
        return _limited(value, figure)
    match interpreter.truth(figure.condition):
        case Truth.HOLDS:
            return Fraction(1)
        case Truth.FAILS:
            return Fraction(0)
        case Truth.NOT_APPLICABLE:
            return NOT_APPLIED
        case _:
            may_not_apply = figure.measure == "share"  # an open condition may turn out not to apply
            return Open(Guess(figure.name, ()), may_not_apply, Fraction(0), Fraction(1))


def _terms(figure: core.Figure) -> list[core.Term]:
    """What is asked of each member, and by what it is weighted."""
    return [term for term in (figure.term, figure.weight) if term is not None]


def _limited(value: Part, figure: core.Figure) -> Part:
    """A missing value lies at least within the limits of its kind."""
    assert figure.term is not None
    kind = figure.term.kind
    if not isinstance(value, Open) or not isinstance(kind, Number) or value.may_not_apply:
        return value
    low = kind.low if value.low is None else value.low
    high = kind.high if value.high is None else value.high
    return evolve(value, low=low, high=high)


class _Possible:
    """The outcomes still possible of a member's classifications, for conditions that ask."""

    def __init__(self, situation: Situation, facts: Facts) -> None:
        self._completions = Completions(situation, facts)

    def __call__(self, name: str) -> tuple[str, ...]:
        try:
            found = self._completions.diagrams.terminals_under(self._completions.outcome(name))
        except TooManyNodes:
            labels = (item.label for item in self._completions.policy.classifications[name].classes)
            return (*labels, core.UNMATCHED, NOT_APPLICABLE_OUTCOME)
        named = tuple(sorted(outcome for outcome in found if outcome is not None))
        return named if None not in found else (*named, NOT_APPLICABLE_OUTCOME) if named else ()


# ---- all together


def _range(bounds: tuple[Fraction | None, Fraction | None]) -> Datum:
    low, high = bounds
    if low is not None and low == high:
        return Known(low)
    return Absent("cohort_incomplete", (), low, high)


def _total(standings: list[_Standing]) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest sum: a member that perhaps counts adds something or nothing."""
    zero = Fraction(0)
    lows = [s.low if s.certain else None if s.low is None else min(s.low, zero) for s in standings]
    highs = [s.high if s.certain else None if s.high is None else max(s.high, zero) for s in standings]
    low = None if None in lows else sum((x for x in lows if x is not None), zero)
    high = None if None in highs else sum((x for x in highs if x is not None), zero)
    return low, high


def _share(standings: list[_Standing]) -> Datum:
    """The share, in percent, of those it applies to: least where all that is open goes against, greatest where for."""
    certain = [s for s in standings if s.certain]
    perhaps = [s for s in standings if not s.certain]
    if not certain:
        return Absent("cohort_incomplete") if perhaps else DoesNotApply("no member to whom it applies")
    yes = sum(1 for s in certain if s.low == 1)
    may = sum(1 for s in certain if s.high == 1)
    against = sum(1 for s in perhaps if s.low == 0)
    in_favour = sum(1 for s in perhaps if s.high == 1)
    least = Fraction(100 * yes, len(certain) + against)
    return _range((least, Fraction(100 * (may + in_favour), len(certain) + in_favour)))


def _over_values(figure: core.Figure, standings: list[_Standing]) -> Datum:
    certain = [s for s in standings if s.certain]
    if figure.measure == "sum":
        return _range(_total(standings))
    if not certain:
        return DoesNotApply("no member to whom it applies") if not standings else Absent("cohort_incomplete")
    lows, highs = [s.low for s in standings], [s.high for s in standings]
    if None in lows or None in highs or any(s.weight is None for s in standings):
        return Absent("cohort_incomplete")
    low_values, high_values = [x for x in lows if x is not None], [x for x in highs if x is not None]
    sure_lows = [s.low for s in certain if s.low is not None]
    sure_highs = [s.high for s in certain if s.high is not None]
    match figure.measure:
        case "lowest":
            return _range((min(low_values), min(sure_highs)))
        case "highest":
            return _range((max(sure_lows), max(high_values)))
        case _:
            return _range((_least_mean(standings), -_least_mean(_mirrored(standings))))


def _mirrored(standings: list[_Standing]) -> list[_Standing]:
    return [
        evolve(s, low=None if s.high is None else -s.high, high=None if s.low is None else -s.low) for s in standings
    ]


def _least_mean(standings: list[_Standing]) -> Fraction:
    """The least mean: of those that perhaps count, the ones below the mean so far are taken in."""
    lows = [(s.certain, s.low, s.weight) for s in standings if s.low is not None and s.weight is not None]
    total = sum((low * weight for certain, low, weight in lows if certain), Fraction(0))
    count = sum((weight for certain, _, weight in lows if certain), Fraction(0))
    for low, weight in sorted((low, weight) for certain, low, weight in lows if not certain):
        if low < total / count:
            total, count = total + low * weight, count + weight
    return total / count


def _place(figure: core.Figure, own: _Standing | None, others: list[_Standing]) -> Datum:
    """The place of a subject among the others: one more than are before it; or the share, in percent, that stand lower.

    The subject is counted among those it is compared with, once.
    """
    if own is None:
        return DoesNotApply("the figure does not apply to it")
    if not own.certain:
        return Absent("cohort_incomplete")
    before = _above if figure.highest_first and figure.measure == "rank" else _below
    truths = [(other.certain, before(other, own)) for other in others]
    surely = sum(1 for certain, truth in truths if certain and truth is HOLDS)
    perhaps = sum(1 for _, truth in truths if truth is not FAILS)
    if figure.measure == "rank":
        return _range((Fraction(1 + surely), Fraction(1 + perhaps)))
    surely_not = sum(1 for certain, truth in truths if certain and truth is FAILS)
    most = Fraction(100 * perhaps, 1 + perhaps + surely_not)
    compared = sum(1 for certain, truth in truths if certain or truth is not HOLDS)
    return _range((Fraction(100 * surely, 1 + compared), most))


def _below(other: _Standing, own: _Standing) -> Truth:
    """Whether another stands lower."""
    if other.high is not None and own.low is not None and other.high < own.low:
        return HOLDS
    if other.low is not None and own.high is not None and other.low >= own.high:
        return FAILS
    return UNDETERMINED


def _above(other: _Standing, own: _Standing) -> Truth:
    """Whether another stands higher."""
    return _below(own, other)
