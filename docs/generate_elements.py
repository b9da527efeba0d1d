"""Which rules and scenarios hold each element of the strategy: read from the policies, for reference/elements.md.

The elements, and what the strategy says in each, stand in `elements.toml`. A policy says where it encodes one in a
comment on a line of its own, before a declaration, a class, a clause, a block of consequences or one consequence:

    # element CAT-1a
    clause 1a "outstanding, …", all of

Called by `generate.py`; `tests/docs/test_elements.py` asks that no element is left out.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from attrs import frozen

from si_rules import PolicyLibrary, shipped
from si_rules.decisions.basis import Basis
from si_rules.library.editions import Edition
from si_rules.source.screening import read_source
from si_rules.syntax import history_tree, scenario_tree, tree
from si_rules.syntax.parsing import parse_file
from si_rules.tools.scenarios.beside import editions_beside
from si_rules.tools.scenarios.reading import Case, read_cases
from si_rules.tools.scenarios.running import CaseResult, run

ELEMENTS = Path(__file__).resolve().parent / "elements.toml"
MARK = re.compile(r"# element (?P<ids>[A-Z][A-Za-z0-9-]*(?:, [A-Z][A-Za-z0-9-]*)*)$")
CASES = {
    "taken": "taken in", "refused": "refused in", "due": "due in", "met": "met in", "late": "late in",
    "breached": "breached in", "not_due": "not due in", "available": "available in", "not_available": "not available in",
}  # fmt: skip
DUTIES = {"open": "due", "ended": "due", "met": "met", "late": "late", "breached": "breached", "not_due": "not_due"}
RULES = {"holds": "holds in", "does_not_hold": "does not hold in", "undetermined": "undetermined in"}
VALUES = {"known": "known in", "undetermined": "undetermined in", "not_applicable": "does not apply in"}
MOST_IN_A_ROW = 6  # consequences of one rule that the same scenarios show
CONSEQUENCES = {"follows": "follows in", "possible": "possible in"}


@frozen
class Element:
    """A piece of the strategy: its section of the page, what it says in our words, and what is left out, and why."""

    id: str
    section: str
    says: str
    note: str = ""


@frozen
class Thing:
    """What a mark stands before: its sort and name as scenarios call it, or what somebody does: a consequence of a rule,
    or a duty, power or expectation on a pathway.
    """

    sort: str
    name: str
    consequence: tuple[str, str, str] | None = None  # who, how binding, which action
    pathway: str | None = None
    move: str | None = None  # its name in the coverage of scenarios


@frozen
class Encoded:
    """An element at one place of a policy."""

    element: str
    edition: Edition
    file: Path
    thing: Thing


@cache
def elements() -> tuple[Element, ...]:
    """Every element, in the order of the strategy."""
    found = tomllib.loads(ELEMENTS.read_text(encoding="utf-8"))
    return tuple(Element(name, **entry) for name, entry in found["element"].items())


def sections() -> list[str]:
    """The sections of the page."""
    return list(dict.fromkeys(element.section for element in elements()))


# ---- the marks in the policies


@cache
def encodings() -> tuple[Encoded, ...]:
    """Every mark of every policy, in order of file and line. Raises ValueError for one that stands before nothing."""
    library = PolicyLibrary.bundled()
    return tuple(item for edition in library.editions() for file in edition.files for item in marks(edition, file))


def marks(edition: Edition, file: Path) -> Iterator[Encoded]:
    """The marks of one file. Raises ValueError for one that stands before nothing."""
    source, _ = read_source(str(file), file.read_bytes())
    parsed, _ = parse_file(source)
    lines = source.text.split("\n")
    starts = {source.place(start)[0]: things for start, things in _markable(parsed.declarations)}
    for comment in parsed.comments:
        found = MARK.match(comment.text)
        if found is None or not comment.own_line:
            continue
        line, _ = source.place(comment.span.start)
        following = line + 1
        while lines[following - 1].lstrip()[:1] in ("", "#"):
            following += 1
        if following not in starts:
            raise ValueError(f"{file.name}:{line}: no rule stands after this mark: {comment.text}")
        for name in found["ids"].split(", "):
            yield from (Encoded(name, edition, file, thing) for thing in starts[following])


def _markable(declarations: Iterable[Any]) -> Iterator[tuple[int, list[Thing]]]:
    """Where each thing that may be marked starts."""
    for item in declarations:
        match item:
            case tree.Classification(name=name):
                yield item.span.start, [Thing("classification", name.text)]
                for described in item.classes:
                    yield from _of_class(name.text, described)
                yield from _of_thens(name.text, item.thens)
            case tree.Rule(name=name, sort=sort):
                yield item.span.start, [Thing(sort, name.text)]
                yield from _of_thens(name.text, item.thens)
            case tree.ValueFact() | tree.Score() | tree.Table() | tree.Matrix() | tree.Figure():
                sort = "value" if isinstance(item, tree.ValueFact) else type(item).__name__.lower()
                yield item.span.start, [Thing(sort, item.name.text)]
            case tree.Pathway():
                yield from _of_pathway(item)
            case tree.Judgement() | tree.Parameter() | tree.Results() | tree.Records() | tree.Evidence():
                yield item.span.start, [Thing(type(item).__name__.lower(), item.name.text)]
            case _:
                pass


def _of_pathway(item: tree.Pathway) -> Iterator[tuple[int, list[Thing]]]:
    """The lines of a pathway: how it begins, and what its states and stages hold."""
    name = item.name.text
    yield item.span.start, [Thing("pathway", name)]
    for begin in item.begins:
        said = f"{name}: begins with {begin.event.text}, in {begin.state.text}"
        yield begin.span.start, [Thing("move", said, None, name, said)]
    waiting = list(item.states)
    while waiting:
        state = waiting.pop(0)
        waiting = [*state.states, *waiting]
        for act in state.acts:
            sort = {"may": "power", "must": "duty", "will": "duty"}.get(act.modality.text, "expectation")
            told = (act.party.text, act.modality.text, act.action.text)
            yield act.span.start, [Thing(sort, f"{name}.{act.action.text}", told, name)]
        for move in state.moves:
            if move.to is not None:
                said = f"{name}: in {state.name.text}, upon {move.event.text}, to {move.to.text}"
                yield move.span.start, [Thing("move", said, None, name, said)]


def _of_class(name: str, described: tree.Class) -> Iterator[tuple[int, list[Thing]]]:
    label = f"{name}.{described.label.text}"
    yield described.span.start, [Thing("class", label)]
    for clause in described.clauses:
        yield clause.span.start, [Thing("clause", f"{name}.{clause.label.text}")]
    yield from _of_thens(label, described.thens)


def _of_thens(rule: str, thens: Iterable[tree.Then]) -> Iterator[tuple[int, list[Thing]]]:
    for then in thens:
        owner = f"{rule}.unmatched" if then.outcome == "unmatched" else rule
        each = [(item.span.start, _consequence(owner, item)) for item in then.consequences]
        yield then.span.start, [thing for _, thing in each]
        yield from ((start, [thing]) for start, thing in each)


def _consequence(owner: str, item: tree.Consequence) -> Thing:
    return Thing("consequence", owner, (item.party.text, item.modality.text, item.action.text))


# ---- what scenarios expect of it


@cache
def cases_of(edition: Edition) -> tuple[Case, ...]:
    """The cases of an edition's scenarios. Raises ValueError for a scenario file that cannot be read."""
    policy = PolicyLibrary.bundled().edition(edition.id, edition.edition).core
    found: list[Case] = []
    for path in sorted(edition.files[0].parent.glob("*.scenarios")):
        cases, mistakes = read_cases(read_source(str(path), path.read_bytes())[0], policy)
        if mistakes:
            raise ValueError(str(mistakes[0]))
        found += cases
    return tuple(found)


