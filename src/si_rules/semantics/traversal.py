"""Walks over the core: every condition under a condition, every term, every field that is read."""

from collections.abc import Iterator, Mapping

from si_rules.semantics.core import Core, Definition, Figure, Rule
from si_rules.semantics.forms import (
    Always,
    Chosen,
    Compare,
    Computed,
    Condition,
    Constant,
    DecisionDay,
    DefinedValue,
    FieldValue,
    ForRecords,
    Guarded,
    IsAmong,
    IsNone,
    Leaf,
    Listed,
    Not,
    OutcomeIs,
    OverRecords,
    ParameterValue,
    RecordValue,
    RuleHolds,
    Term,
    Trend,
    Unless,
    YearReference,
    YearValue,
)


def inner_conditions(condition: Condition) -> tuple[Condition, ...]:
    """The conditions directly inside one, those of its terms among them; references are not followed."""
    match condition:
        case Listed(items=items):
            return items
        case Not(condition=inner) | ForRecords(condition=inner):
            return (inner,)
        case Guarded(guard=guard, body=body):
            return guard, body
        case Unless(body=body, exception=exception):
            return body, exception
        case Compare(left=left, right=right):
            return (*_conditions_in(left), *_conditions_in(right))
        case IsAmong(term=term):
            return tuple(_conditions_in(term))
        case IsNone() | Trend() | RuleHolds() | OutcomeIs() | Always():
            return ()


def _conditions_in(term: Term) -> Iterator[Condition]:
    """The conditions that stand in a term."""
    for found in terms_under(term):
        match found:
            case Chosen(cases=cases):
                yield from (condition for condition, _ in cases)
            case OverRecords(where=where) if where is not None:
                yield where
            case _:
                pass


def conditions_under(condition: Condition, rules: Mapping[str, Rule] | None = None) -> Iterator[Condition]:
    """A condition and all under it; with `rules`, those of the rules it refers to as well, each rule once."""
    seen: set[str] = set()
    waiting = [condition]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(inner_conditions(current)))
        if rules is not None and isinstance(current, RuleHolds) and current.rule not in seen:
            seen.add(current.rule)
            if current.rule in rules:
                waiting.append(rules[current.rule].condition)


def leaves_under(condition: Condition, rules: Mapping[str, Rule] | None = None) -> Iterator[Leaf]:
    """The leaves of a condition, in the order written."""
    for found in conditions_under(condition, rules):
        if isinstance(found, Compare | IsAmong | IsNone | Trend):
            yield found


def terms_of(leaf: Leaf) -> Iterator[Term]:
    """The terms of a leaf. A trend is shown as the values it reads."""
    match leaf:
        case Compare(left=left, right=right):
            yield left
            yield right
        case IsAmong(term=term) | IsNone(term=term):
            yield term
        case Trend():
            for back in range(leaf.years, -1, -1):
                yield YearValue(leaf.series, leaf.path, leaf.kind, YearReference(back))


def terms_under(term: Term) -> Iterator[Term]:
    """A term and every term inside it, in the order written; conditions and definitions are not gone into."""
    yield term
    match term:
        case Computed(parts=parts):
            for part in parts:
                yield from terms_under(part)
        case Chosen(cases=cases, otherwise=otherwise):
            for _, value in cases:
                yield from terms_under(value)
            if otherwise is not None:
                yield from terms_under(otherwise)
        case OverRecords(term=inner) if inner is not None:
            yield from terms_under(inner)
        case (
            Constant() | FieldValue() | RecordValue() | YearValue() | ParameterValue()
            | DecisionDay() | DefinedValue() | OverRecords()
        ):  # fmt: skip
            return


def values_by_year(term: Term) -> Iterator[YearValue]:
    """The values by year that a term reads, in its conditions too; values with a name are not gone into."""
    for found in terms_under(term):
        if isinstance(found, YearValue):
            yield found
    for condition in _conditions_in(term):
        for leaf in leaves_under(condition):
            for inner in terms_of(leaf):
                yield from values_by_year(inner)


def stands_alone(leaf: Leaf) -> bool:
    """Whether a leaf can be asked by itself: it reads no record at hand."""
    return not any(_reads_record_at_hand(term) for term in terms_of(leaf))


def _reads_record_at_hand(term: Term) -> bool:
    match term:
        case RecordValue(back=back):
            return back is None
        case Computed(parts=parts):
            return any(_reads_record_at_hand(part) for part in parts)
        case Chosen(cases=cases):
            return any(_reads_record_at_hand(value) for _, value in cases)
        case _:
            return False


def all_terms(condition: Condition) -> Iterator[Term]:
    """Every term under a condition, as deep as they go."""
    for leaf in leaves_under(condition):
        for term in terms_of(leaf):
            yield from terms_under(term)


