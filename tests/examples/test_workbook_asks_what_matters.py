"""The workbook of the fictional cohort asks no question that cannot matter, and leaves out none that can.

Both are shown by deciding: of a judgement that is asked, two answers and values of all else that is missing for which
the decisions differ; of one that is not asked, that every answer on its scale leaves what is decided as it is.
"""

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from si_rules import Decision, Policy, PolicyLibrary, Refusal, SchoolEvidence, read_evidence
from si_rules.decisions.asking import roots_of
from si_rules.decisions.deciding import Deciding
from si_rules.decisions.view import narrowed
from si_rules.evaluation.completions import MOST_NODES
from si_rules.evaluation.situation import Situation
from si_rules.evidence.facts import facts_of
from si_rules.semantics.facts import KnownNone
from si_rules.semantics.kinds import Flag, Kind

ON = date(2015, 11, 4)
COHORT = Path(__file__).resolve().parents[2] / "examples" / "01_fictional_cohort" / "evidence.jsonl"
PARTS = 16  # a long run takes them all
TRIED = range(PARTS) if os.environ.get("SI_RULES_LONG") else (2, 7)

pytestmark = pytest.mark.skipif(not COHORT.is_file(), reason="needs the checkout: there is no folder examples")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=ON)


def schools(part: int) -> Iterator[SchoolEvidence]:
    for place, item in enumerate(read_evidence(COHORT.read_bytes(), SchoolEvidence, "urn")):
        assert not isinstance(item, Refusal)
        if place % PARTS == part:
            yield item


def decide(policy: Policy, school: SchoolEvidence) -> Decision:
    return policy.decide(school, on=ON, audience={"officers"})


def decided(decision: Decision) -> Any:
    """All that is decided and still open, without the reasons."""
    document = decision.to_dict()
    outcomes = {
        name: (found["status"], found["outcome"], found["possible"], found.get("standing"))
        for name, found in document["classifications"].items()
    }
    triggers = [(found["id"], found["status"]) for found in document["triggers"]]
    follows = [
        [(item["modality"], item["bearer"], item["action"], item["when"], item["audience"]) for item in document[sort]]
        for sort in ("consequences", "possible_consequences")
    ]
    values = [(found["id"], found["status"], found["value"], found["possible"]) for found in document.get("values", [])]
    return outcomes, triggers, follows, values


def answers(kind: Kind) -> list[Any]:
    if isinstance(kind, Flag):
        return [True, False]
    return list(getattr(kind, "values", ()))


def asked(decision: Decision) -> set[str]:
    return {question.judgement for question in decision.questions() if question.status == "matters"}


class Searching:
    """Looks for values of what is missing that let a judgement decide, along the case analysis of one school.

    What is found here proves nothing: it is decided on, with and without.
    """

    def __init__(self, policy: Policy, school: SchoolEvidence) -> None:
        core = narrowed(policy.core, frozenset({"officers"}))
        self.deciding = Deciding(Situation(core, ON, ON), facts_of(school, core, ON, ON, {"officers"}), MOST_NODES)
        assert self.deciding.completions is not None
        completions = self.deciding.completions
        self.roots = [  # those without a guess: what hangs on one is only asked as what may not matter
            root
            for root in roots_of(self.deciding)
            if not any(map(completions.doubt, completions.diagrams.variables_under(root)))
        ]

    def completion(self, path: str) -> tuple[dict[str, Any], list[Any]] | None:
        """Values by path, and two answers at `path` with which something comes out differently."""
        assert self.deciding.completions is not None
        completions, diagrams = self.deciding.completions, self.deciding.completions.diagrams
        for root in self.roots:
            for node, above in self._paths(root):
                if not diagrams.is_terminal(node) and completions.variables[diagrams.variable(node)] == path:
                    children = diagrams.children(node)
                    other = next(child for child in children if child != children[0])
                    differ = diagrams.apply("differ", lambda a, b: a != b, children[0], other)
                    below = next(
                        found for end, found in self._paths(differ) if diagrams.is_terminal(end) and diagrams.value(end)
                    )
                    cells = completions.cells(path)
                    answers = [cells[0], cells[children.index(other)]]
                    return {name: self._value(name, place) for name, place in {**above, **below}.items()}, answers
        return None

    def _paths(self, root: int) -> Iterator[tuple[int, dict[str, int]]]:
        """Every node under a root, each once, with the answers that lead to it."""
        assert self.deciding.completions is not None
        completions, diagrams = self.deciding.completions, self.deciding.completions.diagrams
        waiting: list[tuple[int, dict[str, int]]] = [(root, {})]
        seen = {root}
        while waiting:
            node, above = waiting.pop()
            yield node, above
            for place, child in enumerate(diagrams.children(node)):
                name = completions.variables[diagrams.variable(node)]
                assert isinstance(name, str)
                if child not in seen:
                    seen.add(child)
                    waiting.append((child, {**above, name: place}))

    def _value(self, path: str, place: int) -> Any:
        assert self.deciding.completions is not None
        if path in self.deciding.situation.lists:
            return place
        match self.deciding.completions.cells(path)[place]:
            case KnownNone():
                return {"none": True}
            case Fraction() as number:
                return Decimal(number.numerator) / Decimal(number.denominator)
            case value:
                return value


