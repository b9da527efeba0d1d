"""Runs the conformance files of pathways; `docs/reference/conformance.md` tells how they are written."""

import json
from datetime import date
from functools import partial
from typing import Any

import pytest
from tests.conformance.test_conformance import (
    PRELUDE,
    SETTING,
    VOCABULARY,
    WRITTEN_LEGEND,
    cases,
    differs,
    in_bytes,
    parts_of,
)

from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.exact_json import loads
from si_rules.evidence.facts import facts_of
from si_rules.pathways.as_json import as_dict
from si_rules.pathways.follow import InForce, follow
from si_rules.pathways.history import read_history
from si_rules.pipeline import load
from si_rules.semantics.core import Core


def policy_of(body: str) -> tuple[Core, str]:
    """The policy of a case, which must have no error, and its digest."""
    parts = dict(parts_of(body))
    text = in_bytes((PRELUDE + parts_of(body)[0][1]).replace("LEGEND\n", WRITTEN_LEGEND))
    calendars = {"case.calendar": in_bytes(parts["calendar"])} if "calendar" in parts else {}
    found = load(
        {"case.policy": text}, ("conformance.vocabulary", in_bytes(VOCABULARY)), keep=False, calendar_files=calendars
    )
    assert [item.message for item in found.diagnostics if item.is_error] == []
    assert found.policy is not None
    return found.policy, found.digest


def followed(policy: Core, digest: str, evidence: str, history: str, settings: dict[str, str]) -> dict[str, Any]:
    """The case as JSON, with the entries refused on the way."""
    record = model_of(policy.vocabulary).model_validate({policy.vocabulary.identified_by: "1", **loads(evidence)})
    read = read_history(json.dumps({"subject": "1", "events": json.loads(history)}).encode())
    assert read.history is not None
    on = date.fromisoformat(settings.get("on", "2016-01-10"))
    known_at = date.fromisoformat(settings.get("known at", str(on)))
    roles = frozenset(settings["audience"].split(", ")) if "audience" in settings else None
    editions = [InForce(policy.in_force[0], policy, digest)]
    return as_dict(follow(editions, read.history, partial(facts_of, record), on, known_at, roles))


@pytest.mark.parametrize("body", cases("pathways"))
def test_a_case_has_the_parts_expected(body: str) -> None:
    """Each part that a case names is in what follows from the history: of its first pathway, unless it says otherwise."""
    policy, digest = policy_of(body)
    evidence, history, settings, checked = "{}", "[]", dict[str, str](), 0
    for name, text in parts_of(body):
        if name == "evidence":
            evidence = text
        elif name == "history":
            history, settings = text, {}
        elif name == "on":
            settings = dict(SETTING.findall(text))
        elif name in ("expect", "ignored", "refused", "pathways"):
            came = followed(policy, digest, evidence, history, settings)
            wanted = text.strip() if name == "pathways" else json.loads(text)
            found: dict[str, Any] = {
                "expect": came["pathways"][0],
                "ignored": came["ignored"],
                "refused": len(came["refused"]),
                "pathways": ", ".join(item["id"] for item in came["pathways"]),
            }
            assert differs(wanted, found[name], name) == []
            checked += 1
    assert checked, "a case that expects nothing shows nothing"
