"""The words of explanations: titles from the vocabulary and the policy, values as people read them."""

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from si_rules.decisions.steps import CameTo
from si_rules.evaluation.operations import rounded
from si_rules.evaluation.situation import Situation
from si_rules.evaluation.special import Special
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, DoesNotApply, Facts, Known, KnownNone, Value
from si_rules.semantics.kinds import SMALLEST_STEP, Date, Flag, Kind, Number, Scale, number_text, with_unit, words
from si_rules.semantics.traversal import terms_of, terms_under

_OPERATORS: Final = {"<": "is under", "<=": "is at most", ">": "is more than", ">=": "is at least", "=": "is"}
_DATE_OPERATORS: Final = {**_OPERATORS, "<": "is before", ">": "is after"}
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_REASONS: Final = {
    "not_supplied": "not supplied",
    "not_published": "not published",
    "suppressed": "suppressed",
    "not_stated": "the policy states no value",
    "disputed": "disputed",
    "stale": "too old to be accepted",
    "no_cohort": "no cohort supplied",
    "cohort_incomplete": "not known of every member of the cohort",
}
_CHAINS: Final = {"plus": "plus", "minus": "minus", "times": "times", "divided": "divided by"}
_LISTS: Final = {
    Number: {"sum": "sum", "mean": "mean", "lowest": "lowest", "highest": "highest"},
    Date: {"lowest": "earliest", "highest": "latest"},
    Scale: {"lowest": "best", "highest": "worst"},
}


