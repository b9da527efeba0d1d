"""The schemas that `si-rules schema` prints: what they admit is taken, and what is taken they admit."""

import copy
import json
import os
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel, ValidationError
from tests.evidence.json_schemas import mistakes, random_document

from si_rules import EvidenceError, Missing, Policy, PolicyLibrary, SchoolEvidence, open_policy
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.json_schema import evidence_schema
from si_rules.interfaces.cli.schema import command

ROOT = Path(__file__).resolve().parents[2]
FLOOD = ROOT / "examples" / "03_flood_defences"
COHORT = ROOT / "examples" / "01_fictional_cohort" / "evidence.jsonl"
DOCUMENTS = 300 if os.environ.get("SI_RULES_LONG") else 40

POLICIES = {"doncaster.school_improvement": (date(2015, 11, 4), SchoolEvidence), str(FLOOD): (date(2025, 2, 1), None)}


def printed(*arguments: str) -> Any:
    done = CliRunner().invoke(command, list(arguments))
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def opened(name: str) -> tuple[Policy, type[BaseModel], date]:
    on, model = POLICIES[name]
    if name == str(FLOOD):
        if not FLOOD.is_dir():
            pytest.skip("needs the checkout: there is no folder examples")
        policy = open_policy(FLOOD)
    else:
        policy = PolicyLibrary.bundled().in_force(name, on=on)
    return policy, model or model_of(policy.core.vocabulary), on


@pytest.mark.parametrize("name", POLICIES, ids=["school", "flood"])
def test_what_the_schema_admits_is_decided_on(name: str) -> None:
    """Random documents that are valid are read and decided on, but for what no schema says:
    two records of one day, two values of one origin, limits with nothing between them."""
    policy, model, on = opened(name)
    schema = printed("evidence", "--policy", name, "--on", str(on))
    taken = 0
    for seed in range(DOCUMENTS):
        document = random_document(schema, schema, random.Random(seed))
        assert not mistakes(document, schema, schema)
        try:
            policy.decide(model.model_validate(document), on=on)
            taken += 1
        except (ValidationError, EvidenceError) as error:
            reasons = [str(error)] if isinstance(error, EvidenceError) else [item["msg"] for item in error.errors()]
            assert all(
                "of one day" in reason or "gives two values" in reason or "between which" in reason
                for reason in reasons
            ), (seed, reasons)
    assert taken > DOCUMENTS / 4


@pytest.mark.parametrize("name", POLICIES, ids=["school", "flood"])
def test_what_the_schema_refuses_is_refused(name: str) -> None:
    """A key that there is not, and a value that cannot stand where it does, are invalid and are not decided on."""
    policy, model, on = opened(name)
    schema = printed("evidence", "--policy", name, "--on", str(on))
    tried = 0
    for seed in range(DOCUMENTS):
        chance = random.Random(seed)
        document = spoilt(random_document(schema, schema, chance), chance)
        if document is None:
            continue
        tried += 1
        assert mistakes(document, schema, schema), document
        with pytest.raises((ValidationError, EvidenceError)):
            policy.decide(model.model_validate(document), on=on)
    assert tried > DOCUMENTS / 2


def spoilt(document: Any, chance: random.Random) -> Any:
    """The document with one thing wrong in it, or None where there is nothing to spoil."""
    made = copy.deepcopy(document)
    places = [(made, key) for key in made if key not in ("urn", "reference", "name", "judgements")]
    if not places:
        return None
    holder, key = chance.choice(places)
    wrong = chance.choice(("unknown key", "value", "reason"))
    if wrong == "unknown key":
        made["no_such_key"] = 1
    elif wrong == "reason":
        holder[key] = {"absent": "because"}
    else:
        holder[key] = ["x"] if not isinstance(holder[key], list) else "x"
    return made


def test_the_fictional_cohort_is_valid() -> None:
    """Every record of the cohort is valid under the schema of schools, and under that of the policy."""
    if not COHORT.is_file():
        pytest.skip("needs the checkout: there is no folder examples")
    records = [json.loads(line, parse_float=Decimal) for line in COHORT.read_text(encoding="utf-8").splitlines()]
    schemas = [
        printed("evidence"),
        printed("evidence", "--policy", "doncaster.school_improvement", "--on", "2015-11-04"),
    ]
    for schema in schemas:
        for record in records:
            assert not mistakes(record, schema, schema)


def test_the_schema_of_a_policy_knows_its_judgements() -> None:
    """Names and values of judgements are those the policy declares; without a policy any name is admitted."""
    own = printed("evidence", "--policy", "doncaster.school_improvement", "--on", "2015-11-04")
    for judgements, right in (
        ({"capacity": {"value": "good"}}, True),
        ({"capacity": {"value": "splendid"}}, False),
        ({"capcity": {"value": "good"}}, False),
    ):
        record = {"urn": "1", "judgements": judgements}
        assert (not mistakes(record, own, own)) == right
    general = printed("evidence")
    assert not mistakes({"urn": "1", "judgements": {"anything": {"value": "at all"}}}, general, general)


class Sourced(SchoolEvidence):
    """A council's own model, which holds more than the vocabulary: where each value was found."""

    ward: str | None = None
    found_in: dict[str, Missing | int] = {}


def test_what_a_model_has_beyond_the_vocabulary_stands_in_its_schema() -> None:
    """A field of an own model is admitted as the model takes it, also where it refers to another model."""
    core = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=date(2015, 11, 4)).core
    plain, own = evidence_schema(core.vocabulary, SchoolEvidence), evidence_schema(core.vocabulary, Sourced)
    record = {"urn": "1", "ward": "Quay", "found_in": {"phase": {"absent": "suppressed"}, "name": 3}}
    assert not mistakes(record, own, own)
    assert mistakes(record, plain, plain)
    for change in ({"ward": 3}, {"found_in": {"phase": {"absent": "because"}}}):
        assert mistakes(record | change, own, own)


def test_every_decision_is_valid() -> None:
    """Decisions on the cohort, explained or not, have the keys of the schema and no others; so have those of values and figures."""
    if not COHORT.is_file():
        pytest.skip("needs the checkout: there is no folder examples")
    schema = printed("decision")
    policy, _, on = opened("doncaster.school_improvement")
    for line in COHORT.read_text(encoding="utf-8").splitlines()[:40]:
        decision = policy.decide(SchoolEvidence.model_validate_json(line), on=on)
        document = json.loads(decision.to_json(explain=True))
        assert not mistakes(document, schema, schema)
    flood, model, on = opened(str(FLOOD))
    for line in (FLOOD / "evidence.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        document = json.loads(flood.decide(model.model_validate(record), on=on).to_json(explain=True))
        assert not mistakes(document, schema, schema)
        assert document["values"]


def test_a_decision_that_is_not_one_is_refused() -> None:
    """A missing key, one too many and a status that there is not are noticed."""
    schema = printed("decision")
    policy, _, on = opened("doncaster.school_improvement")
    document = json.loads(policy.decide(SchoolEvidence(urn="1"), on=on).to_json())
    assert not mistakes(document, schema, schema)
    for change in ({"extra": 1}, {"on": "4 November"}, {"evidence_digest": "none"}):
        assert mistakes(document | change, schema, schema)
    del document["needs"]
    assert mistakes(document, schema, schema)


def test_a_decision_has_one_form() -> None:
    """A policy is asked for where it makes a difference only."""
    done = CliRunner().invoke(command, ["decision", "--policy", "doncaster.school_improvement"])
    assert done.exit_code == 2
    assert "leave out --policy" in done.stderr
