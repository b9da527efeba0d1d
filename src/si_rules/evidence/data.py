"""From a value as evidence gives it to a datum of the core: checked against its kind, missing, none or disputed."""

import datetime
from collections.abc import Container
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen
from pydantic_core import PydanticCustomError

from si_rules.evidence.absence import Candidate, Disputed, Missing, NoneKnown, exact, plain_date
from si_rules.semantics.facts import Absent, Datum, Known, KnownNone, Value
from si_rules.semantics.kinds import (
    MOST_DECIMAL_PLACES,
    SMALLEST_STEP,
    Choice,
    Date,
    Flag,
    Kind,
    Number,
    Scale,
    described,
    number_text,
    with_unit,
)
from si_rules.semantics.vocabulary import Field


class EvidenceError(ValueError):
    """Evidence that cannot be used: `path` names the field, `reason` says why, `subject` is the id of whom it is about.

    Where the evidence is that of a member of the cohort, and not of the subject decided about, `of_member` says so.
    """

    def __init__(self, path: str, reason: str, subject: str | None = None, of_member: bool = False) -> None:
        super().__init__(path, reason, subject, of_member)
        self.path = path
        self.reason = reason
        self.subject = subject
        self.of_member = of_member

    def __str__(self) -> str:
        whose = f"{self.subject}, a member of the cohort: " if self.of_member else ""
        return f"{whose}{self.path}: {self.reason}"


@frozen
class Dispute:
    """A datum on which origins disagree: each origin with its value, and where each stands."""

    candidates: tuple[tuple[str, Value], ...]
    provenance: str | None = None


def datum_of(path: str, field: Field, raw: Any, provenance: str | None,
             origins: Container[str]) -> Datum | Dispute | None:  # fmt: skip
    """The datum of a raw value, checked against its kind; None where nothing was supplied. Raises `EvidenceError`.

    `origins` are those the vocabulary declares: a disputed value comes from one of them.
    """
    if raw is None:
        return None
    if isinstance(raw, Missing):
        return _missing(path, field, raw, provenance)
    if isinstance(raw, Disputed):
        return _disputed(path, field, raw, origins)
    if isinstance(raw, NoneKnown):
        if not field.optional:
            raise EvidenceError(path, "cannot be none: the vocabulary does not say `or none`")
        return KnownNone(provenance)
    return Known(_value(path, field.kind, raw), provenance)


def _missing(path: str, field: Field, raw: Missing, provenance: str | None) -> Absent:
    """A missing datum; of a number with the limits between which it is known to lie."""
    if raw.at_least is None and raw.under is None:
        return Absent(raw.absent, provenance=provenance)
    kind = field.kind
    if not isinstance(kind, Number):
        raise EvidenceError(path, f"has limits, which only numbers have: this is {described(kind)}")
    low, high = kind.low, kind.high
    if raw.at_least is not None:
        low = _number(path, kind, raw.at_least)
    if raw.under is not None:
        # values have so many decimal places at most, so the next lower one is the highest that is under a figure
        high = _number(path, kind, raw.under) - (1 if kind.whole else SMALLEST_STEP)
    if low is not None and high is not None and low > high:
        raise EvidenceError(path, "has limits between which there is nothing")
    return Absent(raw.absent, low=low, high=high, provenance=provenance)


def _disputed(path: str, field: Field, raw: Disputed, origins: Container[str]) -> Datum | Dispute:
    """A disputed datum; where all its candidates agree there is no dispute."""
    named: set[str] = set()
    for item in raw.disputed:
        if item.origin not in origins:
            raise EvidenceError(path, f"the vocabulary declares no origin {item.origin[:40]!r}")
        if item.origin in named:
            raise EvidenceError(path, f"the origin {item.origin!r} gives two values")
        named.add(item.origin)
    given = ((item.origin, _candidate(path, field.kind, item)) for item in raw.disputed)
    candidates = tuple(sorted(given, key=lambda pair: (pair[0], str(pair[1]))))  # the order of evidence means nothing
    values = {value for _, value in candidates}
    if len(values) == 1:
        return Known(values.pop(), ", ".join(origin for origin, _ in candidates))
    stands = [f"{item.origin}: {item.source.words()}" for item in raw.disputed if item.source is not None]
    return Dispute(candidates, "; ".join(sorted(stands)) or None)


def _candidate(path: str, kind: Kind, item: Candidate) -> Value:
    try:
        raw = exact(item.value) if isinstance(kind, Number) else item.value
        raw = plain_date(raw) if isinstance(kind, Date) else raw
    except PydanticCustomError as error:
        raise EvidenceError(path, f"one of the disputed values {error.message()}") from None
    return _value(path, kind, raw)


def _value(path: str, kind: Kind, raw: Any) -> Value:
    match kind:
        case Flag():
            if isinstance(raw, bool):
                return raw
            if raw in ("yes", "no"):
                return bool(raw == "yes")
        case Choice(values=values) | Scale(values=values):
            if isinstance(raw, str) and raw in values:
                return raw
        case Number():
            if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
                return _number(path, kind, Decimal(raw))
        case Date():
            if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
                return raw
    raise EvidenceError(path, f"{str(raw)[:40]!r} cannot stand here: this is {described(kind)}")


def _number(path: str, kind: Number, raw: Decimal) -> Fraction:
    exponent = raw.as_tuple().exponent
    if not raw.is_finite() or not isinstance(exponent, int) or -exponent > MOST_DECIMAL_PLACES or raw.adjusted() > 15:
        raise EvidenceError(path, "is not a number that can be read exactly")
    value = Fraction(raw)
    if (kind.low is not None and value < kind.low) or (kind.high is not None and value > kind.high):
        low = "" if kind.low is None else number_text(kind.low)
        high = "" if kind.high is None else with_unit(number_text(kind.high), kind.unit)
        raise EvidenceError(path, f"{raw} is not from {low} to {high}")
    if kind.whole and value.denominator != 1:
        raise EvidenceError(path, f"{raw} is not a whole number")
    return value


def encoded(datum: Datum | Dispute | None) -> Any:
    """A datum as it stands in the text that the digest of evidence is taken of; where it stands is no part of it."""
    match datum:
        case Known(value=bool() as value) | Known(value=str() as value):
            return value
        case Known(value=Fraction() as number):
            return {"number": number_text(number)}
        case Known(value=value):
            return {"date": str(value)}
        case KnownNone():
            return {"none": True}
        case Dispute(candidates=candidates):
            return {"disputed": [[origin, encoded(Known(value))] for origin, value in candidates]}
        case Absent(reason=reason, low=None, high=None):
            return {"absent": reason}
        case Absent(reason=reason, low=low, high=high):
            return {"absent": reason, "limits": [None if end is None else number_text(end) for end in (low, high)]}
        case _:
            return None
