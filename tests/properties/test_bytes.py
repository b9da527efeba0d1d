"""The same bytes from the same input: across processes, through the cache, and by an independent canonical JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, strategies as st
from tests.properties.cases import LONG, loaded
from tests.properties.generator import random_policy

from si_rules.semantics.encoding import decode, encode
from si_rules.source.canonical import canonical, digest

SCHOOLS: list[dict[str, Any]] = [
    {"urn": "1", "name": "Known", "phase": "primary", "legal_type": "community", "inspections": [
        {"date": "2014-03-01", "grade": "good", "category_of_concern": "no_category"}],
     "ks2": {"2013-14": {"published": "2014-12-11", "rwm_level_4_plus": "71.5", "eligible_pupils": 30},
             "2012-13": {"rwm_level_4_plus": 80}},
     "judgements": {"direction": {"value": "improving"}, "leadership": {"value": "strong", "author": "A", "date": "2015-10-01"},
                    "capability_procedures": {"value": True}}},
    {"urn": "2", "phase": "infant", "legal_type": {"absent": "not_supplied"}, "inspections": []},
    {"urn": "3", "phase": {"absent": "not_published"}, "current_category": {"none": True},
     "inspections": {"absent": "not_supplied"}, "attendance": {"2013-14": {"overall": "94.9"}}},
    {"urn": "4"},
]  # fmt: skip


def test_the_seed_of_hashing_changes_no_byte(tmp_path: Path) -> None:
    """Under three seeds of hashing, `decide` writes the same bytes, explanations included."""
    evidence = tmp_path / "schools.jsonl"
    evidence.write_text("".join(json.dumps(school) + "\n" for school in SCHOOLS), encoding="utf-8")
    command = [sys.executable, "-m", "si_rules", "decide", "doncaster.school_improvement", str(evidence),
               "--on", "2015-11-04", "--audience", "public,headteacher", "--explain", "--format", "jsonl"]  # fmt: skip
    outputs = []
    for seed in ("0", "77", "4294967295"):
        # no cache: an order kept by one process must not hide that of another
        environment = {**os.environ, "PYTHONHASHSEED": seed, "SI_RULES_CACHE": ""}
        done = subprocess.run(command, capture_output=True, env=environment, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        outputs.append(done.stdout)
    assert len(outputs[0]) > 1000
    assert len(set(outputs)) == 1


@pytest.mark.parametrize("first", range(0, 1000 if LONG else 40, 20))
def test_a_core_comes_back_from_its_text(first: int) -> None:
    """`decode(encode(core))` equals the core and has the same text, origins included."""
    for seed in range(first, first + 20):
        policy = loaded(random_policy(seed)).policy
        assert policy is not None
        text = encode(policy)
        again = decode(text)
        assert again == policy
        assert encode(again) == text


def test_what_is_no_core_is_refused() -> None:
    """A text that `encode` did not make is a ValueError, whatever it holds."""
    for text in ("", "[]", "{}", '{"c":"Core","v":[]}', '{"c":"os","v":[]}', '{"c":"Flag","v":[]}', "[" * 5000):
        with pytest.raises(ValueError):  # noqa: PT011 - any of its kinds
            decode(text)


keys = st.text(st.characters(max_codepoint=127), max_size=6)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4))


@given(values)
def test_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    """Within its restriction the canonical text is the one an independent implementation gives."""
    assert canonical(value) == rfc8785.dumps(value)


@given(values, values)
def test_different_values_have_different_texts(first: Any, second: Any) -> None:
    """The canonical text can be read back, so two values share a digest only where they are the same JSON."""
    assert json.loads(canonical(first)) == first
    assert (digest(first) == digest(second)) == (canonical(first) == canonical(second))


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, {"é": 1}, {1: 2}, {"a": {1, 2}}, b"x"])
def test_what_has_no_canonical_json_is_refused(value: Any) -> None:
    """Floats, large numbers, keys that are not ASCII text and other types are a TypeError."""
    with pytest.raises(TypeError):
        canonical(value)
