"""What is known of one subject, in the terms of the core: a value, known to be none, or absent with a reason.

A datum's path names it everywhere: `phase`, `judgements.capacity`, `ks2.2013-14.rwm_level_4_plus`,
`inspections.latest.grade`.
"""

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import field, frozen

Value: TypeAlias = bool | str | Fraction | datetime.date
Reason: TypeAlias = Literal[
    "not_supplied", "not_published", "suppressed", "not_stated", "disputed", "stale", "no_cohort", "cohort_incomplete"
]


def position_name(place: int) -> str:
    """What a record is called in a path: `latest`, `previous`, then `3`, `4`, … from the newest."""
    return ("latest", "previous")[place] if place < 2 else str(place + 1)


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
    """Missing, with the reason.

    `candidates` are the values of which a disputed datum has one; `low` and `high` the limits of a number
    that is known to lie between them. `provenance` says for people where it is found to be missing.
    """

    reason: Reason
    candidates: tuple[Value, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None
    provenance: str | None = field(default=None, eq=False)


@frozen
class DoesNotApply:
    """Not applicable to the subject: a figure of a cohort to which it does not belong."""

    why: str


Datum: TypeAlias = Known | KnownNone | Absent | DoesNotApply

NOT_SUPPLIED = Absent("not_supplied")


@frozen
class Ignored:
    """Evidence that a decision may not use: later than the date of the decision or than what was known."""

    path: str
    reason: str


@frozen
class CohortIdentity:
    """The cohort a decision was taken against: its name, how many members were read, and the digest of what is known.

    `unread` is how many more could not be read; `has_subject`, whether the subject is among those that were.
    """

    name: str
    members: int
    digest: str
    unread: int = 0
    has_subject: bool = True


@frozen
class Facts:
    """All that is known of one subject at two dates. A path that is not in `data` was not supplied.

    `closed` names the lists of records that were supplied: what is not in them does not exist, and
    `counts` says how many stand in each. `released` are the truths of rules shown to somebody who may not
    see what they read.
    """

    subject_id: str
    label: str | None
    data: dict[str, Datum]
    closed: frozenset[str]
    ignored: tuple[Ignored, ...]
    evidence_digest: str
    counts: Mapping[str, int] = field(factory=dict)
    released: dict[str, str] = field(factory=dict)
    cohort: CohortIdentity | None = None

    def at(self, path: str) -> Datum:
        """The datum of a path; of a supplied list of records, how many there are."""
        if path in self.counts:
            return Known(Fraction(self.counts[path]))
        return self.data.get(path, NOT_SUPPLIED)