@cache
def followed(edition: Edition) -> tuple[CaseResult, ...]:
    """What came of the cases of an edition that have a history."""
    policy = PolicyLibrary.bundled().edition(edition.id, edition.edition)
    basis, earlier = Basis(policy.core, policy.digest), cache(partial(editions_beside, policy, edition.files[0].parent))
    return tuple(run(case, basis, earlier) for case in cases_of(edition) if case.history)


def seen(encoded: Encoded) -> dict[str, list[str]]:
    """The titles of the scenarios that expect something of it by name, by what they expect; of a move, those in which it
    was taken or refused.

    That what is expected also comes is not asked here: the policy's own tests do.
    """
    found: dict[str, list[str]] = {}
    if encoded.thing.move is not None:
        for result in followed(encoded.edition):
            for way in sorted(result.seen.get(("move", encoded.thing.move), ())):
                titles = found.setdefault(CASES.get(way, RULES["undetermined"]), [])
                titles += [result.case.title] if result.case.title not in titles else []
        return found
    for case in cases_of(encoded.edition):
        for item in case.expectations:
            way = _way(encoded.thing, item, case)
            if way is not None and case.title not in found.setdefault(way, []):
                found[way].append(case.title)
    return found


def _way(thing: Thing, item: scenario_tree.Expectation, case: Case) -> str | None:
    """How an expectation says that a thing is seen, if it speaks of it."""
    if thing.pathway is not None:
        return _way_of_case(thing, item, case)  # type: ignore[arg-type] # what it does not know it passes over
    owner, _, label = thing.name.rpartition(".")
    match item:
        case scenario_tree.ExpectRule(sort=sort, name=name, truth=truth) if sort == thing.sort:
            return RULES.get(truth) if name.text in (thing.name, label) else None
        case scenario_tree.ExpectOutcome(classification=name, because=because) if thing.sort == "clause":
            return RULES["holds"] if name.text == owner and any(word.text == label for word in because) else None
        case scenario_tree.ExpectOutcome(classification=name, status=status, labels=labels) if thing.sort == "class":
            named = name.text == owner and any(word.text == label for word in labels)
            return RULES["holds" if status == "determined" else "undetermined"] if named else None
        case scenario_tree.ExpectValue(name=name, status=status) if name.text.partition(".")[0] == thing.name:
            return VALUES.get(status)
        case scenario_tree.ExpectConsequence(sure=sure, negated=negated) if thing.sort == "consequence":
            named = (item.party.text, item.modality, item.action.text) == thing.consequence
            way = CONSEQUENCES["follows" if sure else "possible"]
            return way if named and not negated and _is_of(thing, case) else None
        case _:
            return None


