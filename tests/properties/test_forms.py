"""The random policies use every form of the language, so that the laws speak of all of it."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from tests.properties.cases import FIRST_SEED, loaded
from tests.properties.generator import Policy, random_policy
from tests.properties.generator.rules import Classification, Figure, Rule, Table
from tests.properties.generator.table_text import WAYS

from si_rules.semantics import core as c
from si_rules.semantics.forms import Condition, Operation, Term
from si_rules.semantics.traversal import all_conditions, conditions_under, terms_of, terms_under, top_terms

POLICIES = 300
LOADED = 40  # of them; the rest are asked for what can be told from how they were made
OVER_RECORDS = ("count", "sum", "mean", "lowest", "highest")
MEASURES = ("share", "number", "mean", "sum", "lowest", "highest", "rank", "percentile")


def _forms(policy: c.Core) -> Iterator[str]:
    """The forms of a core, the operations of what is worked out told apart."""
    terms = list(top_terms(policy))
    for top in all_conditions(policy):
        for condition in conditions_under(top):
            yield type(condition).__name__
            if isinstance(condition, c.Compare | c.IsAmong | c.IsNone | c.Trend):
                terms += terms_of(condition)
    for term in terms:
        for inner in terms_under(term):
            yield type(inner).__name__
            if isinstance(inner, c.Computed):
                yield f"Computed {inner.operation}"
            elif isinstance(inner, c.OverRecords):
                yield f"OverRecords {inner.operation}"


def _ways(policy: Policy) -> Iterator[str]:
    """What of a policy is no form of its own: how rows count, what figures are, what evidence is accepted."""
    for item in policy.declarations:
        match item:
            case Table(way=way):
                yield f"table: {way}"
            case Figure(measure=measure, weight=weight):
                yield f"figure: {measure}"
                yield from ["figure: weighted mean"] * (weight is not None)
            case Rule(exceptions=exceptions, released_to=released):
                yield from ["exception of a rule"] * len(exceptions) + ["released"] * len(released)
            case Classification():
                yield from (word for word, here in (("invalid", item.invalid), ("all stand", item.all_stand)) if here)
                yield from ("exception of a clause" for clause in item.clauses() for _ in clause.exceptions)
    declared = policy.declared
    yield from ("preferred origin" for _ in declared.preferred)
    yield from ("accepted for, of a judgement" for item in declared.judgements if item.accepted_months)
    yield from ["accepted for, of records"] * (declared.visits_accepted_months is not None)
    yield from ("break" for item in declared.fields for _ in item.breaks)
    for results in declared.results:
        yield from (["begins with"] if results.begins_with else []) + ["due in a year"] * len(results.due_in)


def test_every_form_is_met() -> None:
    """Every form of terms and conditions, every operation and every way of a table is in some of the policies."""
    found: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + POLICIES):
        written = random_policy(seed)
        found.update(set(_ways(written)))
        if seed < FIRST_SEED + LOADED:
            policy = loaded(written).policy
            assert policy is not None
            found.update(set(_forms(policy)))
    wanted = {form.__name__ for form in (*get_args(Term), *get_args(Condition))}
    wanted |= {f"Computed {operation}" for operation in get_args(Operation)}
    wanted |= {f"OverRecords {operation}" for operation in OVER_RECORDS}
    wanted |= {f"table: {way}" for way in WAYS} | {f"figure: {measure}" for measure in MEASURES}
    wanted |= {"figure: weighted mean", "exception of a rule", "exception of a clause", "released", "invalid", "all stand", "preferred origin",
               "accepted for, of a judgement", "accepted for, of records", "break", "begins with", "due in a year"}  # fmt: skip
    print({form: found[form] for form in sorted(wanted)})
    assert not {form for form in wanted if not found[form]}
