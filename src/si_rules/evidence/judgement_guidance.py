"""What a policy says of each judgement it asks for: its scale, where it comes from, and which rules read it."""

from collections.abc import Iterator

from attrs import frozen

from si_rules.semantics import core
from si_rules.semantics.core import Core
from si_rules.semantics.kinds import described, words
from si_rules.semantics.traversal import Reads


@frozen
class Guidance:
    """A judgement as its policy declares it, in words."""

    name: str
    question: str
    scale: str
    cites: tuple[str, ...]
    interpretations: tuple[str, ...]
    accepted_for: str
    read_by: tuple[str, ...]


def guidance(policy: Core) -> tuple[Guidance, ...]:
    """Every judgement of a policy, in its order."""
    readers = list(_readers(policy))
    return tuple(_of(policy, judgement, readers) for judgement in policy.judgements.values())


def _of(policy: Core, judgement: core.Judgement, readers: list[tuple[str, set[str]]]) -> Guidance:
    path = judgement.field.path
    period = policy.accepted_for.get(path)
    return Guidance(
        judgement.name,
        judgement.field.title,
        described(judgement.field.kind),
        tuple(f"{policy.sources.get(cite.source, cite.source)}: {cite.place}" for cite in judgement.cites),
        tuple(f"{name}: {policy.interpretations.get(name, '')}" for name in judgement.interpretations),
        f"{period.count} {period.unit if period.count != 1 else period.unit.rstrip('s')}" if period else "",
        tuple(dict.fromkeys(title for title, paths in readers if path in paths)),
    )


def _readers(policy: Core) -> Iterator[tuple[str, set[str]]]:
    """Everything in a policy that reads evidence by itself, by its title, with the paths it reads."""
    titles = _titles(policy)
    for rule in policy.rules.values():
        yield titles.get(rule.id, rule.title), set(_directly(policy).condition(rule.condition).paths)
    for definition in policy.definitions.values():
        reads = _directly(policy).term(definition.term)
        if definition.guard is not None:
            reads.condition(definition.guard)
        yield definition.title, set(reads.paths)
    for figure in policy.figures.values():
        yield figure.title, set(_directly(policy).figure(figure).paths)
    for classification in policy.classifications.values():
        if classification.guard is not None:
            yield classification.title, set(_directly(policy).condition(classification.guard).paths)
    for item in policy.consequences:
        paths = set(_directly(policy).condition(item.condition).paths)
        yield f"{policy.parties.get(item.bearer, item.bearer)} {words(item.modality)} {item.title}", paths


def _directly(policy: Core) -> Reads:
    return Reads(policy, follow=False)


def _titles(policy: Core) -> dict[str, str]:
    """The titles of clauses, with the classification and class they stand in."""
    found = {}
    for classification in policy.classifications.values():
        for described_class in classification.classes:
            for clause in described_class.clauses:
                where = f"{classification.title} {words(described_class.label)}, clause {clause.rpartition('.')[2]}"
                found[clause] = f"{where}: {policy.rules[clause].title}" if clause in policy.rules else where
    return found
