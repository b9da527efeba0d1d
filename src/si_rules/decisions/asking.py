"""Which judgements a decision still hangs on: what an officer is to be asked, and what not.

A judgement is asked for where some answers to it, together with some values of all else that is missing, bring
about different decisions: another outcome, trigger, consequence or value. One that can change none of these is
not. What a judgement would only change in the reasons given, such as a second clause that holds beside the one
that decides, is not asked.
"""

from collections.abc import Iterator

from si_rules.decisions.deciding import Deciding
from si_rules.decisions.decision import Decision
from si_rules.decisions.following import follows_from
from si_rules.decisions.question import Question
from si_rules.evaluation.completions import Completions
from si_rules.evaluation.diagram import Node, TooManyNodes
from si_rules.evaluation.figures import counts_openly
from si_rules.evaluation.settling import matters_to
from si_rules.evaluation.values import Datum, Open, paths_of
from si_rules.semantics import core
from si_rules.semantics.facts import Absent
from si_rules.semantics.traversal import Reads


def questions_of(deciding: Deciding, decision: Decision, in_cohort: bool) -> tuple[Question, ...]:
    """Every judgement of the policy as it stands, in the order of the policy.

    For a member of a cohort those are asked as well that a figure over it reads of the member: they may matter to
    what is decided of others.
    """
    certain, perhaps = _matters(deciding, decision)
    perhaps |= set(_of_figures(deciding, in_cohort))
    return tuple(_question(deciding, name, certain, perhaps) for name in deciding.policy.judgements)


def _question(deciding: Deciding, name: str, certain: set[str], perhaps: set[str]) -> Question:
    path = deciding.policy.judgements[name].field.path
    datum = deciding.facts.at(path)
    if not isinstance(datum, Absent):
        return Question(name, "given")
    if path in certain:
        return Question(name, "matters", datum.reason)
    return Question(name, "may_matter" if path in perhaps else "needless", datum.reason)


def _matters(deciding: Deciding, decision: Decision) -> tuple[set[str], set[str]]:
    """The missing data on which something certainly hangs, and those on which something perhaps does."""
    certain: set[str] = set()
    perhaps: set[str] = set()
    try:
        for root in roots_of(deciding):
            assert deciding.completions is not None
            guessed, paths = _of_root(deciding.completions, root)
            (perhaps if guessed else certain).update(paths)
    except TooManyNodes:
        return set(), set(_approximately(deciding, decision))
    return certain, perhaps


def roots_of(deciding: Deciding) -> Iterator[Node]:
    """A diagram for each thing that is decided."""
    completions, policy = deciding.completions, deciding.policy
    if completions is None:
        raise TooManyNodes
    for name, found in policy.classifications.items():
        yield completions.outcome(name)
        if found.all_stand:
            yield from (
                completions.rule(f"{name}.{item.label}") for item in found.classes if item.label != core.INVALID
            )
    yield from (completions.rule(rule.id) for rule in policy.rules.values() if rule.sort == "trigger")
    yield from (completions.definition(name) for name in policy.definitions)
    yield from (follows_from(completions, group) for group in deciding.following().groups())


def _of_root(completions: Completions, root: Node) -> tuple[bool, set[str]]:
    """Whether what a diagram hangs on is partly a guess, and the missing data it hangs on."""
    diagrams = completions.diagrams
    guessed = any(completions.doubt(variable) is not None for variable in diagrams.variables_under(root))
    paths = set(matters_to(completions, root))
    for value in diagrams.terminals_under(root):
        if isinstance(value, Open):
            paths.update(paths_of(value))
            guessed = guessed or not isinstance(value.form, Datum)
    return guessed, paths


def _of_figures(deciding: Deciding, in_cohort: bool) -> Iterator[str]:
    """What the figures read of a subject, where it is open how it counts in them."""
    policy = deciding.policy
    for figure in policy.figures.values():
        counts = in_cohort or figure.measure in ("rank", "percentile")
        if deciding.facts.cohort is not None and counts and counts_openly(figure, deciding.situation, deciding.facts):
            yield from Reads(policy).figure(figure).paths


def _approximately(deciding: Deciding, decision: Decision) -> Iterator[str]:
    """Where there was too much to follow: all that is missing and read by what is not decided."""
    for needed in decision.needs:
        yield from needed.needs.matters
    for follows in decision.possible_consequences:
        yield from follows.matters
    policy = deciding.policy
    reads = Reads(policy)
    for trigger in decision.triggers:
        if trigger.status == "undetermined":
            reads.condition(policy.rules[trigger.id].condition)
    for value in decision.values:
        if value.status == "undetermined":
            reads.term(policy.definitions[value.id].term)
    yield from reads.paths
