"""The types of single values at the boundary: checked as they are read, each may be missing, none, or disputed."""

from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, Strict
from pydantic_core import PydanticCustomError

from si_rules.evidence.absence import Disputed, Exact, Missing
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
Year = Annotated[str, BeforeValidator(_year)]
Identifier = Annotated[str, BeforeValidator(_identifier), Field(min_length=1, max_length=200)]
Urn = Annotated[str, BeforeValidator(_identifier), Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")]

Phase = Literal[
    "nursery", "infant", "junior", "primary", "middle", "secondary", "all_through", "special", "pupil_referral_unit"
]
LegalType = Literal[
    "community", "voluntary_aided", "voluntary_controlled", "foundation", "community_special", "foundation_special",
    "maintained_nursery", "pupil_referral_unit", "academy_converter", "academy_sponsored", "academy_special",
    "free_school",
]  # fmt: skip
Faith = Literal["church_of_england", "roman_catholic", "other_christian", "other_faith"]
Category = Literal["category_1", "category_2", "category_3", "category_4", "category_5"]
Grade = Literal["outstanding", "good", "requires_improvement", "inadequate"]
Concern = Literal["special_measures", "serious_weaknesses", "no_category"]
Band = Literal["well_above_average", "above_average", "average", "below_average", "well_below_average"]

# ---- each of these may be missing (None is not supplied) or disputed
MaybeYesNo: TypeAlias = YesNo | Missing | Disputed | None
MaybePercent: TypeAlias = Annotated[Exact, _between(0, 100, " %")] | Missing | Disputed | None
MaybePupils: TypeAlias = Annotated[Exact, AfterValidator(_whole), _between(0, 1000)] | Missing | Disputed | None
MaybeRoll: TypeAlias = Annotated[Exact, AfterValidator(_whole), _between(0, 10_000)] | Missing | Disputed | None
MaybeCount: TypeAlias = Exact | Missing | Disputed | None  # its limits are checked when it is decided on
MaybePounds: TypeAlias = Annotated[Exact, _between(-100_000_000, 100_000_000)] | Missing | Disputed | None
MaybeAveragePoints: TypeAlias = Annotated[Exact, _between(0, 60)] | Missing | Disputed | None
MaybeValueAdded: TypeAlias = Annotated[Exact, _between(0, 200)] | Missing | Disputed | None
MaybeBestEight: TypeAlias = Annotated[Exact, _between(0, 2000)] | Missing | Disputed | None
MaybeScaledScore: TypeAlias = Annotated[Exact, _between(80, 120)] | Missing | Disputed | None
MaybeScore: TypeAlias = Annotated[Exact, _between(-100, 100)] | Missing | Disputed | None
MaybeProgress8: TypeAlias = Annotated[Exact, _between(-10, 10)] | Missing | Disputed | None
MaybeAttainment8: TypeAlias = Annotated[Exact, _between(0, 100)] | Missing | Disputed | None
