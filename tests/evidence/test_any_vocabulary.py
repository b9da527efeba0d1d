"""The model of evidence made from a vocabulary: whatever a vocabulary calls its fields, evidence can be read by it."""

import warnings
from typing import Any

import pytest
from pydantic import BaseModel

from si_rules.evidence.any_vocabulary import model_of
from si_rules.semantics.vocabulary_reading import read_vocabulary
from si_rules.source.screening import read_source
from si_rules.syntax.parsing import parse_file


def model(text: str) -> type[BaseModel]:
    source, _ = read_source("case.vocabulary", text.encode())
    tree, mistakes = parse_file(source)
    vocabulary, found = read_vocabulary(tree)
    assert vocabulary is not None, [*mistakes, *found]
    return model_of(vocabulary)


@pytest.mark.parametrize("word", ["name", "vocabulary", "parent", "more", "self", "class", "copy", "json", "model_id"])
@pytest.mark.parametrize("line", ["identified by", "labelled by"])
def test_a_subject_may_be_named_by_any_word(line: str, word: str) -> None:
    """Words that Python or pydantic use for themselves name a subject as well as others; nothing is warned of."""
    other = "labelled by x" if line == "identified by" else "identified by x"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = model(f"vocabulary v 1\n  subject thing, plural things\n  {line} {word}\n  {other}\n")
    assert getattr(made.model_validate({word: "A", "x": "B"}), word) == "A"


@pytest.mark.parametrize("word", ["name", "vocabulary", "parent", "validate", "schema", "model_fields"])
def test_a_field_may_have_any_name(word: str) -> None:
    """A field of the subject, of a record and of a year may each have any name, the same in all three."""
    made = model(
        "vocabulary v 1\n  subject thing, plural things\n  identified by code\n"
        f'evidence {word} "a"\n  number\n'
        f'records visit "b"\n  listed under visits\n  happened on day, became known on told\n'
        f'evidence visit.{word} "c"\n  number\n'
        f'results sales "d"\n  each academic year\nevidence sales.{word} "e"\n  number\n'
    )
    given: dict[str, Any] = {
        "code": "A",
        word: 1,
        "visits": [{"day": "2015-01-01", word: 2}],
        "sales": {"2014-15": {word: 3}},
    }
    read: Any = made.model_validate(given)
    values = [getattr(read, word), getattr(read.visits[0], word), getattr(read.sales["2014-15"], word)]
    assert [int(value) for value in values] == [1, 2, 3]


def test_one_key_may_hold_both_days_of_a_record() -> None:
    """Where a record is known from its day on, its day is needed."""
    made: Any = model(
        "vocabulary v 1\n  subject thing, plural things\n  identified by code\n"
        'records visit "b"\n  listed under visits\n  happened on day, became known on day\n'
        'evidence visit.length "c"\n  number\n'
    )
    assert str(made.model_validate({"code": "A", "visits": [{"day": "2015-01-01"}]}).visits[0].day) == "2015-01-01"
    with pytest.raises(ValueError, match="day"):
        made.model_validate({"code": "A", "visits": [{"length": 1}]})
