"""The invariants of the core hold for every policy that loads, and each of them can fail."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from tests.properties.cases import loaded
from tests.properties.generator import random_policy

from si_rules import PolicyLibrary
from si_rules.semantics import core as c
from si_rules.semantics.core import Core
from si_rules.semantics.invariants import INVARIANTS, broken
from si_rules.semantics.kinds import PERCENT, Date, Number
from si_rules.semantics.years import AcademicYear

ORIGIN = c.Origin("x.policy", 1, "as written")
LATEST = c.YearReference()


@pytest.fixture(scope="module")
def bundled() -> Core:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", date(2015, 11, 4)).core


def test_the_bundled_policy_breaks_no_invariant(bundled: Core) -> None:
    """The policy that comes with the library keeps them all."""
    assert broken(bundled) == []


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_random_policies_break_no_invariant(first: int) -> None:
    """So does every random policy."""
    for seed in range(first, first + 10):
        policy = loaded(random_policy(seed)).policy
        assert policy is not None
        assert broken(policy) == [], f"seed {seed}"


# ---- breaking a core


def with_rule(core: Core, condition: c.Condition, **changes: Any) -> Core:
    """The core with another condition in its first fact."""
    name = next(name for name, rule in core.rules.items() if rule.sort == "fact")
    return evolve(core, rules={**core.rules, name: evolve(core.rules[name], condition=condition, **changes)})


def with_class(core: Core, **changes: Any) -> Core:
    """The core with its first class changed."""
    found = core.classifications["category"]
    classes = (evolve(found.classes[0], **changes), *found.classes[1:])
    return with_classification(core, classes=classes)


def with_classification(core: Core, **changes: Any) -> Core:
    return evolve(
        core, classifications={**core.classifications, "category": evolve(core.classifications["category"], **changes)}
    )


def with_consequence(core: Core, **changes: Any) -> Core:
    return evolve(core, consequences=(evolve(core.consequences[0], **changes), *core.consequences[1:]))


def with_parameter(core: Core, name: str, /, **changes: Any) -> Core:
    return evolve(core, parameters={**core.parameters, name: evolve(core.parameters[name], **changes)})


def with_judgement(core: Core, **changes: Any) -> Core:
    name = next(iter(core.judgements))
    judgement = core.judgements[name]
    return evolve(
        core, judgements={**core.judgements, name: evolve(judgement, field=evolve(judgement.field, **changes))}
    )


def among(core: Core, *values: str | bool, path: str = "phase") -> c.IsAmong:
    return c.IsAmong(c.FieldValue(path, core.field_at(path).kind), values, "leaf", ORIGIN)


def percent(number: str) -> c.Constant:
    return c.Constant(Fraction(number), Number("percent"))


ATTENDANCE = c.YearValue("attendance", "attendance.overall", PERCENT, LATEST)
IN_2014 = c.YearReference(fixed=AcademicYear(2014))


def compare(left: c.Term, right: c.Term) -> c.Compare:
    return c.Compare("<", left, right, "leaf", ORIGIN)


def itself(core: Core) -> Core:
    name = next(name for name, rule in core.rules.items() if rule.sort == "fact")
    return with_rule(core, c.RuleHolds(name, ORIGIN))


def asks_itself(core: Core) -> Core:
    """A clause that asks for the outcome of its own classification."""
    clause = core.classifications["category"].classes[0].clauses[0]
    asking = evolve(core.rules[clause], condition=c.OutcomeIs("category", ("4",)))
    return evolve(core, rules={**core.rules, clause: asking})


def confidential_in_public(core: Core) -> Core:
    path = next(j.field.path for j in core.judgements.values() if j.field.shown_to is not None)
    return with_rule(core, among(core, True, path=path))


BROKEN: dict[str, list[Callable[[Core], Core]]] = {
    "references_lead_somewhere": [
        lambda p: with_rule(p, c.RuleHolds("nobody", ORIGIN)),
        lambda p: with_rule(p, c.OutcomeIs("nothing", ("4",))),
        lambda p: with_rule(p, compare(ATTENDANCE, c.ParameterValue("nothing", Number("percent")))),
        lambda p: with_class(p, clauses=("category.9z",)),
        lambda p: with_consequence(p, classification="nothing"),
    ],
    "fields_exist": [
        lambda p: with_rule(p, c.IsAmong(c.FieldValue("mood", p.field_at("phase").kind), ("primary",), "leaf", ORIGIN)),
        lambda p: with_rule(p, compare(c.FieldValue("phase", PERCENT), percent("5"))),
        lambda p: with_rule(p, compare(c.YearValue("ks2", "attendance.overall", PERCENT, LATEST), percent("5"))),
        lambda p: with_rule(p, compare(c.YearValue("ks9", "ks9.overall", PERCENT, LATEST), percent("5"))),
        lambda p: with_rule(p, c.Trend("ks2", "ks2.nothing", PERCENT, 1, False, "leaf", ORIGIN)),
        lambda p: with_rule(p, compare(c.RecordValue("visit", "visit.share", PERCENT), percent("5"))),
    ],
    "names_are_keys": [
        lambda p: evolve(p, rules={**p.rules, "alias": evolve(p.rules[next(iter(p.rules))], sort="fact")}),
        lambda p: with_classification(p, id="other"),
        lambda p: with_parameter(p, "floor_margin", name="other"),
    ],
    "judgements_have_their_paths": [
        lambda p: with_judgement(p, path="judgement.elsewhere"),
        lambda p: with_judgement(p, optional=True),
    ],
    "clauses_belong_to_a_classification": [
        lambda p: with_class(p, clauses=()),
        lambda p: with_class(p, clauses=(p.classifications["category"].classes[1].clauses[0],)),
        lambda p: with_class(p, clauses=(next(name for name, rule in p.rules.items() if rule.sort == "fact"),)),
    ],
    "labels_are_unique": [lambda p: with_class(p, label="4"), lambda p: with_class(p, label="unmatched")],
    "outcomes_asked_for_exist": [
        lambda p: with_consequence(p, condition=c.OutcomeIs("category", ("9",))),
        lambda p: with_consequence(p, condition=c.OutcomeIs("category", ())),
    ],
    "leaves_have_names_of_their_own": [
        lambda p: with_rule(p, c.Listed("any", 0, (among(p, "primary"), among(p, "junior")), ORIGIN)),
        lambda p: with_rule(p, evolve(among(p, "primary"), id="")),
    ],
    "nothing_hangs_on_itself": [itself, asks_itself],
    "lists_can_hold": [
        lambda p: with_rule(p, c.Listed("at_least", 2, (among(p, "primary"),), ORIGIN)),
        lambda p: with_rule(p, c.Listed("at_least", 0, (among(p, "primary"),), ORIGIN)),
        lambda p: with_rule(p, c.Listed("all", 0, (), ORIGIN)),
        lambda p: with_rule(p, c.Trend("attendance", "attendance.overall", PERCENT, 0, False, "leaf", ORIGIN)),
    ],
    "compared_kinds_agree": [
        lambda p: with_rule(p, compare(ATTENDANCE, c.Constant(Fraction(5), Number("pupils")))),
        lambda p: with_rule(p, compare(ATTENDANCE, c.Constant(date(2015, 1, 1), Date()))),
    ],
    "what_is_worked_out_has_its_kind": [
        lambda p: with_rule(p, compare(c.Computed("plus", (ATTENDANCE, percent("5")), Number("percent")), percent("5"))),
        lambda p: with_rule(p, compare(c.Computed("minus", (ATTENDANCE, percent("5")), Number("percent")), percent("5"))),
        lambda p: with_rule(p, compare(ATTENDANCE, c.Constant(date(2015, 1, 1), Number("percent")))),
    ],
    "values_belong_to_kinds": [
        lambda p: with_rule(p, among(p, "castle")),
        lambda p: with_rule(p, among(p, True)),
        lambda p: with_rule(p, among(p)),
        lambda p: with_rule(p, among(p, "primary", "primary")),
        lambda p: with_rule(p, c.IsAmong(ATTENDANCE, ("primary",), "leaf", ORIGIN)),
    ],
    "series_that_are_read_have_a_due_date": [lambda p: evolve(p, due={})],
    "parameters_have_values": [
        lambda p: with_parameter(p, "floor_margin", from_date=()),
        lambda p: with_parameter(p, "floor_margin", from_date=((date(2016, 1, 1), Fraction(5)),)),
        lambda p: with_parameter(p, "national_rwm", by_year=()),
        lambda p: with_rule(p, compare(ATTENDANCE, c.ParameterValue("poor_attendance_primary", Number("percent"), None, IN_1999))),
        lambda p: with_rule(p, compare(ATTENDANCE, c.ParameterValue("floor_margin", Number("percent")))),
        # a value that changes on dates is none for a year
        lambda p: with_rule(
            p, compare(c.Computed("minus", (ATTENDANCE, ATTENDANCE), POINTS), c.ParameterValue("floor_margin", POINTS, None, IN_2014))
        ),
    ],
    "periods_run_forward": [
        lambda p: evolve(p, in_force=(date(2016, 8, 31), date(2015, 9, 1))),
        lambda p: with_parameter(p, "national_rwm", by_year=p.parameters["national_rwm"].by_year[::-1]),
        lambda p: with_parameter(p, "floor_margin", by_year=((AcademicYear(2014), Fraction(5)),)),
    ],
    "parties_are_declared": [lambda p: with_consequence(p, bearer="the_moon")],
    "sources_are_declared": [
        lambda p: with_consequence(p, cites=(c.Citation("NOWHERE", "1"),)),
        lambda p: with_class(p, interpretations=("NOBODY-SAYS",)),
    ],
    "audiences_stay_within": [
        confidential_in_public,
        lambda p: with_classification(with_class(p, clauses=(_hidden(p).id,)), audience=None),
        lambda p: with_consequence(p, audience=None, condition=c.RuleHolds(_hidden(p).id, ORIGIN)),
    ],
}  # fmt: skip
IN_1999 = c.YearReference(fixed=AcademicYear(1999))
POINTS = Number("percentage_points")


def _hidden(core: Core) -> c.Rule:
    """The confidential rule of the policy."""
    return next(rule for rule in core.rules.values() if rule.audience is not None)


@pytest.mark.parametrize(
    ("name", "index"), [(name, index) for name, cases in BROKEN.items() for index in range(len(cases))]
)
def test_a_core_broken_for_an_invariant_is_found_out(bundled: Core, name: str, index: int) -> None:
    """A core that breaks an invariant is said to break that one."""
    found = broken(BROKEN[name][index](bundled))
    assert any(breach.startswith(f"{name}: ") for breach in found), found


def test_every_invariant_is_broken_above() -> None:
    """Each invariant has a core that breaks it, and says in a docstring what it holds."""
    assert set(BROKEN) == {name for name, _ in INVARIANTS}
    assert all(invariant.__doc__ for _, invariant in INVARIANTS)
