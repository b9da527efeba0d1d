"""Invariants of the core: names lead somewhere, and are those of what they name."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from si_rules.semantics.core import (
    INVALID,
    UNMATCHED,
    Condition,
    Core,
    DefinedValue,
    FieldValue,
    ForRecords,
    OutcomeIs,
    OverRecords,
    ParameterValue,
    RecordValue,
    RuleHolds,
    YearValue,
)
from si_rules.semantics.traversal import every_condition, every_term, leaves_under

NOT_APPLICABLE: Final = "not_applicable"


def references_lead_somewhere(core: Core) -> Iterator[str]:
    """Every rule, classification and parameter that is referred to exists."""
    for condition in every_condition(core):
        match condition:
            case RuleHolds(rule=rule) if rule not in core.rules:
                yield f"there is no rule {rule}"
            case ForRecords(collection=name) if name not in core.vocabulary.collections:
                yield f"there are no records {name}"
            case OutcomeIs(classification=name) if name not in core.classifications:
                yield f"there is no classification {name}"
            case _:
                pass
    for term in every_term(core):
        if isinstance(term, ParameterValue) and term.name not in core.parameters:
            yield f"there is no parameter {term.name}"
        if isinstance(term, DefinedValue) and term.name not in core.definitions:
            yield f"there is no value {term.name}"
        if isinstance(term, OverRecords) and term.collection not in core.vocabulary.collections:
            yield f"there are no records {term.collection}"
    for classification in core.classifications.values():
        for described in classification.classes:
            for clause in described.clauses:
                if clause not in core.rules:
                    yield f"there is no clause {clause}"
    for consequence in core.consequences:
        if consequence.classification is not None and consequence.classification not in core.classifications:
            yield f"there is no classification {consequence.classification}"


def fields_exist(core: Core) -> Iterator[str]:
    """Every term that reads evidence reads a declared field, of the kind it is declared with, under its parent."""
    for term in every_term(core):
        parent: str | None = None
        match term:
            case FieldValue(path=path, kind=kind):
                pass
            case RecordValue(collection=collection, path=path, kind=kind):
                parent = collection
                if parent not in core.vocabulary.collections:
                    yield f"there are no records {parent}"
            case YearValue(series=series, path=path, kind=kind):
                parent = series
                if parent not in core.vocabulary.series:
                    yield f"there are no results {parent}"
            case _:
                continue
        try:
            field = core.field_at(path)
        except KeyError:
            yield f"there is no evidence {path}"
            continue
        if not path.startswith(("judgements.", "figures.")) and field.parent != parent:
            yield f"{path} does not stand under {parent}"
        if field.kind != kind:
            yield f"{path} is read as {kind}, and is {field.kind}"


def names_are_keys(core: Core) -> Iterator[str]:
    """Rules, classifications, parameters and judgements are kept under their own names."""
    tables: tuple[Iterable[tuple[str, str]], ...] = (
        ((key, rule.id) for key, rule in core.rules.items()),
        ((key, found.id) for key, found in core.classifications.items()),
        ((key, parameter.name) for key, parameter in core.parameters.items()),
        ((key, judgement.name) for key, judgement in core.judgements.items()),
        ((key, definition.id) for key, definition in core.definitions.items()),
        ((key, figure.name) for key, figure in core.figures.items()),
    )
    for table in tables:
        for key, name in table:
            if key != name:
                yield f"{name} is kept as {key}"


def judgements_have_their_paths(core: Core) -> Iterator[str]:
    """The field of a judgement stands at `judgements.NAME`, and every judgement is given: none may be `none`."""
    for judgement in core.judgements.values():
        if judgement.field.path != f"judgements.{judgement.name}":
            yield f"{judgement.name} stands at {judgement.field.path}"
        if judgement.field.optional:
            yield f"{judgement.name} may be none"


def clauses_belong_to_a_classification(core: Core) -> Iterator[str]:
    """The id of a clause is that of its classification, a dot and its label; every clause is of one class."""
    owned: Counter[str] = Counter()
    for classification in core.classifications.values():
        for described in classification.classes:
            if not described.clauses:
                yield f"class {described.label} of {classification.id} has no clause"
            for clause in described.clauses:
                owned[clause] += 1
                owner, _, label = clause.rpartition(".")
                if owner != classification.id or not label:
                    yield f"the clause {clause} belongs to {classification.id}"
    for name, rule in core.rules.items():
        if (rule.sort == "clause") != (owned[name] > 0):
            yield f"{name} is a {rule.sort}"
        if owned[name] > 1:
            yield f"the clause {name} stands in {owned[name]} classes"


def labels_are_unique(core: Core) -> Iterator[str]:
    """The labels of a classification differ from each other and from the words for other outcomes."""
    for classification in core.classifications.values():
        labels = Counter(described.label for described in classification.classes)
        for label, count in labels.items():
            if count > 1:
                yield f"{classification.id} has {count} classes {label}"
            if label in (UNMATCHED, NOT_APPLICABLE):
                yield f"{classification.id} has a class called {label}"


def outcomes_asked_for_exist(core: Core) -> Iterator[str]:
    """A condition on an outcome names labels of its classification, `unmatched` or `invalid`."""
    for condition in every_condition(core):
        if isinstance(condition, OutcomeIs):
            classification = core.classifications[condition.classification]
            known = {UNMATCHED, INVALID, *(described.label for described in classification.classes)}
            for outcome in condition.outcomes:
                if outcome not in known:
                    yield f"{classification.id} has no class {outcome}"
            if not condition.outcomes:
                yield f"no outcome of {classification.id} is asked for"


def leaves_have_names_of_their_own(core: Core) -> Iterator[str]:
    """The id of a leaf names it within its rule; two leaves of one id ask the same."""
    for name, rule in core.rules.items():
        seen: dict[str, Condition] = {}
        for leaf in leaves_under(rule.condition):
            if not leaf.id:
                yield f"a leaf of {name} has no id"
            if seen.setdefault(leaf.id, leaf) != leaf:
                yield f"{name} has two leaves {leaf.id}"
