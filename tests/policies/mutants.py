"""Policies with one figure, length of time or place on a scale moved by one step, and the scenarios that may notice it.

A step is one unit of the last decimal written (65% becomes 64% and 66%, 56.6% becomes 56.5% and 56.7%), one day, one
place on the scale, one class, or one more or fewer of what is counted. A figure at which one row of a table ends and
the next begins is one figure: it moves in both rows, for moved in one alone the checker finds a hole or an overlap.
"""

import shutil
import tempfile
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import attrs
from attrs import frozen

from si_rules import PolicyLibrary, shipped
from si_rules.decisions.basis import Basis
from si_rules.library.editions import Edition
from si_rules.semantics.core import Core
from si_rules.semantics.kinds import Scale
from si_rules.source.diagnostics import PolicyError
from si_rules.source.screening import read_source
from si_rules.source.text import Span
from si_rules.syntax import history_tree, scenario_tree, tree
from si_rules.syntax.parsing import parse_file
from si_rules.tools.scenarios.beside import editions_beside
from si_rules.tools.scenarios.following import Earlier
from si_rules.tools.scenarios.reading import Case, read_cases
from si_rules.tools.scenarios.running import run

LIBRARY = PolicyLibrary.bundled()
WITH_TESTS = (
    tree.Rule, tree.ValueFact, tree.Score, tree.Table, tree.Matrix, tree.Figure, tree.Parameter, tree.Classification,
    tree.Pathway,
)  # fmt: skip


@frozen
class Mutant:
    """One change: in which file, line and declaration, at which words, and what stands there instead."""

    file: str
    line: int
    declaration: str
    spans: tuple[Span, ...]
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}, {self.declaration}: {self.old} becomes {self.new}"


class Subject:
    """An edition whose scenarios are tried on its mutants."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.core: Core = LIBRARY.edition(edition.id, edition.edition).core
        self.files = {path.name: path.read_bytes() for path in edition.files}

    @cached_property
    def cases(self) -> list[Case]:
        """Every case of its scenarios."""
        found: list[Case] = []
        for path in sorted(self.edition.files[0].parent.glob("*.scenarios")):
            source, _ = read_source(path.name, path.read_bytes())
            found += read_cases(source, self.core)[0]
        return found

    @cached_property
    def mutants(self) -> list[Mutant]:
        """Every mutant, in order of file and place."""
        found: list[Mutant] = []
        for name, data in sorted(self.files.items()):
            source, _ = read_source(name, data)
            for declaration in parse_file(source)[0].declarations:
                if isinstance(declaration, WITH_TESTS):
                    for spans, old, steps in self._figures(declaration):
                        line, _ = source.place(spans[0].start)
                        found += [Mutant(name, line, declaration.name.text, spans, old, new) for new in steps]
        return sorted(found, key=lambda mutant: (mutant.file, mutant.spans[0].start, mutant.new))

    def _figures(self, declaration: Any) -> Iterator[tuple[tuple[Span, ...], str, list[str]]]:
        """What may move in a declaration: where it is written, what is written there, and what may be instead."""
        found = [((span,), old, steps) for span, old, steps in self._steps(declaration)]
        if not isinstance(declaration, tree.Table):
            return iter(found)
        columns = {cell.span: column for row in declaration.rows for column, cell in enumerate(row.cells)}
        shared: dict[tuple[int | None, str], tuple[tuple[Span, ...], str, list[str]]] = {}
        for number, (spans, old, steps) in enumerate(found):
            inside = [column for span, column in columns.items() if span.start <= spans[0].start < span.end]
            key = (inside[0], old) if inside else (None, str(number))
            shared[key] = (*shared.get(key, ((),))[0], *spans), old, steps
        return iter(shared.values())

    def _steps(self, declaration: Any) -> Iterator[tuple[Span, str, list[str]]]:
        old = set(running_by_earlier_editions(declaration)) if isinstance(declaration, tree.Pathway) else set()
        for node in nodes(declaration):
            match node:
                case tree.Length(span=span) if span in old:
                    pass
                case tree.Quantity(text=text, unit="date", span=span):
                    day = date.fromisoformat(text)
                    yield span, text, [str(day - timedelta(days=1)), str(day + timedelta(days=1))]
                case tree.Quantity(text=text, span=span):
                    number = Span(span.start, span.start + len(text))
                    yield number, text, moved(text)
                case tree.Comparison(comparator=tree.Trend(years=word)):
                    yield word.span, word.text, moved(word.text)
                case tree.OverYears(years=word) | tree.CountYears(years=word):
                    yield word.span, word.text, moved(word.text)
                case tree.Length(count=word):
                    yield word.span, word.text, moved(word.text)
                case tree.ItemList(quantifier="at_least", count=tree.Word() as word):
                    yield word.span, word.text, moved(word.text)
                case tree.Comparison(term=term, comparator=tree.IsValue(term=tree.NameTerm() as value)):
                    yield value.span, value.name.text, beside(value.name.text, self._order(term))
                case _:
                    pass

    def _order(self, term: Any) -> tuple[str, ...]:
        """The places of the scale that a term has, in order; none where it has no order."""
        core = self.core
        if isinstance(term, tree.Judged):
            kind: Any = core.judgements[term.name.text].field.kind
        elif isinstance(term, tree.NameTerm) and term.name.text in core.vocabulary.fields:
            kind = core.vocabulary.fields[term.name.text].kind
        elif isinstance(term, tree.NameTerm) and term.name.text in core.definitions:
            kind = core.definitions[term.name.text].kind
        elif isinstance(term, tree.NameTerm) and term.name.text in core.classifications:
            return tuple(item.label for item in core.classifications[term.name.text].classes)
        else:
            return ()
        return kind.as_written if isinstance(kind, Scale) else ()

    # ---- trying one
    def basis(self, mutant: Mutant) -> Basis | None:
        """The mutant ready to decide; None where the checker refuses it."""
        changed = self.files[mutant.file].decode("utf-8")
        for span in reversed(mutant.spans):
            assert changed[span.start : span.end] == mutant.old
            changed = changed[: span.start] + mutant.new + changed[span.end :]
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(shipped.policies_folder(), Path(folder) / "policies"))
            place = self.edition.files[0].parent.resolve().relative_to(shipped.policies_folder().resolve())
            (copy / place / mutant.file).write_text(changed, encoding="utf-8", newline="")
            try:
                policy = PolicyLibrary(copy, keep=False).edition(self.edition.id, self.edition.edition)
            except PolicyError:
                return None
        return Basis(policy.core, policy.digest)

    def noticed(self, mutant: Mutant, basis: Basis) -> bool:
        """Whether an expectation of some scenario is not met by the mutant."""
        return any(run(case, basis, self._earlier).unmet for case in self._likeliest_first(mutant))

    @cached_property
    def _earlier(self) -> Earlier:
        policy = LIBRARY.edition(self.edition.id, self.edition.edition)
        return cache(partial(editions_beside, policy, self.edition.files[0].parent))

    def _likeliest_first(self, mutant: Mutant) -> list[Case]:
        """The cases, those first that expect something of what the mutated declaration is read by, the nearest first."""
        far = self._distances(mutant.declaration)
        never = len(far) + 1

        def distance(case: Case) -> int:
            return min((far.get(name, never) for name in names_expected(case, self.core)), default=never)

        return sorted(self.cases, key=distance)

    def _distances(self, start: str) -> dict[str, int]:
        """How many declarations stand between one and each of those that read it."""
        found = {start: 0}
        waiting = deque([start])
        while waiting:
            name = waiting.popleft()
            for reader in sorted(self._readers[name] - set(found)):
                found[reader] = found[name] + 1
                waiting.append(reader)
        return found

    @cached_property
    def _readers(self) -> dict[str, set[str]]:
        """By name, the declarations that name it."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, data in self.files.items():
            source, _ = read_source(name, data)
            for declaration in parse_file(source)[0].declarations:
                if isinstance(declaration, WITH_TESTS):
                    for node in nodes(declaration):
                        if isinstance(node, tree.Word):
                            found[node.text].add(declaration.name.text)
        return found


