"""Laws of case histories, held on random ones under the shipped policies."""

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

import pytest
from tests.pathways.cases import DONCASTER, LIBRARY, school

from si_rules.pathways.as_json import as_dict, as_text
from si_rules.pathways.as_text import written
from si_rules.pathways.case import Case
from si_rules.pathways.history import History
from si_rules.pathways.timeline import page
from si_rules.semantics.core import Core
from si_rules.semantics.kinds import Choice, Flag, Scale

LAW: Final = "england.intervention"
LONG: Final = os.environ.get("SI_RULES_LONG") == "1"
HISTORIES: Final = 10_000 if LONG else 60
A_TEST: Final = 20
FIRST, LAST = date(2015, 9, 1), date(2016, 8, 20)
SEEDS: Final = [pytest.param(n, id=f"from {n}") for n in range(0, HISTORIES, A_TEST)]


def core(policy: str) -> Core:
    return LIBRARY.in_force(policy, on=FIRST).core


class Random:
    """A random history under one of the two policies."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"history {seed}")
        self.policy = self.chance.choice((DONCASTER, DONCASTER, LAW))
        self.core = core(self.policy)
        self.evidence = school(
            legal_type=self.chance.choice(("community", "voluntary_aided", "foundation", "academy_sponsored", None)),
            religious_character=self.chance.choice(({"none": True}, "church_of_england", "other_faith", None)),
            has_foundation=self.chance.choice((True, False, None)),
        )
        names = sorted(self.core.events)
        beginnings = [begin.event for pathway in self.core.pathways.values() for begin in pathway.begins]
        chosen = [
            self.chance.choice(beginnings),
            *(self.chance.choice(names) for _ in range(self.chance.choice((2, 5, 12, 20)))),
        ]
        self.events = [self.event(name) for name in chosen]
        self.on = FIRST + timedelta(days=self.chance.randint(30, (LAST - FIRST).days))

    def event(self, name: str, after: date = FIRST) -> dict[str, Any]:
        day = after + timedelta(days=self.chance.randint(0, max((LAST - after).days, 0)))
        found: dict[str, Any] = {"event": name, "date": str(day)}
        if self.chance.random() < 0.3:
            found["recorded"] = str(day + timedelta(days=self.chance.choice((0, 3, 20, 90))))
        for field in self.core.vocabulary.fields.values():
            if field.parent == name and field.key != "date" and self.chance.random() < 0.7:
                match field.kind:
                    case Flag():
                        found[field.key] = self.chance.choice(("yes", "no"))
                    case Choice(values=values) | Scale(values=values):
                        found[field.key] = self.chance.choice(values)
        return found

    def history(self, events: list[dict[str, Any]] | None = None) -> History:
        return History.model_validate({"subject": "990001", "events": self.events if events is None else events})

    def case(self, events: list[dict[str, Any]] | None = None, **more: Any) -> Case:
        return LIBRARY.follow(self.policy, self.history(events), **{"on": self.on, "evidence": self.evidence, **more})


def some(first: int) -> Iterator[Random]:
    return (Random(seed) for seed in range(first, first + A_TEST))


@pytest.mark.parametrize("first", SEEDS)
def test_every_history_has_a_case_whatever_the_order_of_its_events(first: int) -> None:
    """Nothing that may have happened is refused or fails, and shuffled events give the same bytes."""
    for made in some(first):
        found = made.case()
        assert found.refused == ()
        shuffled = made.chance.sample(made.events, len(made.events))
        assert as_text(made.case(shuffled)) == as_text(found), made.events
        assert written(found, made.core.parties, made.core.interpretations)


@pytest.mark.parametrize("first", SEEDS)
def test_what_was_known_gives_the_same_case_later(first: int) -> None:
    """As known at a day, a case is the same when more has been recorded since: only what is ignored is longer."""
    for made in some(first):
        known = made.on - timedelta(days=made.chance.randint(0, 60))
        before = [e for e in made.events if date.fromisoformat(e.get("recorded", e["date"])) <= known]
        one, other = (as_dict(made.case(events, known_at=known)) for events in (before, made.events))
        for document in (one, other):
            del document["ignored"], document["history_digest"]
        assert one == other, made.events


@pytest.mark.parametrize("first", SEEDS)
def test_what_happens_after_a_breach_never_removes_it(first: int) -> None:
    """An event dated after a breach may end what is due or make it late: the breach and its day stay."""
    for made in some(first):
        found = made.case()
        breaches = {
            (t.pathway, d.id, d.opened, d.due, d.breached_on)
            for t in found.tracks for d in t.duties if d.breached_on is not None and d.certain
        }  # fmt: skip
        if not breaches:
            continue
        last = max(day for *_, day in breaches if day is not None)
        late = made.event(made.chance.choice(sorted(made.core.events)), after=min(last, made.on))
        again = made.case([*made.events, late])
        kept = {(t.pathway, d.id, d.opened, d.due, d.breached_on) for t in again.tracks for d in t.duties}
        assert breaches <= kept, (late, made.events)


@pytest.mark.parametrize("first", SEEDS)
def test_capability_leaves_no_trace_outside_its_circle(first: int) -> None:
    """Without the confidential events nothing rendered for any other audience differs by a byte."""
    for made in some(first):
        made.policy, made.core = DONCASTER, core(DONCASTER)
        open_ = [e for e in made.events if e["event"] in made.core.events and not e["event"].startswith("capability")]
        secret = [made.event("capability_opened"), made.event("capability_closed")]
        for audience in ({"public"}, {"headteacher"}, {"governors"}, {"sponsor"}):
            one, other = (made.case(events, audience=audience) for events in (open_, [*open_, *secret]))
            assert as_text(one) == as_text(other)
            assert page(one, {}, {}) == page(other, {}, {})
