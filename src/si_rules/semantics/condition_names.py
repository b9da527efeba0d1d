"""What a condition is called: the id of a leaf within its rule."""

import re
from collections import Counter
from collections.abc import Iterator

from si_rules.semantics.report import Report
from si_rules.semantics.terms import TermReader
from si_rules.source.text import Span
from si_rules.syntax import tree

_YEARS_BACK = {0: "latest", 1: "previous"}


class LeafNames:
    """Names the leaves of one rule. `prefix` begins the ids, where a rule is read in parts."""

    def __init__(self, report: Report, terms: TermReader, written: tree.Condition | None, prefix: str) -> None:
        self._report = report
        self._terms = terms
        self._prefix = prefix
        self._keys = Counter(_key(comparison) for comparison in _comparisons(written)) if written else Counter[str]()
        self._used: dict[str, Span] = {}

    def of(self, written: tree.Comparison | tree.Existence) -> str:
        """The name of a leaf within its rule: the field it is about, or all its words where that is not enough."""
        key = _key(written)
        name = key if self._keys[key] == 1 else identifier(self._report.source.words(written.span))
        name = self._prefix + name
        if self._terms.year_at_hand is not None:
            name = f"{name}_in_{_YEARS_BACK.get(self._terms.year_at_hand.back, f'{self._terms.year_at_hand.back}_years_before')}"
        if name in self._used:
            label = (self._report.source, self._used[name], "it stands here already")
            self._report.error("SI305", "the same condition stands twice in this rule", written.span,
                              "delete one of the two", [label])  # fmt: skip
        self._used[name] = written.span
        return name


def _comparisons(written: tree.Condition) -> Iterator[tree.Comparison | tree.Existence]:
    match written:
        case tree.Comparison(term=term, comparator=comparator):
            yield written
            for side in (term, getattr(comparator, "term", None)):
                for inner in _conditions_in(side) if side is not None else ():
                    yield from _comparisons(inner)
        case tree.Existence():
            yield written
        case tree.Bracketed(inner=inner) | tree.ForRecords(condition=inner):
            yield from _comparisons(inner)
        case tree.Joined(parts=parts):
            for part in parts:
                yield from _comparisons(part)
        case tree.ItemList(items=items):
            for item in items:
                yield from _comparisons(item.condition)
        case tree.RuleReference() | tree.ClauseReference() | tree.Includes():
            return


def _conditions_in(term: tree.Term) -> Iterator[tree.Condition]:
    """The conditions that stand in a term as written."""
    match term:
        case tree.OverRecords(term=inner, where=where):
            if inner is not None:
                yield from _conditions_in(inner)
            if where is not None:
                yield where
        case tree.CountYears(condition=condition):
            yield condition
        case tree.Chain(first=first, rest=rest):
            for part in (first, *(part for _, part in rest)):
                yield from _conditions_in(part)
        case (
            tree.Adjusted(term=inner) | tree.PercentOf(term=inner) | tree.Steps(term=inner) | tree.OverYears(term=inner)
        ):
            yield from _conditions_in(inner)
        case tree.Aggregate(terms=terms):
            for part in terms:
                yield from _conditions_in(part)
        case _:
            return


def identifier(words: str) -> str:
    """Words as a name; a minus sign before a figure is told, since it makes another condition."""
    return re.sub(r"\W+", "_", re.sub(r"-(?=[0-9])", " minus ", words)).strip("_")


def _key(written: tree.Comparison | tree.Existence) -> str:
    """The last part of the first name a comparison reads."""
    term: tree.Term | None = written.term
    while True:
        match term:
            case tree.NameTerm(name=name) | tree.Judged(name=name) | tree.OverRecords(term=None, records=name):
                return name.text.rpartition(".")[2]
            case tree.Chain(first=inner) | tree.TimeBetween(first=inner) | tree.Aggregate(terms=(inner, *_)):
                term = inner
            case (
                tree.Adjusted(term=inner) | tree.PercentOf(term=inner) | tree.Steps(term=inner)
                | tree.OverYears(term=inner) | tree.OverRecords(term=inner)
            ):  # fmt: skip
                term = inner
            case _:
                return "value"
