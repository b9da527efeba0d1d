"""What every measurement shares: rows of results, and times that may be compared.

A machine has slow moments. So what is held against something is timed in turns with it, in one process, and the median
of the ratios of all rounds is what counts; the milliseconds of two machines say nothing about the library.
"""

import gc
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from attrs import frozen

ROOT: Final = Path(__file__).resolve().parent.parent
ROUNDS: Final = 7
SLICE: Final = 0.12  # seconds of one side in one round, about
HAND: Final = "two-valued Python by hand"

Row: TypeAlias = dict[str, Any]


def row(name: str, value: float, unit: str, versus: str | None = None, other: float | None = None,
        note: str | None = None) -> Row:  # fmt: skip
    """A row of the results: a value, and how it stands to another one that it is held against."""
    ratio = None if not other else round(value / other, 3)
    found = {"name": name, "value": round(value, 4), "unit": unit, "versus": versus, "ratio": ratio}
    return found if note is None else found | {"note": note}


@frozen
class Paired:
    """How fast something is beside a reference: the median ratio of rates, above 1 where it is faster than that.

    `own` and `other` are the median seconds for one record, `on` how many records a round measured.
    """

    ratio: float
    own: float
    other: float
    on: int

    def row(self, name: str, versus: str = HAND, note: str | None = None) -> Row:
        """The row of the ratio, with what it came from."""
        said: Row = {"name": name, "value": significant(self.ratio), "unit": "of the speed", "versus": versus}
        said |= {"ratio": significant(self.ratio), "per_second": significant(1 / self.own), "records": self.on}
        return said if note is None else said | {"note": note}


def paired(reference: Callable[[Any], object], references: Sequence[Any], measured: Callable[[Any], object],
           records: Sequence[Any], rounds: int = ROUNDS, slice_: float = SLICE) -> Paired:  # fmt: skip
    """One call a record, answers dropped: a reference and what is measured, in turns, over about a slice of time."""
    few = min(20, len(records))
    guess = max(each(measured, records[:few]), 1e-8)
    count = max(min(5, len(records)), min(len(records), int(slice_ / guess)))
    base = min(len(references), max(2000, int(slice_ / max(each(reference, references[:500]), 1e-8))))
    turns = []
    for _ in range(rounds):
        gc.collect()
        other = each(reference, references[:base])
        gc.collect()
        turns.append((other, each(measured, records[:count])))
    return _of_turns(turns, count)


def paired_whole(reference: Callable[[Any], object], references: Sequence[Any], measured: Callable[[Any], object],
                 records: Sequence[Any], rounds: int = 5) -> Paired:  # fmt: skip
    """One call for all records, answers kept until the clock has stopped: in turns, each from a collected heap."""
    turns = []
    for _ in range(rounds):
        other = kept(reference, references) / len(references)
        turns.append((other, kept(measured, records) / len(records)))
    return _of_turns(turns, len(records))


def _of_turns(turns: Sequence[tuple[float, float]], count: int) -> Paired:
    ratio = statistics.median(other / own for other, own in turns)
    return Paired(ratio, *(statistics.median(column) for column in zip(*((own, other) for other, own in turns), strict=True)), count)  # fmt: skip


def within(call: Callable[[Any], object], records: Sequence[Any], budget: float) -> Sequence[Any]:
    """As many of the records as can be called with within about so many seconds; three at least."""
    few = records[:3]
    taken = max(each(call, few), 1e-8)
    return records[: max(len(few), min(len(records), int(budget / taken)))]


def each(function: Callable[[Any], object], records: Sequence[Any]) -> float:
    """Seconds for one record, on average, its answer dropped."""
    start = time.perf_counter()
    for record in records:
        function(record)
    return (time.perf_counter() - start) / len(records)


def kept(function: Callable[[Any], object], argument: Any) -> float:
    """Seconds of one call from a collected heap; what it gives is kept until the clock has stopped."""
    gc.collect()
    start = time.perf_counter()
    found = function(argument)
    end = time.perf_counter()
    del found
    return end - start


def seconds(work: Callable[[], object]) -> float:
    """Seconds that some work takes in this process."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def process(*arguments: str, cache: str | None = None, given: str = "") -> float:
    """Seconds of a fresh process, from its start to its end."""
    environment = dict(os.environ) if cache is None else {**os.environ, "SI_RULES_CACHE": cache}
    start = time.perf_counter()
    subprocess.run(arguments, input=given.encode(), capture_output=True, check=True, env=environment)
    return time.perf_counter() - start


def told(*arguments: str, cache: str) -> float:
    """Seconds that a fresh process measured itself and printed."""
    environment = {**os.environ, "SI_RULES_CACHE": cache}
    done = subprocess.run(arguments, capture_output=True, check=True, env=environment, text=True)
    return float(done.stdout)


def in_turns(*measures: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """Medians of several measures, taken in turns."""
    found = [[measure() for measure in measures] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def significant(number: float, digits: int = 3) -> float:
    """A number with so many digits that mean something."""
    return float(f"{number:.{digits}g}")