def nodes(node: Any) -> Iterator[Any]:
    """Every part of a tree, and the tree itself."""
    if isinstance(node, tuple):
        for item in node:
            yield from nodes(item)
    elif attrs.has(type(node)) and not isinstance(node, Span):
        yield node
        for attribute in attrs.fields(type(node)):
            yield from nodes(getattr(node, attribute.name))


def running_by_earlier_editions(pathway: tree.Pathway) -> Iterator[Span]:
    """The lengths of time in states that are only carried on from an earlier edition, whose own lengths count there."""
    found = list(nodes(pathway))
    entered = {node.to.text for node in found if isinstance(node, tree.Move | tree.TimeOut) and node.to is not None}
    entered |= {begin.state.text for begin in pathway.begins}
    for state in found:
        if isinstance(state, tree.State) and state.carries and state.name.text not in entered:
            yield from (node.span for node in nodes(state) if isinstance(node, tree.Length))


def moved(text: str) -> list[str]:
    """A number one unit of its last decimal lower and higher."""
    places = len(text.partition(".")[2])
    step = Decimal(1).scaleb(-places)
    return [f"{Decimal(text) - step:f}", f"{Decimal(text) + step:f}"]


def beside(value: str, order: tuple[str, ...]) -> list[str]:
    """The places before and after one."""
    if value not in order:
        return []
    place = order.index(value)
    return [order[other] for other in (place - 1, place + 1) if 0 <= other < len(order)]


def names_expected(case: Case, core: Core) -> set[str]:
    """The rules, values and classifications of which a case expects something; of a clause, its classification."""
    found: set[str] = set()
    for item in case.expectations:
        match item:
            case scenario_tree.ExpectRule(sort="clause", name=name):
                found |= {rule.rpartition(".")[0] for rule in core.rules if rule.endswith(f".{name.text}")}
            case scenario_tree.ExpectRule(name=name) | scenario_tree.ExpectValue(name=name):
                found.add(name.text)
            case scenario_tree.ExpectOutcome(classification=name):
                found.add(name.text)
            case history_tree.ExpectStatus(part=part) | history_tree.ExpectAhead(part=part):
                found.add((part.pathway or part.name).text)
            case _:
                pass
    return found
