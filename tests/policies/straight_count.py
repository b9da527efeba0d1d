"""The floor standards of 2016, 2017 and 2018 counted straight from the published tables, row by row.

Written from the standards as they were published, with csv and plain Python: it knows nothing of the policy, its
evidence or the importer. What a cell does not tell is tried both ways: a school is undetermined where the two ways
come to different answers, and the reason is what has to be tried.

    python tests/policies/straight_count.py FOLDER

prints the tables of docs/explanation/national-floor.md.
"""

import csv
import itertools
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

BELOW, NOT_BELOW, NOT_APPLICABLE, UNDETERMINED = "below", "not below", "not applicable", "undetermined"
YEARS = (2016, 2017, 2018)
PUBLISHED = {"ks2": {2016: 665, 2017: 511, 2018: 364}, "ks4": {2016: 282, 2017: 365, 2018: 346}}
SUBJECTS = {"READPROG": -5.0, "WRITPROG": -7.0, "MATPROG": -5.0}
MAINSTREAM = ("Maintained School", "Academy")
WITHOUT_KEY_STAGES = ("Local authority nursery school", "Pupil referral unit")
KIND, FIGURES, LIMITS = "kind of school not told", "figures not published", "neither limit nor band"
BOTH = (True, False)

Row = dict[str, str]


class Answer(NamedTuple):
    """What comes of a row: the answers that are possible, what they hang on, and whether the school had closed."""

    possible: frozenset[str]
    hangs_on: frozenset[str]
    closed: bool

    @property
    def word(self) -> str:
        """One of the four answers."""
        return next(iter(self.possible)) if len(self.possible) == 1 else UNDETERMINED

    @property
    def reason(self) -> str:
        """What an undetermined school hangs on before all else."""
        return next((item for item in (KIND, FIGURES, LIMITS) if item in self.hangs_on), "")


def rows(path: Path) -> Iterator[Row]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def number(cell: str) -> float | None:
    """A figure; None where the cell holds a code, or nothing."""
    try:
        return float(cell)
    except ValueError:
        return None


# ---- which schools the standards speak of


def has_key_stage(school: Row | None, stage: str) -> bool | None:
    """Whether a school is a mainstream one with pupils at the end of this key stage; None where that is not told."""
    if school is None:
        return None
    if school["MINORGROUP"] == "Special School" or school["NFTYPE"] in WITHOUT_KEY_STAGES:
        return False
    if school["MINORGROUP"] not in MAINSTREAM:
        return None
    youngest, oldest = number(school["AGEL"]), number(school["AGEH"])
    primary, secondary = school["ISPRIMARY"] == "1", school["ISSECONDARY"] == "1"
    if not primary and not secondary:
        return None
    if youngest is None or oldest is None or oldest == 0:
        return None if primary else stage == "ks4"
    middle = primary and youngest >= 8 and 12 <= oldest <= 14
    if stage == "ks2":
        return primary and oldest >= 11
    return secondary and not middle


def closed_by(school: Row | None, year: int) -> bool:
    """Whether the list of schools says that a school had closed by the end of a school year, or when it did not say."""
    if school is None:
        return False
    day = school["CLOSEDATE"]
    return day <= f"{year}-08-31" if day else school["ICLOSE"] == "3"


# ---- the standards


def low_both_ways(score: str, floor: float) -> list[tuple[str, bool, bool]]:
    """(the reason, whether the score is given at all, whether it is under the floor), for every way it may be."""
    if score == "LOWCOV":
        return [("", False, False)]
    figure = number(score)
    if figure is None:
        return [(FIGURES, True, True), (FIGURES, True, False), (FIGURES, False, False)]
    return [("", True, figure < floor)]


def significant_both_ways(row: Row, name: str, bands: bool) -> list[tuple[str, bool]]:
    """(the reason, whether the score is significantly low): by the limit, or by the band that stands in for it."""
    limit = number(row[f"{name}_UPPER"])
    if limit is not None:
        return [("", limit < 0)]
    band = row[f"{name}_DESCR"]
    return [("", band in ("4", "5"))] if bands and band in tuple("12345") else [(LIMITS, way) for way in BOTH]


def at_least_both_ways(cell: str, least: float) -> list[tuple[str, bool]]:
    """(the reason, whether a figure reaches another)."""
    figure = number(cell)
    return [(FIGURES, way) for way in BOTH] if figure is None else [("", figure >= least)]


Way = tuple[tuple[object, ...], bool, tuple[str, ...]]


def ks2_ways(row: Row, bands: bool) -> Iterator[Way]:
    """Every way in which the figures of a row may be: what was tried, whether it is below, and the reasons."""
    kinds = [at_least_both_ways(row["TELIG"], 11), at_least_both_ways(row["PTRWM_EXP"], 65)]
    scores = [low_both_ways(row[name], floor) for name, floor in SUBJECTS.items()]
    limits = [
        significant_both_ways(row, name, bands) if any(low for _, _, low in ways) else [("", False)]
        for name, ways in zip(SUBJECTS, scores, strict=True)
    ]
    for chosen in itertools.product(*kinds, *scores, *limits):
        (_, enough), (_, reached), *rest = chosen
        given = [item[1] for item in rest[:3]]
        low = [item[2] for item in rest[:3]]
        significant = [item[1] for item in rest[3:]]
        misses = low.count(True)
        fails = misses > 1 or (misses == 1 and significant[low.index(True)])
        below = enough and not reached and all(given) and fails
        yield tuple(item[1:] for item in chosen), below, tuple(item[0] for item in chosen)


