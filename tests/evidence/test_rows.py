"""Evidence as rows: a record written as a row is read as the same record, in every format."""

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel
from tests.evidence.random_records import records

from si_rules import PolicyLibrary, SchoolEvidence
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.readers import read_file
from si_rules.evidence.sheets.flattening import table_of
from si_rules.evidence.sheets.writing import bytes_of
from si_rules.evidence.tables.lines import line_of

FORMATS = (".csv", ".xlsx", ".parquet")
OWN = model_of(PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16").core.vocabulary)


def there_and_back(found: list[BaseModel], model: type[BaseModel], suffix: str) -> list[Any]:
    data = bytes_of(table_of(found), suffix, "evidence")
    return [item for _, item in read_file("evidence" + suffix, data, model, "urn")]


def said(record: BaseModel) -> Any:
    """What a record says, as JSON: with the digits of its numbers, without years that hold nothing."""
    return _without_nothing(json.loads(line_of(record), parse_float=str, parse_int=str))


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: kept for key, item in value.items() if (kept := _without_nothing(item)) != {}}
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("model", [SchoolEvidence, OWN], ids=["school", "any vocabulary"])
def test_a_record_survives_a_row(model: type[BaseModel], suffix: str) -> None:
    """Whatever a record says, digit for digit, is read again from the row it is written as."""

    @settings(max_examples=150 if suffix == ".csv" else 40)
    @given(st.lists(records(model, "urn"), min_size=1, max_size=2))
    def holds(found: list[BaseModel]) -> None:
        numbered = [record.model_copy(update={"urn": str(place)}) for place, record in enumerate(found)]
        back = there_and_back(numbered, model, suffix)
        assert [said(item) if isinstance(item, BaseModel) else str(item) for item in back] == [
            said(item) for item in numbered
        ]

    holds()
