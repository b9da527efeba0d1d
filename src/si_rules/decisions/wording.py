"""The words of explanations: titles from the vocabulary and the policy, values as people read them."""

import datetime
from fractions import Fraction
from typing import Final

from si_rules.evaluation.atoms import OutsideAtom, Situation
from si_rules.semantics import core
from si_rules.semantics.facts import Absent, Facts, Known, KnownNone, Value
from si_rules.semantics.kinds import Flag, Kind, Number, Scale, number_text, with_unit, words

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
}


class Wording:
    """Puts the leaves and the evidence of one decision into words."""

    def __init__(self, situation: Situation, facts: Facts) -> None:
        self.situation = situation
        self.policy = situation.policy
        self.facts = facts

    def leaf(self, leaf: core.Leaf) -> str:
        """What a leaf asks: `the overall grade at the latest inspection is good or outstanding`."""
        outside = next((a.why for a in self.situation.atoms(leaf) if isinstance(a, OutsideAtom)), None)
        if outside is not None:
            return outside
        match leaf:
            case core.IsAmong(id=name) if name.startswith(core.IN_GROUP):
                group = self.policy.vocabulary.groups[name.removeprefix(core.IN_GROUP)]
                return f"it is one of the {group.title}"
            case core.IsAmong(term=term, values=values):
                return self._among(term, values)
            case core.Compare(operator=operator, left=left, right=right):
                table = _OPERATORS if isinstance(left.kind, Number) else _DATE_OPERATORS
                return f"{self.term(left)} {table[operator]} {self.term(right)}"
            case core.Trend(series=series, path=path, years=years, rising=rising):
                title = self.policy.vocabulary.fields[path].title
                latest = self.situation.latest(series)
                verb = "risen" if rising else "fallen"
                return f"{title}: {verb} each year for {_years(years)}, up to {latest}"

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
        shown = [words(str(value)) for value in values]
        return f"{title} is {' or '.join([', '.join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)}"

    def term(self, term: core.Term) -> str:
        """A term in words, a parameter with its value."""
        match term:
            case core.Constant(value=value, kind=kind):
                return value_text(value, kind)
            case core.Sum(left=left, right=right, subtract=subtract):
                return f"{self.term(left)} {'minus' if subtract else 'plus'} {self.term(right)}"
            case core.ParameterValue(name=name, kind=kind):
                _, number = self.situation.parameter(term)
                title = self.policy.parameters[name].title
                return f"{'no value stated' if number is None else value_text(number, kind)}, {title}"
            case core.FieldValue() | core.RecordValue() | core.YearValue():
                return self.title(self.situation.path(term)[0])

    def title(self, path: str) -> str:
        """The title of a datum: `pupils at level 4 …, 2013-14`."""
        head, _, rest = path.partition(".")
        if head == "parameters":
            return self.policy.parameters[rest.partition(".")[0]].title
        if head == "judgements":
            return self.policy.judgements[rest].field.title
        middle, _, key = rest.rpartition(".")
        for collection in self.policy.vocabulary.collections.values():
            if path == collection.listed_under:
                return f"{collection.title}: the list of them, which may be empty"
        if head in self.policy.vocabulary.series:
            return f"{self.policy.vocabulary.fields[f'{head}.{key}'].title} ({middle})"
        for collection in self.policy.vocabulary.collections.values():
            if rest and collection.listed_under == head:
                title = self.policy.vocabulary.fields[f"{collection.name}.{key}"].title
                return f"{title} ({middle} {words(collection.name)})"
        return self.policy.vocabulary.fields[path].title

    def kind(self, path: str) -> Kind:
        """The kind of a datum."""
        head, _, rest = path.partition(".")
        if head == "judgements":
            return self.policy.judgements[rest].field.kind
        if head == "parameters":
            return self.policy.parameters[rest.partition(".")[0]].kind
        key = rest.rpartition(".")[2]
        if head in self.policy.vocabulary.series:
            return self.policy.vocabulary.fields[f"{head}.{key}"].kind
        for collection in self.policy.vocabulary.collections.values():
            if rest and collection.listed_under == head:
                return self.policy.vocabulary.fields[f"{collection.name}.{key}"].kind
        return self.policy.vocabulary.fields[path].kind

    def found(self, path: str) -> tuple[str | None, str | None, str | None]:
        """What was found at a path: the value, or the reason it is missing, and where it comes from."""
        datum = self.facts.at(path)
        match datum:
            case Known(value=value, provenance=provenance):
                return value_text(value, self.kind(path)), None, provenance
            case KnownNone(provenance=provenance):
                return "none", None, provenance
            case Absent(reason=reason):
                if path.startswith("parameters."):
                    reason = "not_stated"
                return None, _REASONS[reason], None


def value_text(value: Value, kind: Kind) -> str:
    """A value as people read it: `65%`, `requires improvement`, `yes`, `4 November 2015`."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return words(value)
        case datetime.date():
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        case Fraction():
            text = number_text(value)
            return with_unit(text, kind.unit) if isinstance(kind, Number) else text


def _years(count: int) -> str:
    return "a year" if count == 1 else f"{count} years"
