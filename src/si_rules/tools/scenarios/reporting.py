"""What running scenarios came to, as text and in the published JSON form, `si-rules/scenarios/1`."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from attrs import frozen

from si_rules.semantics.core import Core
from si_rules.source.diagnostics import Diagnostic
from si_rules.tools.scenarios.coverage import Covered, gaps, totals
from si_rules.tools.scenarios.running import CaseResult

FORMAT: Final = "si-rules/scenarios/1"
_HEADS: Final = {
    "deciding": "deciding", "holding": "holding", "not_holding": "not holding", "undetermined": "undetermined",
    "not_applicable": "not applicable", "following": "following", "possible": "possible",
    "taken": "taken", "refused": "refused", "due": "due", "met": "met", "breached": "breached",
    "available": "available", "not_available": "not available",
}  # fmt: skip


@frozen
class Tested:
    """One edition and what its scenarios came to; `covered` where coverage was asked for.

    `has_files` says whether there is any scenario file beside it.
    """

    policy: Core
    digest: str
    results: tuple[CaseResult, ...]
    mistakes: tuple[Diagnostic, ...]
    covered: tuple[Covered, ...] | None
    has_files: bool = True

    @property
    def failures(self) -> list[Diagnostic]:
        """Everything that is not as it should be: what is wrong with the files, then the expectations not met."""
        return [*self.mistakes, *(failure for result in self.results for failure in result.failures)]


def way_words(ways: Iterable[str]) -> str:
    """Ways of being seen, in words: `deciding, not holding`."""
    return ", ".join(_HEADS[way] for way in ways)


def counts(tested: Iterable[Tested]) -> str:
    """`12 scenarios, 17 cases, 1 failure`; without the cases where each scenario is one."""
    tested = list(tested)
    scenarios, cases, failures = _counts(tested)
    parts = [_counted(scenarios, "scenario"), _counted(failures, "failure")]
    if cases != scenarios:
        parts.insert(1, _counted(cases, "case"))
    return ", ".join(parts)


def _counts(tested: Iterable[Tested]) -> tuple[int, int, int]:
    cases = [result.case for one in tested for result in one.results]
    failures = sum(len(one.failures) for one in tested)
    return len({(case.source.name, case.title) for case in cases}), len(cases), failures


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


# ---- coverage as text


def tables(covered: Iterable[Covered]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """The tables of coverage, one for each sort: the sort, the heads of the columns, the rows."""
    by_sort: dict[str, list[Covered]] = {}
    for thing in covered:
        by_sort.setdefault(thing.sort, []).append(thing)
    for sort, things in by_sort.items():
        ways = list(things[0].counts)
        rows = [
            [thing.name, *("-" if count is None else str(count) for count in thing.counts.values())] for thing in things
        ]
        yield sort, [_HEADS[way] for way in ways], rows


def coverage_lines(tested: Tested) -> Iterator[str]:
    """The coverage of one edition as plain text: a table for each sort."""
    assert tested.covered is not None, "coverage was not asked for"
    yield f"{tested.policy.id} {tested.policy.edition}"
    for sort, heads, rows in tables(tested.covered):
        width = max(len(row[0]) for row in [[sort], *rows])
        yield ""
        yield f"{sort:<{width}}  {'  '.join(heads)}"
        for name, *numbers in rows:
            cells = (f"{number:>{len(head)}}" for number, head in zip(numbers, heads, strict=True))
            yield f"{name:<{width}}  {'  '.join(cells)}"


def summary_lines(tested: Tested, told: Iterable[str] = ()) -> Iterator[str]:
    """How many things were seen in each way, and which never; those lacking in the ways `told` are listed elsewhere."""
    assert tested.covered is not None, "coverage was not asked for"
    shown = [f"{_HEADS[way]} {seen} of {able}" for way, (seen, able) in totals(tested.covered).items() if able]
    yield f"Seen: {', '.join(shown)}"
    missing = gaps(tested.covered, set(_HEADS) - set(told))
    if missing:
        yield "Never seen:"
        yield from (f"  {thing.sort} {thing.name}: {way_words(ways)}" for thing, ways in missing)


# ---- JSON


def as_dict(tested: Iterable[Tested], required: tuple[str, ...]) -> dict[str, Any]:
    """The published form: names and order are a contract."""
    tested = list(tested)
    scenarios, cases, failures = _counts(tested)
    return {
        "format": FORMAT,
        "policies": [_policy(one, required) for one in tested],
        "summary": {"scenarios": scenarios, "cases": cases, "failures": failures},
    }


def _policy(tested: Tested, required: tuple[str, ...]) -> dict[str, Any]:
    policy = tested.policy
    return {
        "policy": {"id": policy.id, "edition": policy.edition, "digest": tested.digest},
        "findings": [
            {"code": item.code, "message": item.message, "help": item.help, **_place(item)} for item in tested.mistakes
        ],
        "cases": [_case(result) for result in tested.results],
        "coverage": None if tested.covered is None else _coverage(tested.covered, required),
    }


def _case(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "scenario": case.title,
        "case": case.row,
        "file": case.source.name,
        "line": case.source.place(case.span.start)[0],
        "on": str(case.on),
        "known_at": str(case.known_at),
        "audience": None if case.roles is None else sorted(case.roles),
        "met": not result.unmet,
        "failures": [
            {"expected": item.expected, "came": item.came, "why": item.why or None, **_place(item.diagnostic)}
            for item in result.unmet
        ],
    }


def _place(item: Diagnostic) -> dict[str, Any]:
    line, column = item.source.place(item.span.start)
    end_line, end_column = item.source.place(item.span.end)
    return {
        "file": item.source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column
    }  # fmt: skip


def _coverage(covered: tuple[Covered, ...], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "things": [
            {"sort": thing.sort, "name": thing.name, "title": thing.title, "seen": dict(thing.counts)}
            for thing in covered
        ],
        "totals": {way: {"seen": seen, "of": able} for way, (seen, able) in totals(covered).items()},
        "never": [{"sort": t.sort, "name": t.name, "ways": list(ways)} for t, ways in gaps(covered, _HEADS)],
        "required": list(required),
        "lacking": [{"sort": t.sort, "name": t.name, "ways": list(ways)} for t, ways in gaps(covered, required)],
    }
