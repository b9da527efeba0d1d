"""What is known of one subject, in the terms of the core: a value, known to be none, or absent with a reason.

A datum's path names it everywhere: `phase`, `judgements.capacity`, `ks2.2013-14.rwm_level_4_plus`,
`inspections.latest.grade`.
"""

import datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

Value: TypeAlias = bool | str | Fraction | datetime.date
Reason: TypeAlias = Literal["not_supplied", "not_published", "suppressed", "not_stated"]


@frozen
class Known:
    """A value, with a few words on where it comes from (a date, an author), for people."""

    value: Value
    provenance: str | None = None


@frozen
class KnownNone:
    """Known not to exist: no inspection was ever held, the school has no category yet."""

    provenance: str | None = None


@frozen
class Absent:
    """Missing, with the reason."""

    reason: Reason


Datum: TypeAlias = Known | KnownNone | Absent

NOT_SUPPLIED = Absent("not_supplied")


@frozen
class Ignored:
    """Evidence that a decision may not use: later than the date of the decision or than what was known."""

    path: str
    reason: str


@frozen
class Facts:
    """All that is known of one subject at two dates. A path that is not in `data` was not supplied.

    `closed` names the lists of records that were supplied: what is not in them does not exist.
    """

    subject_id: str
    label: str | None
    data: dict[str, Datum]
    closed: frozenset[str]
    ignored: tuple[Ignored, ...]
    evidence_digest: str

    def at(self, path: str) -> Datum:
        """The datum of a path."""
        return self.data.get(path, NOT_SUPPLIED)