class Wording:
    """Puts the leaves and the evidence of one decision into words."""

    def __init__(self, situation: Situation, facts: Facts) -> None:
        self.situation = situation
        self.policy = situation.policy
        self.facts = facts

    def leaf(self, leaf: core.Leaf) -> str:
        """What a leaf asks: `the overall grade at the latest inspection is good or outstanding`."""
        outside = self._outside(leaf)
        if outside is not None:
            return outside
        match leaf:
            case core.IsAmong(id=name) if name.startswith(core.IN_GROUP):
                group = self.policy.vocabulary.groups[name.removeprefix(core.IN_GROUP)]
                return f"it is one of the {group.title}"
            case core.IsAmong(term=core.FieldValue(path=path), values=values) if path.startswith(f"{core.HAPPENED}."):
                return self._happening(path.split(".")[1:], "has happened" if values[0] else "has not happened")
            case core.IsAmong(term=term, values=values):
                return self._among(term, values)
            case core.Compare(operator=operator, left=left, right=right):
                return self._compared(operator, left, right)
            case core.IsNone(term=term):
                return f"“{self.term(term)}” does not exist"
            case core.Trend(series=series, path=path, years=years, rising=rising):
                title = self.policy.vocabulary.fields[path].title
                latest = self.situation.latest(series)
                verb = "risen" if rising else "fallen"
                return f"{title}: {verb} each year for {_years(years)}, up to {latest}"

    def _happening(self, parts: list[str], has: str) -> str:
        name, *how = parts
        title = f"“{self.policy.events[name].title}” {has}"
        match how:
            case ["since", other]:
                return f"{title} since “{self.policy.events[other].title}”"
            case ["here"]:
                return f"{title} in the present state"
            case ["within", count, unit]:
                return f"{title} within {count} {unit}"
            case _:
                return title

    def _among(self, term: core.Term, values: tuple[str | bool, ...]) -> str:
        title = self.term(term)
        if isinstance(term.kind, Flag):
            judged = isinstance(term, core.FieldValue) and term.path.startswith("judgements.")
            return f"“{title}” is {'judged ' if judged else ''}{'yes' if values[0] else 'no'}"
        kind = term.kind
        if isinstance(kind, Scale) and 1 < len(values) < len(kind.values):
            if values == kind.values[: len(values)]:
                return f"{title} is {words(str(values[-1]))} or better"
            if values == kind.values[-len(values) :]:
                return f"{title} is {words(str(values[0]))} or worse"
        return f"{title} is {either(words(str(value)) for value in values)}"

    def _outside(self, leaf: core.Leaf) -> str | None:
        """Why a leaf does not apply, where its measure does not exist in the year it asks about."""
        for term in (inner for found in terms_of(leaf) for inner in terms_under(found)):
            if isinstance(term, core.YearValue) and self.situation.outside(term) is not None:
                title = self.policy.vocabulary.fields[term.path].title
                return f"there is no figure of this for {self.situation.outside(term)}: {title}"
        return None

    def _compared(self, operator: core.Operator, left: core.Term, right: core.Term) -> str:
        if isinstance(left.kind, Scale) and operator in ("<=", ">="):
            return f"{self.term(left)} is {self.term(right)} or {'better' if operator == '<=' else 'worse'}"
        table = _DATE_OPERATORS if isinstance(left.kind, Date) else _OPERATORS
        return f"{self.term(left)} {table[operator]} {self.term(right)}"

    def term(self, term: core.Term) -> str:
        """A term in words, a parameter with its value."""
        match term:
            case core.Constant(value=value, kind=kind):
                return value_text(value, kind)
            case core.ParameterValue(name=name, kind=kind):
                found = self.situation.parameter(term)
                stated = "no value stated" if found is None or isinstance(found, Special) else value_text(found, kind)
                return f"{stated}, {self.policy.parameters[name].title}"
            case core.DecisionDay():
                return "the day of the decision"
            case core.Computed():
                return self._computed(term)
            case core.DefinedValue(name=name):
                return self.policy.definitions[name].title
            case core.OverRecords():
                return self._over_records(term)
            case core.Chosen(cases=((_, value),), otherwise=None):
                return self.term(value)
            case core.Chosen():
                return "the value of the first case that holds"
            case core.RecordValue(path=path, back=None):
                return self.policy.vocabulary.fields[path].title
            case core.FieldValue() | core.RecordValue() | core.YearValue():
                return self.title(self.situation.path(term))

    def _computed(self, term: core.Computed) -> str:
        parts = [self._bracketed(part) for part in term.parts]
        listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
        match term.operation:
            case "plus" | "minus" | "times" | "divided" as chained:
                return f" {_CHAINS[chained]} ".join(parts)
            case "later" | "earlier" as moved:
                return f"{parts[0]} {'plus' if moved == 'later' else 'minus'} {parts[1]}"
            case "as_percent":
                return f"{parts[0]}, as a percentage"
            case "percent_of":
                return f"{parts[0]} of {parts[1]}"
            case "rounded":
                assert isinstance(term.detail, Fraction)
                return f"{parts[0]}, rounded to {number_text(term.detail)}"
            case "steps":
                assert isinstance(term.detail, int)
                count = abs(term.detail)
                better = "better" if term.detail < 0 else "worse"
                return f"{count} step{'s' if count > 1 else ''} {better} than {parts[0]}"
            case "days_between" | "months_between" | "years_between" as between:
                return f"the {between.partition('_')[0]} from {parts[0]} to {parts[1]}"
            case "no_lower" | "no_higher" as cap:
                scale = "no better than" if cap == "no_lower" else "no worse than"
                number = "at least" if cap == "no_lower" else "at most"
                return f"{parts[0]}, but {scale if isinstance(term.kind, Scale) else number} {parts[1]}"
            case "sum" if (asked := counted(term)) is not None:
                return f"how many of these hold: {'; '.join(map(self.inner, asked))}"
            case "sum" | "mean" | "lowest" | "highest" as operation:
                name = _LISTS[type(term.kind)][operation]
                existing = ", of those that exist" if term.detail == "existing" else ""
                return f"the {name} of {self._over_years(term) or listed}{existing}"

    def _over_years(self, term: core.Computed) -> str | None:
        """One measure in several years: `pupils in the tests over 2013-14 and 2014-15`; None of any other list."""
        measures = {part.path if isinstance(part, core.YearValue) else None for part in term.parts}
        (measure, *others) = measures
        if measure is None or others or len(term.parts) == 1:
            return None
        years = [str(self.situation.year(p.series, p.year)) for p in term.parts if isinstance(p, core.YearValue)]
        title = self.policy.vocabulary.fields[measure].title
        return f"{title} over {', '.join(years[:-1])} and {years[-1]}"

    def _bracketed(self, term: core.Term) -> str:
        """A part of what is worked out, in brackets where it is itself worked out."""
        text = self.term(term)
        return f"({text})" if isinstance(term, core.Computed) else text

    def _over_records(self, term: core.OverRecords) -> str:
        title = self.policy.vocabulary.collections[term.collection].title
        where = f" where {self.inner(term.where)}" if term.where is not None else ""
        if term.term is None:
            return f"the number of records of {title}{where}"
        name = _LISTS[type(term.kind)][term.operation]
        return f"the {name} of {self.term(term.term)} over all records of {title}{where}"

    def inner(self, condition: core.Condition) -> str:
        """A condition on one line, such as stands inside a term."""
        match condition:
            case core.Compare() | core.IsAmong() | core.IsNone() | core.Trend():
                return self.leaf(condition)
            case core.Not(condition=core.IsNone(term=term)):
                return f"“{self.term(term)}” exists"
            case core.Not(condition=core.RuleHolds(rule=rule)):
                return f"“{self.policy.rules[rule].title}” does not hold"
            case core.Not(condition=inner):
                return f"not ({self.inner(inner)})"
            case core.RuleHolds(rule=rule):
                return f"“{self.policy.rules[rule].title}” holds"
            case core.OutcomeIs():
                return self.outcome(condition)
            case core.Listed(quantifier=quantifier, count=count, items=items):
                shown = [f"({self.inner(i)})" if isinstance(i, core.Listed) else self.inner(i) for i in items]
                if quantifier in ("all", "match", "any"):
                    return f" {'or' if quantifier == 'any' else 'and'} ".join(shown)
                head = "none" if quantifier == "none" else f"at least {count}"
                return f"{head} of: {'; '.join(shown)}"
            case core.Guarded(body=body) | core.Unless(body=body):
                return self.inner(body)
            case core.ForRecords(every=every, collection=name, condition=inner):
                title = self.policy.vocabulary.collections[name].title
                return f"for {'every' if every else 'some'} record of {title}: {self.inner(inner)}"
            case core.Always():
                return "anything"

    def outcome(self, condition: core.OutcomeIs) -> str:
        """What a condition asks of a classification: `Priority for repair is urgent or programme`."""
        title = self.policy.classifications[condition.classification].title
        return f"{title} is {either(words(outcome) for outcome in condition.outcomes)}"

    def title(self, path: str) -> str:
        """The title of a datum: `pupils at level 4 …, 2013-14`."""
        head, _, rest = path.partition(".")
        if head == "parameters":
            return self.policy.parameters[self.situation.parameter_at(rest)].title
        collection = self.situation.collection_at(path)
        if collection is not None and not rest:
            return f"{collection.title}: the list of them, which may be empty"
        title = self.situation.field_at(path).title
        place = path.rpartition(".")[0].rpartition(".")[2]
        if collection is not None:
            return f"{title} ({place} {words(collection.name)})"
        return f"{title} ({place})" if self.situation.series_at(path) is not None else title

    def kind(self, path: str) -> Kind:
        """The kind of a datum."""
        return self.situation.kind_at(path)[0]

    def found(self, path: str) -> tuple[str | None, str | None, str | None]:
        """What was found at a path: the value, or the reason it is missing, and where it comes from."""
        datum = self.facts.at(path)
        match datum:
            case Known(value=value, provenance=provenance):
                if path in self.facts.counts:
                    return f"{self.facts.counts[path]} in the list", None, provenance
                return value_text(value, self.kind(path)), None, provenance
            case KnownNone(provenance=provenance):
                return "none", None, provenance
            case DoesNotApply(why=why):
                return "does not apply", None, why
            case Absent(reason=reason):
                if path.startswith("parameters."):
                    reason = "not_stated"
                return None, self._reason(path, reason, datum), datum.provenance

    def _reason(self, path: str, reason: str, absent: Absent) -> str:
        """Why a datum is missing, with what is known of it all the same."""
        text = _REASONS[reason]
        if reason == "stale":
            return text + self._accepted(path)
        if absent.candidates:
            values = [value_text(value, self.kind(path)) for value in absent.candidates]
            return f"{text}: {' or '.join(values)}"
        if absent.low is not None or absent.high is not None:
            return f"{text}: {_limits_text(absent.low, absent.high, self.kind(path))}"
        return text

    def _accepted(self, path: str) -> str:
        """Where it is said for how long a datum is accepted."""
        collection = self.situation.collection_at(path)
        period = self.policy.accepted_for.get(path if collection is None else collection.name)
        cites = period.cites if period is not None else ()
        return f" [{'; '.join(f'{cite.source} {cite.place}' for cite in cites)}]" if cites else ""


