"""The compiled policy: records from models and from flat dicts, answers with names, and what a traceback shows."""

import linecache
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from si_rules import Compiled, NotInForce, PolicyLibrary, SchoolEvidence
from si_rules.decisions.basis import Basis
from si_rules.evaluation.compiled.layout import ALL_KNOWN, SOME_MISSING
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.facts import FactsOf
from si_rules.policy import Policy

ON = date(2015, 11, 4)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "01_fictional_cohort" / "evidence.jsonl"


@cache
def doncaster() -> Compiled:
    return policy().compiled(on=ON)


@cache
def policy() -> Policy:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)


def schools() -> list[SchoolEvidence]:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return [SchoolEvidence.model_validate_json(line) for line in lines[::5]]


def test_an_answer_says_what_a_decision_says() -> None:
    """Where Kleene logic settles an outcome it is that of the decision; what is open holds all that is possible."""
    compiled = doncaster()
    for school in schools():
        record, decision = compiled.prepare(school), compiled.decision(school)
        answer = compiled.read(compiled.decide(record))
        for name, result in decision.classifications.items():
            found = answer.classifications[name]
            assert set(result.possible) <= set(found.possible)
            if found.outcome is not None:
                assert (found.status, found.outcome) == (result.status, result.outcome)
        holding = {item.id for item in decision.triggers if item.status == "holds"}
        assert {name for name, truth in answer.triggers.items() if truth == "holds"} <= holding


def test_exact_outcomes_are_those_of_the_decision() -> None:
    """`exactly` gives status and possible outcomes as the decision does."""
    compiled = doncaster()
    for school in schools()[:12]:
        exactly, decision = compiled.exactly(compiled.prepare(school)), compiled.decision(school)
        told = {name: (found.status, found.possible) for name, found in exactly.items()}
        assert told == {name: (found.status, found.possible) for name, found in decision.classifications.items()}


def test_a_trace_names_the_clauses() -> None:
    """A trace gives the truth of every rule, so also the clauses because of which a class stands."""
    compiled = doncaster()
    told = 0
    for school in schools():
        trace = compiled.read_trace(compiled.trace(compiled.prepare(school)))
        decision = compiled.decision(school)
        for name, found in trace.classifications.items():
            if found.outcome is not None:
                assert trace.because(name) == decision.classifications[name].because
                told += 1
    assert told > 10


def flat(**more: Any) -> dict[str, Any]:
    return {"urn": "1", "phase": "primary", "ks2.2013-14.rwm_level_4_plus": Decimal("65.25"), **more}


def test_a_flat_record_is_what_the_model_is() -> None:
    """The same evidence, as a flat dict and as a model, gets the same answer."""
    compiled = doncaster()
    model = SchoolEvidence.model_validate(
        {"urn": "1", "phase": "primary", "ks2": {"2013-14": {"rwm_level_4_plus": "65.25", "published": "2014-12-11"}}}
    )
    assert compiled.trace(compiled.prepare_raw(flat())) == compiled.trace(compiled.prepare(model))
    assert "ks2.2013-14.rwm_level_4_plus" in compiled.paths


@pytest.mark.parametrize(
    ("path", "value"),
    [("phase", "college"), ("phase", []), ("phase", True)]
    + [("ks2.2013-14.rwm_level_4_plus", value)
       for value in (65.25, "65.25", True, Decimal("100.1"), Decimal("NaN"), Decimal("sNaN"), Decimal("1e-19"))],
)  # fmt: skip
def test_a_flat_record_is_validated(path: str, value: Any) -> None:
    """A value that its kind does not have is refused, with its path and whose it is."""
    with pytest.raises(EvidenceError) as refused:
        doncaster().prepare_raw(flat(**{path: value}))
    assert refused.value.path == path
    assert refused.value.subject == "1"


def test_a_policy_is_compiled_within_its_period() -> None:
    """Outside the in-force period it is refused, unless used as if."""
    with pytest.raises(NotInForce):
        policy().compiled(on=date(2019, 1, 1))
    assert policy().compiled(on=date(2019, 1, 1), as_if=True).decision(schools()[0]).policy.as_if


def test_what_breaks_shows_the_line_of_the_policy() -> None:
    """A traceback through compiled code shows the rule, its file and its line."""
    compiled = doncaster()
    record = compiled.prepare_raw(flat())
    slot = compiled._program.layout.slots["ks2.2013-14.rwm_level_4_plus"]
    setattr(record, slot.name, "not a number")
    with pytest.raises(TypeError) as broken:
        compiled.decide(record)
    (frame,) = [item for item in broken.traceback if str(item.path).endswith("2015-11-04>")]
    shown = linecache.getline(str(frame.path), frame.lineno + 1)
    assert ".policy, line " in shown
    assert "2015-11-04" in str(frame.path)


SHOW = """
import hashlib, marshal
from datetime import date
from si_rules import PolicyLibrary
policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=date(2015, 11, 4))
compiled = policy.compiled(on=date(2015, 11, 4))
code = marshal.dumps(compiled.decide.__code__, 1) + marshal.dumps(compiled.trace.__code__, 1)
print(hashlib.sha256(code).hexdigest(), *compiled.paths)
"""


def test_the_code_is_the_same_under_every_seed_of_hashing() -> None:
    """The compiled functions are the same bytes, and read the same data in the same order."""
    found = set()
    for seed in ("0", "77"):
        run = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, check=True,
                             env={**os.environ, "PYTHONHASHSEED": seed})  # fmt: skip
        found.add(run.stdout)
    assert len(found) == 1


def test_an_answer_is_light() -> None:
    """An answer is a tuple of atoms and of tuples of texts: it pins no evidence, and nothing for the collector to follow."""
    compiled = doncaster()
    answer = compiled.decide(compiled.prepare(schools()[0]))
    flat_parts = [part for item in answer for part in (item if isinstance(item, tuple) else (item,))]
    assert all(part is None or part is ... or isinstance(part, bool | str) for part in flat_parts)


def test_states_say_which_code_a_record_is_for() -> None:
    """A record with something missing is for the code that asks for it."""
    assert doncaster().prepare_raw(flat()).state == SOME_MISSING != ALL_KNOWN


def test_a_policy_that_is_too_large_is_left_to_the_interpreter() -> None:
    """A classification of many hundreds of classes is decided all the same, and compiled code is refused in a sentence."""
    core = policy().core
    found = core.classifications["tier"]
    many = tuple(evolve(found.classes[0], label=f"x{number}") for number in range(500))
    large = evolve(
        core, classifications={**core.classifications, "tier": evolve(found, classes=(*found.classes, *many))}
    )
    basis = Basis(large, policy().digest)
    with pytest.raises(ValueError, match=r"50[0-9] classes; at most 400"):
        basis.program(basis.situation(ON, ON, None))
    for school in schools()[:2]:
        assert basis.decide(FactsOf(school), ON, ON, False).triggers
