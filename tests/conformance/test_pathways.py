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
from si_rules.pipeline import Loaded, load


def loaded(body: str, declarations: str) -> Loaded:
    """An edition of a case: the prelude with some declarations, and the calendars of the case."""
    parts = dict(parts_of(body))
    text = in_bytes((PRELUDE + declarations).replace("LEGEND\n", WRITTEN_LEGEND))
    calendars = {"case.calendar": in_bytes(parts["calendar"])} if "calendar" in parts else {}
    vocabulary = ("conformance.vocabulary", in_bytes(VOCABULARY))
    return load({"case.policy": text}, vocabulary, keep=False, calendar_files=calendars)


def editions_of(body: str) -> list[InForce]:
    """The editions of a case, which must have no error: one called `earlier` is in force until the end of 2015."""
    parts = dict(parts_of(body))
    found = [loaded(body, text) for text in (*([parts["earlier"]] if "earlier" in parts else []), parts[""])]
    assert [item.message for edition in found for item in edition.diagnostics if item.is_error] == []
    starts = (date(2015, 9, 1), date(2016, 1, 1))
    policies = [(edition.policy, edition.digest) for edition in found if edition.policy is not None]
    return [InForce(start, policy, digest) for start, (policy, digest) in zip(starts, policies, strict=False)]


def followed(editions: list[InForce], evidence: str, history: str, settings: dict[str, str]) -> dict[str, Any]:
    """The case as JSON, with the entries refused on the way."""
    vocabulary = editions[0].policy.vocabulary
    record = model_of(vocabulary).model_validate({vocabulary.identified_by: "1", **loads(evidence)})
    read = read_history(json.dumps({"subject": "1", "events": json.loads(history)}).encode())
    assert read.history is not None
    on = date.fromisoformat(settings.get("on", "2016-01-10"))
    known_at = date.fromisoformat(settings.get("known at", str(on)))
    roles = frozenset(settings["audience"].split(", ")) if "audience" in settings else None
    return as_dict(follow(editions, read.history, partial(facts_of, record), on, known_at, roles))


@pytest.mark.parametrize("body", cases("pathways"))
def test_a_case_has_the_parts_expected(body: str) -> None:
    """Each part that a case names is in what follows from the history, or its files draw the findings it names."""
    if "findings" in dict(parts_of(body)):
        codes = [item.code for item in loaded(body, parts_of(body)[0][1]).diagnostics]
        assert codes == dict(parts_of(body))["findings"].split()
        return
    editions = editions_of(body)
    evidence, history, settings, checked = "{}", "[]", dict[str, str](), 0
    for name, text in parts_of(body):
        if name == "evidence":
            evidence = text
        elif name == "history":
            history, settings = text, {}
        elif name == "on":
            settings = dict(SETTING.findall(text))
        elif name in ("expect", "ignored", "refused", "pathways"):
            came = followed(editions, evidence, history, settings)
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