class Reads:
    """All that a condition or term reads, definitions and rules followed: what audiences and interpretations need."""

    def __init__(self, core: Core, follow: bool = True) -> None:
        self._core = core
        self._follow = follow
        self.paths: dict[str, None] = {}
        self.parameters: dict[str, None] = {}
        self.rules: dict[str, None] = {}
        self.definitions: dict[str, None] = {}
        self.figures: dict[str, None] = {}
        self.classifications: dict[str, None] = {}

    def condition(self, condition: Condition) -> "Reads":
        """Take in what a condition reads."""
        for found in conditions_under(condition):
            match found:
                case RuleHolds(rule=rule) if rule not in self.rules:
                    self.rules[rule] = None
                    if self._follow and rule in self._core.rules:
                        self.condition(self._core.rules[rule].condition)
                case OutcomeIs(classification=name):
                    self.classifications[name] = None
                case OverRecords() | ForRecords():
                    pass
                case Compare() | IsAmong() | IsNone() | Trend():
                    for term in terms_of(found):
                        self._plain_terms(term)
                case _:
                    pass
        return self

    def term(self, term: Term) -> "Reads":
        """Take in what a term reads."""
        self._plain_terms(term)
        for condition in _conditions_in(term):
            self.condition(condition)
        return self

    def _plain_terms(self, term: Term) -> None:
        for found in terms_under(term):
            match found:
                case FieldValue(path=path) if path.startswith("figures."):
                    self.paths[path] = None
                    self.figures[path.partition(".")[2]] = None
                case FieldValue(path=path) | RecordValue(path=path):
                    self.paths[path] = None
                case YearValue(path=path, series=series):
                    self.paths[path] = None
                    begins = self._core.vocabulary.series[series].begins_with
                    if begins is not None:
                        self.paths[begins] = None
                case ParameterValue(name=name):
                    self.parameters[name] = None
                case DefinedValue(name=name) if name not in self.definitions:
                    self.definitions[name] = None
                    if self._follow and name in self._core.definitions:
                        self._definition(self._core.definitions[name])
                case _:
                    pass

    def _definition(self, definition: Definition) -> None:
        if definition.guard is not None:
            self.condition(definition.guard)
        self.term(definition.term)

    def figure(self, figure: Figure) -> "Reads":
        """Take in what a figure reads of each member."""
        for condition in (figure.guard, figure.where, figure.condition):
            if condition is not None:
                self.condition(condition)
        return self.term(figure.term) if figure.term is not None else self


def all_conditions(core: Core) -> Iterator[Condition]:
    """Every top condition: of rules, guards, consequences, definitions and figures."""
    for rule in core.rules.values():
        yield rule.condition
    for classification in core.classifications.values():
        if classification.guard is not None:
            yield classification.guard
    for consequence in core.consequences:
        yield consequence.condition
    for definition in core.definitions.values():
        if definition.guard is not None:
            yield definition.guard
        yield from _conditions_in(definition.term)
    for figure in core.figures.values():
        for condition in (figure.guard, figure.where, figure.condition):
            if condition is not None:
                yield condition
        if figure.term is not None:
            yield from _conditions_in(figure.term)


def top_terms(core: Core) -> Iterator[Term]:
    """Every term that stands by itself: of definitions and figures."""
    for definition in core.definitions.values():
        yield definition.term
    for figure in core.figures.values():
        if figure.term is not None:
            yield figure.term


def every_condition(core: Core) -> Iterator[Condition]:
    """Every condition of a policy, with all under it; references are not followed."""
    for condition in all_conditions(core):
        yield from conditions_under(condition)


def every_term(core: Core) -> Iterator[Term]:
    """Every term and its parts. A trend reads its series without a term; its path is checked as one."""
    for condition in every_condition(core):
        match condition:
            case Compare(left=left, right=right):
                yield from terms_under(left)
                yield from terms_under(right)
            case IsAmong(term=term) | IsNone(term=term):
                yield from terms_under(term)
            case Trend(series=series, path=path, kind=kind):
                yield YearValue(series, path, kind, YearReference())
            case _:
                pass
    for term in top_terms(core):
        yield from terms_under(term)


def reads_of(core: Core) -> frozenset[str]:
    """The paths of all fields a policy reads, and the names of the records it counts or goes through."""
    reads = Reads(core)
    for term in top_terms(core):
        reads.term(term)
    collections: set[str] = set()
    for top in all_conditions(core):
        reads.condition(top)
        for condition in conditions_under(top):
            if isinstance(condition, ForRecords):
                collections.add(condition.collection)
            elif isinstance(condition, Compare | IsAmong | IsNone | Trend):
                collections |= {
                    t.collection
                    for leaf in terms_of(condition)
                    for t in terms_under(leaf)
                    if isinstance(t, OverRecords)
                }
    collections |= {t.collection for top in top_terms(core) for t in terms_under(top) if isinstance(t, OverRecords)}
    return frozenset({*reads.paths, *collections})
