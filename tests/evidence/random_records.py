"""Random records of any model of evidence: every way a value may be there, missing, none, or disputed."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from si_rules.evidence.absence import Disputed, Missing, NoneKnown
from si_rules.evidence.sheets.columns import branches, is_record

NUMBERS = [
    Decimal(text)
    for text in (
        "0", "1", "2", "7", "30", "64", "64.5", "64.50", "64.99999999999999999", "94.7", "100", "100.0", "0.1", "-0.25",
        "-5", "85", "110.125", "1000", "123456789012345", "0.000000000000000001", "1E+2", "3.14159265358979",
        "-3.5E-2", "99999",
    )
]  # fmt: skip
TEXTS = (
    "Wintersfield School", "none", "None", "absent: suppressed", "disputed: 1 from a; 2 from b", "yes", "TRUE", "12",
    "2015-11-04", '"quoted"', '"', "=1+1", "+44", "-x", "@here", " spaced ", "two\nlines", "tab\there", "é“—”",
    "_x0041_", "a_x005F_b", "x005F_", "semi;colon", "comma, comma", "a from b", "\u00a0", "\x07", "\u2028", "NaN", "1e5",
)  # fmt: skip
DAYS = (
    date(2015, 11, 4),
    date(2016, 2, 29),
    date(1899, 12, 31),
    date(1900, 2, 28),
    date(1900, 3, 1),
    date(9999, 12, 31),
)
TEXT = st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.sampled_from(("2011-12", "2013-14", "2014-15", "1999-2000")) | st.sampled_from(
    ("capacity", "direction", "a.b", "with space", '"', "é", "2015", "value")
)


def records(model: type[BaseModel], identified_by: str) -> st.SearchStrategy[BaseModel]:
    """Valid records of a model, each with a few of its fields."""
    return _raw(model).map(lambda raw: {**raw, identified_by: "990001"}).filter(lambda raw: _valid(model, raw)).map(model.model_validate)  # fmt: skip


def _raw(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: found for name, found in model.model_fields.items() if name != "value"}
    always = {name: _value(f.annotation) for name, f in model.model_fields.items() if f.is_required()}
    some = st.lists(st.sampled_from(sorted(fields)), max_size=5, unique=True) if fields else st.just([])
    return some.flatmap(
        lambda names: st.fixed_dictionaries({**{n: _value(fields[n].annotation) for n in names}, **always})
    )


def _value(annotation: Any) -> st.SearchStrategy[Any]:
    choices = [_branch(branch, annotation) for branch in branches(annotation) if branch is not type(None)]
    return st.one_of([choice for choice in choices if choice is not None])


def _branch(branch: Any, annotation: Any) -> st.SearchStrategy[Any] | None:
    origin = get_origin(branch)
    if branch is Missing:
        return st.sampled_from(("not_supplied", "not_published", "suppressed")).map(lambda why: {"absent": why})
    if branch is NoneKnown:
        return st.just({"none": True})
    if branch is Disputed:
        scalar = st.sampled_from(NUMBERS) | TEXT | st.booleans()
        one = st.fixed_dictionaries({"value": scalar, "from": st.sampled_from(("school", "department")) | TEXT})
        return st.lists(one, min_size=2, max_size=3).map(lambda found: {"disputed": found})
    if origin is Literal:
        return st.sampled_from(get_args(branch))
    if is_record(branch):
        return _raw(branch)
    if origin is dict:
        key, inner = get_args(branch)
        keys = KEYS.filter(lambda text: _fits(key, text))
        return st.dictionaries(keys, _value(inner), max_size=2)
    if origin in (tuple, list):
        return st.lists(_value(get_args(branch)[0]), max_size=3)
    if branch is bool:
        return st.booleans()
    if branch in (Decimal, int):
        fitting = [number for number in NUMBERS if _fits(annotation, number)]
        return st.sampled_from(fitting) if fitting else None
    if branch is date:
        return st.sampled_from(DAYS)
    return TEXT if branch is str else None


def _fits(annotation: Any, value: Any) -> bool:
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError:
        return False
    return True


def _valid(model: type[BaseModel], raw: Any) -> bool:
    try:
        model.model_validate(raw)
    except ValidationError:
        return False
    return True
