"""What one policy takes from another that it uses: its facts, values and parameters, under the other's id."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import attrs
from attrs import evolve

from si_rules.semantics import core
from si_rules.semantics.traversal import Reads

T = TypeVar("T")
_REFERENCES: Final = {
    "RuleHolds": "rule",
    "ParameterValue": "name",
    "DefinedValue": "name",
    "OutcomeIs": "classification",
}


def under_its_id(policy: core.Core) -> core.Core:
    """A policy with every name in it under its id: `england.accountability.below_floor`.

    What follows from it is left out, and its triggers are facts: only the policy that is decided brings
    consequences. Judgements keep their names: they are evidence, given once whoever asks for it.
    """
    rename = _Renaming(policy)
    return evolve(
        policy,
        sources={rename.name(key): title for key, title in policy.sources.items()},
        interpretations={rename.name(key): reason for key, reason in policy.interpretations.items()},
        parameters=rename.table(policy.parameters, "name"),
        rules={
            key: evolve(rule, sort="fact" if rule.sort == "trigger" else rule.sort)
            for key, rule in rename.table(policy.rules, "id").items()
        },
        classifications=rename.table(policy.classifications, "id"),
        definitions=rename.table(policy.definitions, "id"),
        figures=rename.table(policy.figures, "name"),
        judgements={key: rename.owned(item) for key, item in policy.judgements.items()},
        due={key: rename.owned(item) for key, item in policy.due.items()},
        accepted_for={key: rename.owned(item) for key, item in policy.accepted_for.items()},
        breaks={key: rename.owned(item) for key, item in policy.breaks.items()},
        preferences=tuple(rename.owned(item) for item in policy.preferences),
        counted={key: rename.owned(item) for key, item in policy.counted.items()},
        consequences=(),
        listings={rename.name(key): kind for key, kind in policy.listings.items()},
    )


class _Renaming:
    def __init__(self, policy: core.Core) -> None:
        self.prefix = policy.id

    def name(self, name: str) -> str:
        return f"{self.prefix}.{name}"

    def table(self, items: Mapping[str, T], key: str) -> dict[str, T]:
        return {self.name(name): evolve(self.owned(item), **{key: self.name(name)}) for name, item in items.items()}  # type: ignore[misc]

    def owned(self, item: T) -> T:
        """A value with every reference, citation and interpretation in it renamed."""
        changed: T = self._renamed(item)
        return changed

    def _renamed(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self._renamed(item) for item in value)
        if not attrs.has(type(value)):
            return value
        name = type(value).__name__
        changes: dict[str, Any] = {}
        for field in attrs.fields(type(value)):
            inner = getattr(value, field.name)
            if _REFERENCES.get(name) == field.name or (name == "Citation" and field.name == "source"):
                changes[field.name] = self.name(inner)
            elif field.name in ("interpretations", "clauses", "rows"):
                changes[field.name] = tuple(self.name(item) for item in inner)
            elif name == "FieldValue" and field.name == "path" and inner.startswith("figures."):
                changes[field.name] = "figures." + self.name(inner.partition(".")[2])
            else:
                changes[field.name] = self._renamed(inner)
        return evolve(value, **changes)


def group_of(guard: core.Condition | None) -> str | None:
    """The group that a guard asks for, if it asks for one."""
    match guard:
        case core.Guarded(guard=inner):
            return group_of(inner)
        case core.IsAmong(id=name) if name.startswith(core.IN_GROUP):
            return name.removeprefix(core.IN_GROUP)
        case _:
            return None


def joined(own: core.Core, used: Iterable[core.Core]) -> core.Core:
    """A policy with as much of the policies it uses as it reads, directly or by way of others.

    All that it names must be there: see `merged`.
    """
    return _kept(own, merged(own, used))


def merged(own: core.Core, used: Iterable[core.Core]) -> core.Core:
    """A policy with all of the policies it uses."""
    whole = own
    for other in used:
        whole = evolve(
            whole,
            sources={**other.sources, **whole.sources},
            interpretations={**other.interpretations, **whole.interpretations},
            parameters={**whole.parameters, **other.parameters},
            judgements={**other.judgements, **whole.judgements},
            due={**other.due, **whole.due},
            rules={**whole.rules, **other.rules},
            classifications={**whole.classifications, **other.classifications},
            definitions={**whole.definitions, **other.definitions},
            figures={**whole.figures, **other.figures},
            accepted_for={**other.accepted_for, **whole.accepted_for},
            breaks={**other.breaks, **whole.breaks},
            preferences=tuple(dict.fromkeys((*whole.preferences, *other.preferences))),
            counted={**other.counted, **whole.counted},
        )
    return whole


def _kept(own: core.Core, whole: core.Core) -> core.Core:
    """Without what nothing reads of the policies that are used."""
    reads = Reads(whole)
    for rule in own.rules.values():
        reads.condition(rule.condition)
    for item in own.consequences:
        reads.condition(item.condition)
    for classification in own.classifications.values():
        if classification.guard is not None:
            reads.condition(classification.guard)
    for definition in own.definitions.values():
        reads.term(definition.term)
    for figure in own.figures.values():
        reads.figure(figure)
    seen: set[str] = set()
    while new := [name for name in (*reads.classifications, *reads.figures) if name not in seen]:
        for name in new:
            seen.add(name)
            if name in whole.figures:
                reads.figure(whole.figures[name])
            for described in whole.classifications[name].classes if name in whole.classifications else ():
                for clause in described.clauses:
                    reads.condition(core.RuleHolds(clause, core.Origin("", 0, "")))
    paths = {path.partition(".")[2] for path in reads.paths if path.startswith("judgements.")}
    rows = {row for name in reads.definitions for row in whole.definitions[name].rows}
    return evolve(
        whole,
        rules=_of(whole.rules, own.rules, {*reads.rules, *rows}),
        parameters=_of(whole.parameters, own.parameters, reads.parameters),
        judgements=_of(whole.judgements, own.judgements, paths),
        classifications=_of(whole.classifications, own.classifications, reads.classifications),
        definitions=_of(whole.definitions, own.definitions, reads.definitions),
        figures=_of(whole.figures, own.figures, reads.figures),
    )


def _of(table: Mapping[str, T], own: Mapping[str, T], read: Iterable[str]) -> dict[str, T]:
    kept = {*own, *read}
    return {name: item for name, item in table.items() if name in kept}