def _limits_text(low: Fraction | None, high: Fraction | None, kind: Kind) -> str:
    """What is known of a number that is missing: `from 50% to 100%`, `under 50%`, `at least 50%`."""
    start = "" if low is None else f"at least {value_text(low, kind)}"
    if high is None:
        return start
    above = high + SMALLEST_STEP
    if above.denominator < high.denominator:  # the highest there is under a figure
        least = kind.low if isinstance(kind, Number) else None
        return f"{'' if low in (None, least) else f'{start} and '}under {value_text(above, kind)}"
    return (
        f"at most {value_text(high, kind)}"
        if low is None
        else f"from {value_text(low, kind)} to {value_text(high, kind)}"
    )


def value_text(value: Value | Special, kind: Kind) -> str:
    """A value as people read it: `65%`, `requires improvement`, `yes`, `4 November 2015`, `none`."""
    match value:
        case Special():
            return words(value.value)
        case bool():
            return "yes" if value else "no"
        case str():
            return words(value)
        case datetime.date():
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        case Fraction():
            text = _for_people(value)
            return with_unit(text, kind.unit) if isinstance(kind, Number) else text


def came_text(found: CameTo) -> str:
    """What a value came to: `5 points`, `not known: high or extreme`, `not known: from 2 to 8`, `does not apply`."""
    match found.status:
        case "known":
            assert found.value is not None
            return value_text(found.value, found.kind)
        case "undetermined":
            may_be = still_possible(found)
            return f"not known: {may_be}" if may_be else "not known"
        case "none":
            return "none"
        case _:
            return "does not apply"


