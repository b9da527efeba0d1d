"""The properties that declarations share: what they cite, whom they apply to, who may see them."""

from attrs import field, frozen

from si_rules.source.text import Span
from si_rules.syntax.expressions import Condition, Word


def _span() -> Span:
    return field(eq=False, hash=False, repr=False)  # type: ignore[no-any-return]


@frozen
class Cites:
    """`cites SOURCE "place"`."""

    source: Word
    place: Word
    span: Span = _span()


@frozen
class Interpretation:
    """`interpretation ID "reason"`; without a reason it refers to one given elsewhere in the edition."""

    id: Word
    reason: Word | None
    span: Span = _span()


@frozen
class AppliesTo:
    """`applies to every school` (no group) or `applies to maintained schools`."""

    group: Word | None
    noun: Word
    span: Span = _span()


@frozen
class ShownTo:
    """`shown to ROLE, ROLE`."""

    roles: tuple[Word, ...]
    span: Span = _span()


@frozen
class ReleasedTo:
    """`released to ROLE because "reason"`."""

    roles: tuple[Word, ...]
    reason: Word
    span: Span = _span()


@frozen
class ExceptWhen:
    """`except when CONDITION`, with the reason."""

    condition: Condition
    because: tuple[Word, ...]
    cites: tuple[Cites, ...]
    interpretations: tuple[Interpretation, ...]
    span: Span = _span()