def ks4_ways(row: Row, bands: bool) -> Iterator[Way]:
    """The same of key stage 4: Progress 8 under -0.5 and significantly low, with 6 pupils or more."""
    parts = [
        at_least_both_ways(row["TPUP"], 6),
        low_both_ways(row["P8MEA"], -0.5),
        significant_both_ways(row, "P8MEA", bands),
    ]
    for chosen in itertools.product(*parts):
        (_, enough), (_, given, low), (_, significant) = chosen
        below = enough and given and low and significant
        yield tuple(item[1:] for item in chosen), below, tuple(item[0] for item in chosen)


WAYS = {"ks2": ks2_ways, "ks4": ks4_ways}
CELLS = {
    "ks2": ("TELIG", "PTRWM_EXP", *(name + end for name in SUBJECTS for end in ("", "_UPPER", "_DESCR"))),
    "ks4": ("TPUP", "P8MEA", "P8MEA_UPPER", "P8MEA_DESCR"),
}


def answer(stage: str, year: int, school: Row | None, row: Row | None) -> Answer:
    """The answer for one school of one year."""
    concerned = has_key_stage(school, stage)
    if concerned is False:
        return Answer(frozenset({NOT_APPLICABLE}), frozenset(), closed_by(school, year))
    possible, hangs_on = figures(stage, year == 2018, tuple((row or {}).get(name, "") for name in CELLS[stage]))
    if concerned is None:
        possible, hangs_on = possible | {NOT_APPLICABLE}, hangs_on | {KIND}
    return Answer(possible, hangs_on, closed_by(school, year))


@cache
def figures(stage: str, bands: bool, cells: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """What comes of the cells of a row, and what hangs on cells that tell nothing."""
    ways = list(WAYS[stage](dict(zip(CELLS[stage], cells, strict=True)), bands))
    possible = frozenset(BELOW if below else NOT_BELOW for _, below, _ in ways)
    return possible, frozenset(_hanging(ways)) if len(possible) > 1 else frozenset()


def _hanging(ways: list[Way]) -> Iterator[str]:
    """The reasons of whatever changes the answer, all else being the same."""
    for place, reason in enumerate(ways[0][2]):
        if reason:
            groups: dict[tuple[object, ...], set[bool]] = {}
            for tried, below, _ in ways:
                groups.setdefault((*tried[:place], *tried[place + 1 :]), set()).add(below)
            if any(len(found) > 1 for found in groups.values()):
                yield reason


# ---- the tables


def schools(folder: Path) -> dict[str, Row]:
    """The list of schools, by number."""
    return {row["URN"]: row for row in rows(folder / "schools_2018.csv")}


def results(folder: Path, stage: str, year: int) -> dict[str, Row]:
    """The rows of a year, by school; limits and coverage of one authority are laid over them."""
    found = {row["URN"]: row for row in rows(folder / f"{stage}_{year}.csv")}
    for row in found.values() if stage == "ks4" else ():
        row["P8MEA_DESCR"] = row["P8_BANDING"]
    for path in sorted(folder.glob(f"{stage}_{year}_la*_full.csv")):
        for row in rows(path):
            if row["RECTYPE"] in ("1", "2"):
                before = found.get(row["URN"], {})
                told = {key: cell for key, cell in row.items() if number(cell) is not None or key not in before}
                found[row["URN"]] = {**before, **told}
    return found


def answers(folder: Path, stage: str, year: int, urns: Iterable[str] | None = None) -> dict[str, Answer]:
    """The answer of every school with a row in the results of a year, or of those named."""
    known, given = schools(folder), results(folder, stage, year)
    wanted = given if urns is None else urns
    return {urn: answer(stage, year, known.get(urn), given.get(urn)) for urn in wanted}


def table(folder: Path, stage: str) -> Iterator[str]:
    """The table of a key stage, as Markdown."""
    counted = {year: list(answers(folder, stage, year).values()) for year in YEARS}
    lines: dict[str, list[int]] = {}
    for found in counted.values():
        for name, value in [*four_answers(found), *span(found)]:
            lines.setdefault(name, []).append(value)
    lines["counted by the department"] = list(PUBLISHED[stage].values())
    yield f"| | {' | '.join(map(str, YEARS))} |"
    yield f"|---|{'---|' * len(YEARS)}"
    for name, values in lines.items():
        yield f"| {name} | {' | '.join(f'{value:,}' for value in values)} |"


def four_answers(found: list[Answer]) -> Iterator[tuple[str, int]]:
    """How many schools have each answer, and what the undetermined hang on."""
    yield "schools with a row", len(found)
    for word in (BELOW, NOT_BELOW, NOT_APPLICABLE, UNDETERMINED):
        yield f"**{word}**", sum(item.word == word for item in found)
    for reason in (LIMITS, KIND, FIGURES):
        yield f"… {reason}", sum(item.word == UNDETERMINED and item.reason == reason for item in found)


def span(found: list[Answer]) -> Iterator[tuple[str, int]]:
    """The fewest and the most schools that may be below, and what lies between them."""
    sure = Counter(item.closed for item in found if item.word == BELOW)
    maybe = Counter(item.reason for item in found if item.word == UNDETERMINED and BELOW in item.possible)
    yield "**fewest**: below, and open at the end of the school year", sure[False]
    yield "+ below, but closed by then", sure[True]
    yield f"+ may be below: {LIMITS}", maybe[LIMITS]
    yield f"+ may be below: {KIND}", maybe[KIND]
    yield "**most**, of the schools whose figures are published", sure.total() + maybe[LIMITS] + maybe[KIND]
    yield f"+ may be below: {FIGURES}", maybe[FIGURES]


if __name__ == "__main__":
    for stage, title in (("ks2", "Key stage 2"), ("ks4", "Key stage 4")):
        print(f"{title}:\n")
        print(*table(Path(sys.argv[1]), stage), sep="\n", end="\n\n")
