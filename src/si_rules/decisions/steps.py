"""The steps of an explanation, as values."""

from attrs import frozen

from si_rules.evaluation.special import Special
from si_rules.semantics.core import Citation
from si_rules.semantics.facts import Value
from si_rules.semantics.kinds import Kind


@frozen
class Used:
    """A piece of evidence as it was met: its path and title, its value in words or the reason it is missing."""

    path: str
    title: str
    value: str | None
    missing: str | None
    provenance: str | None


@frozen
class CameTo:
    """What a value came to: known, undetermined, none or not_applicable.

    `possible` is what an undetermined one may still be, where that can be listed: in the order of its kind, at the
    end none and not applicable. Else `between` are its limits, where they are known.
    """

    kind: Kind
    status: str
    value: Value | None = None
    possible: tuple[Value | Special, ...] = ()
    between: tuple[Value, Value] | None = None


@frozen
class Explanation:
    """One step: what it is about (`rule`, if it has a name), in words, whether it holds, on what evidence.

    `values` are what was worked out for it: of a comparison its sides, of a value with a name that value.
    `evidence` is what it reads itself; what lies behind a value with a name stands under that value. Of a step that
    `is_value`, no condition, `truth` is how it is with the value.
    """

    rule: str | None
    text: str
    truth: str
    cites: tuple[Citation, ...] = ()
    interpretations: tuple[str, ...] = ()
    evidence: tuple[Used, ...] = ()
    items: tuple["Explanation", ...] = ()
    values: tuple[CameTo, ...] = ()
    is_value: bool = False