def still_possible(found: CameTo) -> str:
    """What a value that is not known may be: `medium, high or extreme`, `from 2 to 8 points`; empty where that is open."""
    if found.possible:
        return either(value_text(value, found.kind) for value in found.possible)
    if found.between is None:
        return ""
    low, high = (value_text(limit, found.kind) for limit in found.between)
    return f"from {low} to {high}"


def either(texts: Iterable[str]) -> str:
    """Several as alternatives: `fair, poor or broken`."""
    *first, last = texts
    return f"{', '.join(first)} or {last}" if first else last


def counted(term: core.Computed) -> tuple[core.Condition, ...] | None:
    """The conditions of which a sum counts how many hold; None for any other sum."""
    found = []
    for part in term.parts:
        match part:
            case core.Chosen(cases=((condition, core.Constant(value=1)),), otherwise=core.Constant(value=0)):
                found.append(condition)
            case _:
                return None
    return tuple(found) or None


def _for_people(value: Fraction) -> str:
    """A number exactly where it is a short decimal, else to two places with the word `about`."""
    exact = number_text(value)
    if "/" not in exact:
        return exact
    return f"about {number_text(rounded(value, Fraction(1, 100)))}"


def _years(count: int) -> str:
    return "a year" if count == 1 else f"{count} years"