def _way_of_case(thing: Thing, item: history_tree.CaseExpectation, case: Case) -> str | None:
    """How an expectation of a case says that a line of a pathway is seen, if it speaks of it."""
    match item:
        case history_tree.ExpectStatus(part=part, status=status) if _speaks_of(thing, part):
            found = DUTIES.get(status.status, status.status) if thing.sort == "duty" else status.status
            return CASES.get(found, RULES["undetermined"])
        case history_tree.ExpectAhead(part=part) if _speaks_of(thing, part):
            return CASES["due"]
        case history_tree.ExpectExpected(part=part, truth=truth) if _speaks_of(thing, part):
            return RULES.get(truth)
        case _:
            return None


def _speaks_of(thing: Thing, part: history_tree.Part) -> bool:
    """Whether a line of a scenario is about a duty, power or expectation: an action of one pathway."""
    where = part.pathway is None or part.pathway.text == thing.pathway
    return thing.sort == part.sort and thing.name == f"{thing.pathway}.{part.name.text}" and where


def _is_of(thing: Thing, case: Case) -> bool:
    """Whether a consequence of a class is expected of a case of this class: another class may bring the same."""
    owner, _, label = thing.name.rpartition(".")
    outcomes = [item for item in case.expectations if isinstance(item, scenario_tree.ExpectOutcome)]
    classes = [
        {"unmatched"} if item.status == "unmatched" else {word.text for word in item.labels}
        for item in outcomes
        if item.classification.text == owner
    ]
    return not owner or any(label in labels for labels in classes)


# ---- the page


def table(section: str) -> Iterator[str]:
    """The elements of a section: what each says, which rules hold it, and in which scenarios each was seen."""
    yield "| Element | The strategy says | Encoded by | Scenarios |"
    yield "|---|---|---|---|"
    for element in elements():
        if element.section == section:
            yield from _rows(element)


def _rows(element: Element) -> Iterator[str]:
    says = element.says + (f" *{element.note}*" if element.note else "")
    head = f'<span id="{element.id.lower()}">{element.id}</span>'
    found = [item for item in encodings() if item.element == element.id]
    if not found:
        yield f"| {head} | {says} | | |"
    before: Path | None = None
    for (file, _, shown), alike in groupby(found, lambda item: (item.file, _alike(item), _scenarios(item))):
        first = f"| {head} | {says} |" if before is None else "| | |"
        yield f"{first} {_place(list(alike), file != before)} | {shown} |"
        before = file


def _alike(item: Encoded) -> str | Thing:
    """Consequences of one rule, or lines of one pathway, may stand in one row, where the same scenarios show them."""
    return item.thing if item.thing.consequence is None else item.thing.pathway or item.thing.name


def _place(items: list[Encoded], with_file: bool) -> str:
    file = items[0].file.resolve().relative_to(shipped.policies_folder().resolve()).as_posix()
    shown = [_said(item.thing) for item in items[:MOST_IN_A_ROW]]
    more = [f"and {len(items) - len(shown)} more"] if len(items) > len(shown) else []
    return "<br>".join([*([f"{file}:"] if with_file else []), *shown, *more])


def _said(thing: Thing) -> str:
    if thing.consequence is not None:
        who, how, what = thing.consequence
        return f"{who} *{how.replace('_', ' ')}* {what}"
    if thing.move is not None:
        return thing.move
    return f"{thing.sort} `{thing.name.rpartition('.')[2] if thing.sort == 'clause' else thing.name}`"


def _scenarios(item: Encoded) -> str:
    """One scenario for each way in which it was seen, and how many more there are."""
    found = seen(item)
    parts = []
    for way in dict.fromkeys((*RULES.values(), *VALUES.values(), *CONSEQUENCES.values(), *CASES.values())):
        titles = found.get(way, [])
        more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
        if titles:
            parts.append(f"{way} “{titles[0]}”{more}")
    return "<br>".join(parts)


def lacking() -> list[str]:
    """Marks of no element, and elements without a mark that do not say why."""
    known = {element.id for element in elements()}
    marked = {item.element for item in encodings()}
    unknown = [
        f"{item.file.name} marks {item.element}, which is no element"
        for item in encodings()
        if item.element not in known
    ]
    return unknown + [f"{item.id} is encoded nowhere" for item in elements() if item.id not in marked and not item.note]
