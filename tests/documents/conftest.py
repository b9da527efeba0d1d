"""Decisions of fictional schools, and a policy of its own whose evidence holds what pages must not carry out."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from si_rules import PolicyLibrary, Refusal, SchoolEvidence, open_policy, read_evidence
from si_rules.evidence.any_vocabulary import model_of
from si_rules.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
ON = date(2015, 11, 4)


@pytest.fixture(scope="session")
def policy() -> Policy:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)


@pytest.fixture(scope="session")
def schools() -> list[BaseModel]:
    """The fictional cohort."""
    text = (ROOT / "examples/01_fictional_cohort/evidence.jsonl").read_bytes()
    return [item for item in read_evidence(text, SchoolEvidence, "urn") if not isinstance(item, Refusal)]


@pytest.fixture(scope="session")
def town() -> Policy:
    """The policy of a town about its houses: figures, a target, a confidential judgement, classes that stand together."""
    return open_policy(ROOT / "tests/documents/town")


@pytest.fixture(scope="session")
def house(town: Policy) -> Callable[..., BaseModel]:
    """Makes the evidence of a house from what is known of it."""
    model = model_of(town.core.vocabulary)

    def make(number: str, **known: Any) -> BaseModel:
        judgements = {name: {"value": value} for name, value in known.pop("judgements", {}).items()}
        return model.model_validate({"number": number, **known, "judgements": judgements})

    return make
