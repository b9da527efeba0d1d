"""How evidence says that a value is missing and why, or that there is none, or where it stands; and exact numbers."""

import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from si_rules.semantics.kinds import MOST_DECIMAL_PLACES, MOST_WHOLE_DIGITS

MOST_SOURCES: Final = 5_000


class Record(BaseModel):
    """The base of evidence records: frozen, and a field nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoneKnown(Record):
    """Known not to exist: `{"none": true}`. Only for what the vocabulary declares with `or none`."""

    none: Literal[True]


def exact(value: Any) -> Any:
    """A decimal from a decimal, a whole number or a text. Floats are refused: they have lost digits already."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise PydanticCustomError("exact_number", "is not a number written exactly (a decimal or a text)")
    if isinstance(value, int) and abs(value) >= 10**MOST_WHOLE_DIGITS:
        raise PydanticCustomError("number_too_long", "has too many digits")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise PydanticCustomError("exact_number", "is not a number") from None
    if not number.is_finite():
        raise PydanticCustomError("exact_number", "is not a finite number")
    places = -int(number.as_tuple().exponent)
    if places > MOST_DECIMAL_PLACES or number.adjusted() >= MOST_WHOLE_DIGITS:
        limit = f"has more than {MOST_WHOLE_DIGITS} digits or {MOST_DECIMAL_PLACES} decimal places"
        raise PydanticCustomError("number_too_long", limit)
    return number


def plain_date(value: Any) -> Any:
    """A date from a date or a text `2015-11-04`; a moment or a number is refused."""
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date | str):
        raise PydanticCustomError("plain_date", "is not a date such as 2015-11-04")
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError("plain_date", "is not a date such as 2015-11-04") from None
    return value


Exact = Annotated[Decimal, BeforeValidator(exact)]
Day = Annotated[datetime.date, BeforeValidator(plain_date)]


def _line(value: Any) -> Any:
    whole = isinstance(value, Decimal) and value.adjusted() < MOST_WHOLE_DIGITS and value == value.to_integral_value()
    return int(value) if whole else value


class Source(Record):
    """A row of a table; rows are counted as lines, the header being 1. It is repeated to people, never decided on."""

    table: Annotated[str, Field(min_length=1, max_length=255)]
    row: Annotated[int, BeforeValidator(_line), Field(strict=True, ge=1)]
    published: Day | None = None

    def words(self) -> str:
        """`ks2_2018.csv, row 812, published 2018-12-13`, the last as far as it is known."""
        return self.place() if self.published is None else f"{self.place()}, published {self.published}"

    def place(self) -> str:
        """`ks2_2018.csv, row 812`."""
        return f"{self.table}, row {self.row}"


# Sources by path: of all that stands under it, unless a longer path has one of its own. The paths are those of the
# record: `phase`, `ks2.2017-18`, `ks2.2017-18.rwm_expected_standard`, `inspections.2016-03-01`.
Provenance: TypeAlias = Annotated[dict[Annotated[str, Field(max_length=200)], Source], Field(max_length=MOST_SOURCES)]


class Missing(Record):
    """A value that is missing, with the reason: `{"absent": "suppressed"}`.

    `not_supplied`: nobody gave it. `not_published`: the source leaves it blank. `suppressed`: the cohort is small.
    Of a number it may be known all the same that it is at least one figure, or under another.
    """

    absent: Literal["not_supplied", "not_published", "suppressed"]
    at_least: Exact | None = None
    under: Exact | None = None


class Candidate(Record):
    """One of the values that a disputed datum may have, the origin that gives it, and where it stands."""

    value: Any
    origin: str = Field(alias="from")
    source: Source | None = None


class Disputed(Record):
    """A value on which origins disagree: `{"disputed": [{"value": "64", "from": "tables"}, …]}`, two or more."""

    disputed: tuple[Candidate, ...] = Field(min_length=2, max_length=20)
