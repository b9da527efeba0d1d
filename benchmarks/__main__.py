"""`python -m benchmarks`: measure everything, or the groups that are named; print it, and write `build/bench.json`.

`--whole` decides all schools of England and all records of every slow part, which takes long. Where the answers of two
sides differ, the run ends with exit code 1 once everything is written.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks import england
from benchmarks.decision import measures
from benchmarks.decision.agreement import Agreement
from benchmarks.decision.engine import quickest
from benchmarks.decision.measures import Evidence
from benchmarks.goals import table
from benchmarks.library import cases, cohort, language, starting
from benchmarks.peers.finding import absent, installed
from benchmarks.peers.measures import peers
from benchmarks.shapes.measures import growth, shapes
from benchmarks.timing import ROOT, Row

TARGET: Final = ROOT / "build" / "bench.json"
Part = Callable[[bool], Iterator[Row]]


class Disagreement(Exception):
    """Answers that are not the same; the message shows the first of them."""


def library(whole: bool) -> Iterator[Row]:
    """Starting, loading, reading policies, decisions and ledgers, cases."""
    yield from starting.starting()
    yield from starting.loading()
    yield from language.reading()
    yield from cohort.deciding()
    yield from cohort.keeping()
    yield from cases.following(10_000 if whole else 3_000)


def decision(whole: bool) -> Iterator[Row]:
    """The decision beside Python by hand, and how far they agree."""
    found, engine = Evidence.of(), quickest()
    ready, gaps = (measures.affordable(engine, words, whole) for words in (found.words, found.words_gappy))
    yield from measures.singles(found, engine, ready, gaps)
    yield from measures.batches(found, engine, ready, gaps)
    yield from measures.whole_decisions(found)
    yield from measures.compiling()
    agreed = measures.agreements(found, engine, ready, gaps, 1_500 if whole else 300)
    yield from (item.row() for item in agreed)
    _insist(agreed)


def _insist(agreed: list[Agreement]) -> None:
    wrong = [f"{item.name}: {len(item.different)} of {item.compared} differ: {item.different[0]}" for item in agreed if item.different]  # fmt: skip
    if wrong:
        raise Disagreement("\n".join(wrong))


def other_engines(whole: bool) -> Iterator[Row]:
    """Other engines, where they are installed."""
    for sentence in absent():
        print(sentence, file=sys.stderr)
    if installed():
        found = Evidence.of()
        yield from peers(found.full, found.gappy)


def made_up(whole: bool) -> Iterator[Row]:
    """The three shapes, and how cost grows."""
    yield from shapes()
    yield from growth(quickest())


def country(whole: bool) -> Iterator[Row]:
    """All England, from CSV to CSV."""
    yield from england.england(1 if whole else england.PART)


GROUPS: Final[dict[str, Part]] = {
    "library": library,
    "decision": decision,
    "peers": other_engines,
    "shapes": made_up,
    "england": country,
}


def run(groups: list[str], whole: bool) -> tuple[list[Row], list[str]]:
    """The rows of some groups, and what does not agree."""
    rows: list[Row] = []
    wrong: list[str] = []
    for name in groups:
        start = time.perf_counter()
        try:
            for found in GROUPS[name](whole):
                rows.append(found)
        except (Disagreement, AssertionError) as error:
            wrong.append(f"{name}: {error}")
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return rows, wrong


def main() -> int:
    """Measure, print and write."""
    said = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure how fast the library is.")
    said.add_argument("groups", nargs="*", metavar="GROUP", help=f"one of {', '.join(GROUPS)}; all, if left out")
    said.add_argument("--whole", action="store_true", help="nothing scaled down: takes long")
    said.add_argument("--to", type=Path, default=TARGET, help="the file of the results")
    given = said.parse_args()
    unknown = [name for name in given.groups if name not in GROUPS]
    if unknown:
        said.error(f"there is no group {', '.join(unknown)}; there are {', '.join(GROUPS)}")
    rows, wrong = run(given.groups or list(GROUPS), given.whole)
    given.to.parent.mkdir(parents=True, exist_ok=True)
    given.to.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(table(rows)))
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
