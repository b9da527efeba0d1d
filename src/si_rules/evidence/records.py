"""What happened to a school on a day, a model for each sort of record, and the judgements people made."""

from typing import Literal

from si_rules.evidence.absence import Day, Disputed, Missing, NoneKnown, Record
from si_rules.evidence.boundary import Concern, Grade, MaybePercent, MaybeYesNo, Urn


class Predecessor(Record):
    """A school that this one took the place of; it is known from its `date`, the day of the change."""

    date: Day
    published: Day | None = None
    change: Literal["conversion", "merger", "replacement"] | Missing | Disputed | None = None


class Inspection(Record):
    """An inspection by Ofsted. Without `published` it is taken to be known from its `date`.

    `of_predecessor` is the URN of the school that was inspected, where it is one that this school followed.
    """

    date: Day
    published: Day | None = None
    of_predecessor: Urn | None = None
    grade: Grade | Missing | Disputed | None = None
    category_of_concern: Concern | Missing | Disputed | None = None
    sort: Literal["full", "short"] | Missing | Disputed | None = None
    leadership_grade: Grade | Missing | Disputed | NoneKnown | None = None
    early_years_grade: Grade | Missing | Disputed | NoneKnown | None = None
    safeguarding_effective: MaybeYesNo | NoneKnown = None


class DataReturn(Record):
    """A return of pupil data to the authority during the year."""

    date: Day
    published: Day | None = None
    on_track: MaybePercent = None
    standardised_test: MaybeYesNo = None


class SafeguardingAudit(Record):
    """An audit of safeguarding."""

    date: Day
    published: Day | None = None
    result: Literal["met", "partly_met", "not_met"] | Missing | Disputed | None = None


class GovernanceReview(Record):
    """A review of governance."""

    date: Day
    published: Day | None = None
    result: Literal["strong", "sound", "weaknesses", "ineffective"] | Missing | Disputed | None = None


class JudgementRecord(Record):
    """A judgement somebody made: what, who, in which role, when, on which document.

    `value` is a value of the scale the policy declares, or yes / no. It counts from its `date`.
    """

    value: bool | str | Missing
    author: str | None = None
    role: str | None = None
    date: Day | None = None
    document: str | None = None
