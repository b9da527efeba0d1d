"""The evidence of one school, as the vocabulary `school 1` declares it.

Every value may be left out (not supplied), given as `{"absent": REASON}`, or, where the vocabulary says
`or none`, as `{"none": true}`. Percentages are numbers from 0 to 100; numbers are exact.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, Strict, field_validator
from pydantic_core import PydanticCustomError

from si_rules.evidence.absence import Day, Disputed, Exact, Missing, NoneKnown, Record
from si_rules.evidence.exact_json import loads
from si_rules.semantics.years import AcademicYear


def _between(low: int, high: int, unit: str = "") -> AfterValidator:
    def check(value: Decimal) -> Decimal:
        if not low <= value <= high:
            limit = f"is not from {low} to {high}{unit}"
            raise PydanticCustomError("outside_limits", limit)
        return value

    return AfterValidator(check)


def _whole(value: Decimal) -> Decimal:
    if value != value.to_integral_value():
        raise PydanticCustomError("whole_number", "is not a whole number")
    return value


def _year(value: Any) -> str:
    try:
        return str(AcademicYear.parse(value if isinstance(value, str) else ""))
    except ValueError:
        raise PydanticCustomError("academic_year", "is not an academic year such as 2014-15") from None


def _identifier(value: Any) -> Any:
    whole = (
        isinstance(value, Decimal)
        and value.is_finite()
        and value.adjusted() < 20
        and value == value.to_integral_value()
    )
    return str(int(value)) if whole or (isinstance(value, int) and not isinstance(value, bool)) else value


def _yes_or_no(value: Any) -> Any:
    if isinstance(value, bool) or value not in ("yes", "no"):
        return value
    return value == "yes"


YesNo = Annotated[bool, Strict(), BeforeValidator(_yes_or_no)]
Percent = Annotated[Exact, _between(0, 100, " %")]
Score = Annotated[Exact, _between(-100, 100)]
Pupils = Annotated[Exact, AfterValidator(_whole), _between(0, 1000)]
Year = Annotated[str, BeforeValidator(_year)]
Urn = Annotated[str, BeforeValidator(_identifier), Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]

Phase = Literal[
    "nursery", "infant", "junior", "primary", "middle", "secondary", "all_through", "special", "pupil_referral_unit"
]
LegalType = Literal[
    "community", "voluntary_aided", "voluntary_controlled", "foundation", "community_special", "foundation_special",
    "maintained_nursery", "pupil_referral_unit", "academy_converter", "academy_sponsored", "academy_special",
    "free_school",
]  # fmt: skip
Category = Literal["category_1", "category_2", "category_3", "category_4", "category_5"]
Grade = Literal["outstanding", "good", "requires_improvement", "inadequate"]
Concern = Literal["special_measures", "serious_weaknesses", "no_category"]


class Inspection(Record):
    """An inspection by Ofsted. Without `published` it is taken to be known from its `date`."""

    date: Day
    published: Day | None = None
    grade: Grade | Missing | Disputed | None = None
    category_of_concern: Concern | Missing | Disputed | None = None


class KeyStage2Results(Record):
    """Results of one academic year at the end of key stage 2; progress scores are scaled-score points."""

    published: Day | None = None
    eligible_pupils: Pupils | Missing | Disputed | None = None
    rwm_level_4_plus: Percent | Missing | Disputed | None = None
    reading_expected_progress: Percent | Missing | Disputed | None = None
    writing_expected_progress: Percent | Missing | Disputed | None = None
    mathematics_expected_progress: Percent | Missing | Disputed | None = None
    rwm_expected_standard: Percent | Missing | Disputed | None = None
    reading_progress_score: Score | Missing | Disputed | None = None
    writing_progress_score: Score | Missing | Disputed | None = None
    mathematics_progress_score: Score | Missing | Disputed | None = None


class Attendance(Record):
    """Attendance over one academic year."""

    published: Day | None = None
    overall: Percent | Missing | Disputed | None = None


class JudgementRecord(Record):
    """A judgement somebody made: what, who, in which role, when, on which document.

    `value` is a value of the scale the policy declares, or yes / no. It counts from its `date`.
    """

    value: bool | str | Missing
    author: str | None = None
    role: str | None = None
    date: Day | None = None
    document: str | None = None


class SchoolEvidence(Record):
    """All that is known of one school. Results and attendance are keyed by academic year: `"2014-15"`."""

    urn: Urn
    name: str | None = None
    phase: Phase | Missing | Disputed | None = None
    legal_type: LegalType | Missing | Disputed | None = None
    current_category: Category | Missing | Disputed | NoneKnown | None = None
    pre_warning_letter_issued: YesNo | Missing | Disputed | None = None
    inspections: tuple[Inspection, ...] | Missing | None = None
    ks2: dict[Year, KeyStage2Results] = {}
    attendance: dict[Year, Attendance] = {}
    judgements: dict[str, JudgementRecord] = {}

    @field_validator("inspections")
    @classmethod
    def _one_a_day(cls, value: Any) -> Any:
        if isinstance(value, tuple):
            days = [item.date for item in value]
            if len(set(days)) < len(days):
                raise PydanticCustomError("same_day", "holds two inspections of one day")
        return value

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Read JSON exactly: numbers become decimals, never floats; a key given twice is refused.

        Raises pydantic's ValidationError, or ValueError where the text is not JSON.
        """
        return cls.model_validate(loads(json_data), **options)
