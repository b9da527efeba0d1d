"""The typed record of a school, and a council's own model beside it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from si_rules import Missing, PolicyLibrary, Record, SchoolEvidence
from si_rules.evidence.conformity import unfit

AUTUMN = date(2015, 11, 4)


def test_json_numbers_are_never_read_through_a_float() -> None:
    """Seventeen nines stay seventeen nines."""
    record = SchoolEvidence.model_validate_json(
        '{"urn": 1, "ks2": {"2013-14": {"rwm_level_4_plus": 64.99999999999999999}}}'
    )
    assert record.ks2["2013-14"].rwm_level_4_plus == Decimal("64.99999999999999999")


def test_a_float_is_refused() -> None:
    """A float has lost digits before it comes here; decimals, whole numbers and texts are taken."""
    for good in (Decimal("64.5"), 64, "64.5"):
        SchoolEvidence.model_validate({"urn": "1", "ks2": {"2013-14": {"rwm_level_4_plus": good}}})
    with pytest.raises(ValidationError, match="written exactly"):
        SchoolEvidence.model_validate({"urn": "1", "ks2": {"2013-14": {"rwm_level_4_plus": 64.5}}})


@pytest.mark.parametrize("reason", ["not_supplied", "not_published", "suppressed"])
def test_absence_keeps_its_reason(reason: str) -> None:
    """Each reason of absence is kept and told in the explanation."""
    record = SchoolEvidence.model_validate({"urn": "1", "phase": {"absent": reason}})
    assert record.phase == Missing(absent=reason)  # type: ignore[arg-type]
    decision = PolicyLibrary.bundled().in_force("doncaster.school_improvement", AUTUMN).decide(record, on=AUTUMN)
    assert reason.replace("_", " ") in decision.to_text(explain=True)


def test_a_record_cannot_be_changed() -> None:
    """Evidence is frozen."""
    record = SchoolEvidence(urn="1")
    with pytest.raises(ValidationError):
        record.phase = "primary"


class OwnResults(Record):
    published: date | None = None
    eligible_pupils: Any = None
    rwm_level_4_plus: Any = None
    reading_expected_progress: Any = None
    writing_expected_progress: Any = None
    mathematics_expected_progress: Any = None
    rwm_expected_standard: Any = None
    reading_progress_score: Any = None
    writing_progress_score: Any = None
    mathematics_progress_score: Any = None


class OwnSchool(Record):
    """A council's own model: the vocabulary's fields under their names, and one more."""

    urn: str
    name: str | None = None
    ward: str = ""
    phase: Any = None
    legal_type: Any = None
    current_category: Any = None
    pre_warning_letter_issued: Any = None
    inspections: Any = None
    ks2: dict[str, OwnResults] = {}
    attendance: dict[str, Any] = {}
    judgements: dict[str, Any] = {}


def test_a_council_may_bring_its_own_model() -> None:
    """A model decides that holds what the policy reads of the vocabulary; one that lacks some is refused by name."""
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", AUTUMN)
    lacking = unfit(OwnSchool, policy.core)
    assert "OwnResults has no field reading_test" in lacking
    assert not any(sentence.rpartition(" ")[2] in (*OwnSchool.model_fields, *OwnResults.model_fields)
                   for sentence in lacking if sentence.startswith("Own"))  # fmt: skip

    class Council(SchoolEvidence):
        ward: str = ""

    assert unfit(Council, policy.core) == []
    ours = policy.decide(SchoolEvidence(urn="1", phase="primary"), on=AUTUMN)
    assert policy.decide(Council(urn="1", phase="primary", ward="Quay"), on=AUTUMN).to_json() == ours.to_json()
    with pytest.raises(TypeError, match="holds no records"):
        policy.decide(OwnSchool(urn="1"), on=AUTUMN)

    class Bare(Record):
        urn: str

    with pytest.raises(TypeError, match="Bare has no field phase"):
        policy.decide(Bare(urn="1"), on=AUTUMN)