def completed(policy: Policy, school: SchoolEvidence, values: dict[str, Any]) -> SchoolEvidence:
    """The school with values where it has none, by the paths of a decision."""
    raw = school.model_dump(by_alias=True, exclude_unset=True)
    collections = {found.listed_under: found for found in policy.core.vocabulary.collections.values()}
    lists = {head: collections[head] for path in values if (head := path.partition(".")[0]) in collections}
    for head, collection in lists.items():
        asked_for = [
            place + 1
            for place, name in enumerate(("latest", "previous"))
            if any(f"{head}.{name}." in path for path in values)
        ]
        count = values.get(head, max(asked_for, default=0))
        if not isinstance(raw.get(head), list | tuple):
            raw[head] = [{collection.dated_by: date(2015 - place, 1, 1)} for place in range(count)]
    for path, value in values.items():
        head, _, rest = path.partition(".")
        if head in lists:
            position, _, key = rest.partition(".")
            dated_by, known_from = lists[head].dated_by, lists[head].known_from
            known = [entry for entry in raw[head] if (entry.get(known_from) or entry[dated_by]) <= ON]
            known.sort(key=lambda entry: entry[dated_by], reverse=True)
            place = {"latest": 0, "previous": 1}.get(position)
            if place is not None and place < len(known):
                known[place][key] = value
        elif head == "judgements":
            raw.setdefault(head, {})[rest] = {"value": value, "date": ON}
        elif rest:
            year, _, key = rest.partition(".")
            raw.setdefault(head, {}).setdefault(year, {})[key] = value
        else:
            raw[head] = value
    return SchoolEvidence.model_validate(raw)


@pytest.mark.parametrize("part", TRIED)
def test_a_question_that_is_asked_can_matter(policy: Policy, part: int) -> None:
    """Of every question there are two answers, and values of other missing evidence, for which the decisions differ."""
    seen: set[str] = set()
    for school in schools(part):
        searching = None
        for name in sorted(asked(decide(policy, school))):
            searching = searching or Searching(policy, school)
            path = f"judgements.{name}"
            found = searching.completion(path)
            assert found is not None, f"{school.urn}: {name}"
            values, (one, other) = found
            assert path not in values
            first = decide(policy, completed(policy, school, {**values, path: one}))
            second = decide(policy, completed(policy, school, {**values, path: other}))
            assert decided(first) != decided(second), f"{school.urn}: {name} with {values}"
            seen.add(name)
    assert len(seen) > 5


@pytest.mark.parametrize("part", TRIED)
def test_what_is_not_asked_cannot_matter(policy: Policy, part: int) -> None:
    """Of every judgement that is neither given nor asked, each answer leaves all that is decided and open as it is."""
    tried = 0
    for school in schools(part):
        decision = decide(policy, school)
        for question in decision.questions():
            if question.status == "needless":
                for value in answers(policy.core.judgements[question.judgement].field.kind):
                    after = decide(policy, completed(policy, school, {f"judgements.{question.judgement}": value}))
                    assert decided(after) == decided(decision), f"{school.urn}: {question.judgement} {value}"
                    tried += 1
    assert tried > 25
