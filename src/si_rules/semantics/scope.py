"""The names a policy may use, with what a reader of terms and conditions has to know of each."""

from collections.abc import Mapping

from attrs import field, frozen

from si_rules.semantics import core
from si_rules.semantics.kinds import Kind
from si_rules.semantics.vocabulary import Vocabulary
from si_rules.source.nearest import nearest


@frozen
class KnownValue:
    """A value with a name: its kind and the group it applies to, if any."""

    kind: Kind
    group: str | None = None


@frozen
class KnownClassification:
    """The labels of a classification, the most serious first, the group it applies to, and whether all stand."""

    labels: tuple[str, ...]
    group: str | None
    all_stand: bool
    may_be_invalid: bool = False

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome there is: the classes, `unmatched`, and `invalid` where the classification says when."""
        return (*self.labels, core.UNMATCHED, *((core.INVALID,) if self.may_be_invalid else ()))


@frozen
class Scope:
    """The names a policy may use. `rules` maps facts and triggers to the group they apply to, if any.

    `listings` are the tables of which every row counts. Where the header could not be read (`header_lost`) nobody knows
    which policies are used; `lost` are those it names and that are not there. What may be a name of theirs is not missed.
    """

    vocabulary: Vocabulary
    restated: frozenset[str]
    judgements: Mapping[str, core.Judgement]
    parameters: Mapping[str, core.Parameter]
    rules: Mapping[str, str | None]
    damaged: frozenset[str]
    values: Mapping[str, KnownValue] = field(factory=dict)
    figures: Mapping[str, Kind] = field(factory=dict)
    classifications: Mapping[str, KnownClassification] = field(factory=dict)
    listings: Mapping[str, KnownValue] = field(factory=dict)
    events: frozenset[str] = frozenset()
    header_lost: bool = False
    lost: tuple[str, ...] = ()

    def membership(self, group: str) -> core.Condition:
        """The condition that a subject belongs to a group."""
        found = self.vocabulary.groups[group]
        kind = self.vocabulary.fields[found.field].kind
        origin = core.Origin("", 0, f"{found.field} is one of {', '.join(found.values)}")
        return core.IsAmong(core.FieldValue(found.field, kind), found.values, core.IN_GROUP + group, origin)

    def is_damaged(self, name: str) -> bool:
        """Whether a name was declared in something that could not be read: it, its table, or its policy."""
        own = not self.damaged.isdisjoint((name, name.rpartition(".")[0]))
        other = None if own else self.other_policy(name)
        return own or (other is not None and (self.header_lost or nearest(other, self.lost) is not None))

    def other_policy(self, name: str) -> str | None:
        """The id of the policy that a name seems to ask, where that is not used; None for a name of this one."""
        head = name.rpartition(".")[0]
        known = (*self.rules, *self.values, *self.parameters, *self.classifications, *self.vocabulary.fields)
        if "." not in head or any(other.startswith(f"{head}.") for other in known) or nearest(name, known):
            return None
        return head

    def kind_of(self, name: str) -> Kind | None:
        """The kind of anything that has a value."""
        if name in self.vocabulary.fields:
            return self.vocabulary.fields[name].kind
        if name in self.values:
            return self.values[name].kind
        if name in self.judgements:
            return self.judgements[name].field.kind
        return self.figures.get(name)
