"""Invariants of the core: parties and sources are declared, and audiences stay within what they may see."""

from collections.abc import Iterator

from si_rules.semantics.audiences import PUBLIC, Audience, within
from si_rules.semantics.core import (
    Citation,
    Condition,
    Core,
)
from si_rules.semantics.traversal import Reads


def parties_are_declared(core: Core) -> Iterator[str]:
    """Who bears a consequence is a declared party."""
    for consequence in core.consequences:
        if consequence.bearer not in core.parties:
            yield f"there is no party {consequence.bearer}"


def sources_are_declared(core: Core) -> Iterator[str]:
    """What is cited is a declared source, and every interpretation has a reason."""
    for what, cites, interpretations in _owned(core):
        for cite in cites:
            if cite.source not in core.sources:
                yield f"{what} cites {cite.source}"
        for name in interpretations:
            if name not in core.interpretations:
                yield f"{what} rests on {name}"


def audiences_stay_within(core: Core) -> Iterator[str]:
    """Whoever may see a rule, a classification or a consequence may see all that it reads."""
    for name, rule in core.rules.items():
        if PUBLIC not in rule.released:
            seen_by = rule.audience if rule.audience is None else rule.audience - rule.released
            yield from _wider(core, name, seen_by, rule.condition)
    for classification in core.classifications.values():
        if classification.guard is not None:
            yield from _wider(core, classification.id, classification.audience, classification.guard)
        for described in classification.classes:
            for clause in described.clauses:
                if not within(classification.audience, core.rules[clause].audience):
                    yield f"{classification.id} is shown to more than its clause {clause}"
    for consequence in core.consequences:
        what = f"{consequence.bearer} {consequence.action} of {consequence.rule}"
        yield from _wider(core, what, consequence.audience, consequence.condition)


def _wider(core: Core, what: str, audience: Audience, condition: Condition) -> Iterator[str]:
    reads = Reads(core, follow=False).condition(condition)
    for path in reads.paths:
        if not within(audience, core.audience_of(path)):
            yield f"{what} is shown to more than {path}"
    audiences = {name: core.rules[name].audience for name in reads.rules}
    audiences |= {name: core.classifications[name].audience for name in reads.classifications}
    audiences |= {name: core.definitions[name].audience for name in reads.definitions}
    for name, allowed in audiences.items():
        if not within(audience, allowed):
            yield f"{what} is shown to more than {name}"


def _owned(core: Core) -> Iterator[tuple[str, tuple[Citation, ...], tuple[str, ...]]]:
    for name, rule in core.rules.items():
        yield name, rule.cites, rule.interpretations
    for classification in core.classifications.values():
        yield classification.id, classification.cites, classification.interpretations
        for described in classification.classes:
            yield f"class {described.label}", described.cites, described.interpretations
    for parameter in core.parameters.values():
        yield parameter.name, parameter.cites, parameter.interpretations
    for judgement in core.judgements.values():
        yield judgement.name, judgement.cites, judgement.interpretations
    for consequence in core.consequences:
        yield consequence.action, consequence.cites, consequence.interpretations
    for series, due in core.due.items():
        yield series, due.cites, due.interpretations
    for definition in core.definitions.values():
        yield definition.id, definition.cites, definition.interpretations
    for figure in core.figures.values():
        yield figure.name, figure.cites, figure.interpretations
