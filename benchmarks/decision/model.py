"""The evidence of the decision as a pydantic model: what a council's own system would hold, flat."""

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from si_rules.evidence.absence import Disputed, Exact, Missing, Record

Open: TypeAlias = Missing | Disputed | None
Grade: TypeAlias = Literal["outstanding", "good", "requires_improvement", "inadequate"]
Percent: TypeAlias = Annotated[Exact, Field(ge=Decimal(0), le=Decimal(100))]


class DecisionEvidence(Record):
    """All that is known of one invented school. Every value may be missing; None is *not supplied*."""

    reference: str
    ofsted_grade: Grade | Open = None
    previous_ofsted_grade: Grade | Open = None
    in_ofsted_category: bool | Open = None
    leadership_grade: Grade | Open = None
    ks2: Percent | Open = None
    ks2_prev1: Percent | Open = None
    ks2_prev2: Percent | Open = None
    ks2_floor: Percent | Open = None
    progress_reading: Percent | Open = None
    progress_reading_median: Percent | Open = None
    progress_maths: Percent | Open = None
    progress_maths_median: Percent | Open = None
    ta_gap_reading: Exact | Open = None
    ta_gap_maths: Exact | Open = None
    eyfs_gld: Percent | Open = None
    eyfs_gld_national: Percent | Open = None
    attendance: Percent | Open = None
    persistent_absence: Percent | Open = None
    exclusions: Exact | Open = None
    turnover: Percent | Open = None
    budget_balance: Exact | Open = None
    complaints: int | Open = None
    governance: Literal["effective", "weaknesses"] | Open = None
    capacity: Literal["strong", "good", "necessary", "lacking"] | Open = None
    safeguarding: bool | Open = None
    provider: Literal["maintained", "sponsored_academy", "converter_academy", "special", "pru"] | Open = None
    sustained_improvement: bool | Open = None
    declining_outcomes: Literal["none_seen", "some", "concern", "increasing"] | Open = None
