"""The evidence of one school, as the vocabulary `school 1` declares it.

Every value may be left out (not supplied), given as `{"absent": REASON}`, or, where the vocabulary says
`or none`, as `{"none": true}`. Percentages are numbers from 0 to 100; numbers are exact.
"""

from typing import Any, Literal, Self

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from si_rules.evidence.absence import Day, Disputed, Missing, NoneKnown, Provenance, Record
from si_rules.evidence.boundary import Category, Faith, LegalType, MaybeYesNo, Phase, Urn, Year
from si_rules.evidence.exact_json import loads
from si_rules.evidence.records import (
    DataReturn,
    GovernanceReview,
    Inspection,
    JudgementRecord,
    Predecessor,
    SafeguardingAudit,
)
from si_rules.evidence.results import (
    Attendance,
    Census,
    Complaints,
    EarlyYearsResults,
    Exclusions,
    Finance,
    Governance,
    KeyStage1Results,
    KeyStage2Results,
    KeyStage4Results,
    PhonicsResults,
    Staffing,
    Targets,
    Teaching,
)


class SchoolEvidence(Record):
    """All that is known of one school. Results are keyed by academic year: `"2014-15"`.

    `provenance` says by path in which row of which table data stand; no decision hangs on it.
    """

    urn: Urn
    name: str | None = None
    phase: Phase | Missing | Disputed | None = None
    legal_type: LegalType | Missing | Disputed | None = None
    religious_character: Faith | Missing | Disputed | NoneKnown | None = None
    has_foundation: MaybeYesNo = None
    opened: Day | Missing | Disputed | NoneKnown | None = None
    closed: Day | Missing | Disputed | NoneKnown | None = None
    current_category: Category | Missing | Disputed | NoneKnown | None = None
    pre_warning_letter_issued: MaybeYesNo = None
    uses_step_service: MaybeYesNo = None
    shares_pupil_data: MaybeYesNo = None
    shares_data_of_looked_after: MaybeYesNo = None
    headteacher_being_appointed: MaybeYesNo = None
    headteacher_since: Day | Missing | Disputed | NoneKnown | None = None
    dialogue: Literal["held", "offered", "refused"] | Missing | Disputed | NoneKnown | None = None
    predecessors: tuple[Predecessor, ...] | Missing | None = None
    inspections: tuple[Inspection, ...] | Missing | None = None
    data_returns: tuple[DataReturn, ...] | Missing | None = None
    safeguarding_audits: tuple[SafeguardingAudit, ...] | Missing | None = None
    governance_reviews: tuple[GovernanceReview, ...] | Missing | None = None
    early_years: dict[Year, EarlyYearsResults] = {}
    phonics: dict[Year, PhonicsResults] = {}
    ks1: dict[Year, KeyStage1Results] = {}
    ks2: dict[Year, KeyStage2Results] = {}
    ks4: dict[Year, KeyStage4Results] = {}
    targets: dict[Year, Targets] = {}
    attendance: dict[Year, Attendance] = {}
    exclusions: dict[Year, Exclusions] = {}
    census: dict[Year, Census] = {}
    staffing: dict[Year, Staffing] = {}
    teaching: dict[Year, Teaching] = {}
    finance: dict[Year, Finance] = {}
    complaints: dict[Year, Complaints] = {}
    governance: dict[Year, Governance] = {}
    judgements: dict[str, JudgementRecord] = {}
    provenance: Provenance = {}

    @field_validator("predecessors", "inspections", "data_returns", "safeguarding_audits", "governance_reviews")
    @classmethod
    def _one_a_day(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            days = [(item.date, getattr(item, "of_predecessor", None)) for item in value]
            if len(set(days)) < len(days):
                raise PydanticCustomError("same_day", "holds two records of one day")
        return value

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Read JSON exactly: numbers become decimals, never floats; a key given twice is refused.

        Raises pydantic's ValidationError, or ValueError where the text is not JSON.
        """
        return cls.model_validate(loads(json_data), **options)
