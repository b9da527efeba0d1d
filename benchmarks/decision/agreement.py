"""Whether the library says what the references say, record by record; and what others say where something is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Final

from attrs import frozen

from benchmarks.decision import evidence, ours, three_valued, two_valued
from benchmarks.decision.engine import Engine
from benchmarks.decision.evidence import DRAWN, GRADED, Plain
from benchmarks.decision.model import DecisionEvidence
from benchmarks.timing import Row

# One value of each field on every side of all that the decision asks of it, in the unit of the evidence.
ENDS: Final[dict[str, tuple[Any, ...]]] = {
    "ta_gap_reading": (5.0, 5.1),
    "ta_gap_maths": (5.0, 5.1),
    "attendance": (93.9, 94.0),
    "persistent_absence": (15.0, 15.1),
    "exclusions": (0.1, 0.11),
    "turnover": (25.0, 25.1),
    "budget_balance": (-2.1, 0.0, 8.1),
    "complaints": (4, 5),
    "governance": ("effective", "weaknesses"),
    "capacity": ("strong", "good", "necessary", "lacking"),
    "provider": ("maintained", "sponsored_academy", "converter_academy"),
    "declining_outcomes": ("none_seen", "some", "concern", "increasing"),
    **dict.fromkeys(GRADED, (1, 2, 3, 4)),
    **dict.fromkeys(("safeguarding", "in_ofsted_category", "sustained_improvement"), (False, True)),
}
ATTAINMENT: Final = ("ks2", "ks2_prev1", "ks2_prev2", "ks2_floor")
PAIRS: Final = (
    ("progress_reading", "progress_reading_median", 0.0),
    ("progress_maths", "progress_maths_median", 0.0),
    ("eyfs_gld", "eyfs_gld_national", 5.0),
)
MOST_COMPLETIONS: Final = 3_000


@frozen
class Agreement:
    """How many answers were compared, and those that differ: the number of the record, and what each side says."""

    name: str
    compared: int
    different: tuple[str, ...]
    note: str

    def row(self) -> Row:
        """The share that agrees; 1 is all."""
        agreeing = 1 - len(self.different) / self.compared
        return {"name": self.name, "value": agreeing, "unit": "of the answers", "versus": None, "ratio": None,
                "records": self.compared, "note": self.note}  # fmt: skip


def on_complete(engine: Engine, records: Sequence[Plain], prepared: Sequence[Any]) -> Agreement:
    """Every answer on complete evidence is that of the two-valued reference."""
    different = []
    for number, (record, ready) in enumerate(zip(records, prepared, strict=True)):
        theirs, found = two_valued.decide(record), ours.reading(*engine.said(engine.decide(ready)))
        if found != tuple(theirs):
            different.append(f"{number}: {found} is not {theirs}")
    return Agreement("agreement_complete", len(records), tuple(different), "the same on every complete record")


def on_models(engine: Engine, words: Sequence[dict[str, Any]], prepared: Sequence[Any]) -> Agreement:
    """A flat dict and the model that it fills say the same."""
    different = []
    for number, (record, ready) in enumerate(zip(words, prepared, strict=True)):
        of_model = engine.said(engine.decide(engine.of_model(DecisionEvidence.model_validate(record))))
        found = engine.said(engine.decide(ready))
        if found != of_model:
            different.append(f"{number}: {found} is not {of_model}")
    return Agreement("agreement_models", len(words), tuple(different), "the same from a dict and from a model")


def on_nested(engine: Engine, records: Sequence[Plain]) -> Agreement:
    """The same from the nested JSON of a school."""
    different = []
    for number, record in enumerate(records):
        theirs = two_valued.decide(evidence.as_nested_sees_it(record))
        found = ours.reading(*engine.said(engine.json(evidence.nested(record, number))))
        if found != tuple(theirs):
            different.append(f"{number}: {found} is not {theirs}")
    return Agreement("agreement_nested", len(records), tuple(different), "the same from the JSON of a school")


def on_gappy(engine: Engine, records: Sequence[Plain], prepared: Sequence[Any]) -> Agreement:
    """What three-valued logic knows, the library knows too; what it leaves open, the library never gets wrong.

    Triggers are the same. Where the reference knows an outcome, it is the only possible one.
    """
    different, more, open_ = [], 0, 0
    for number, (record, ready) in enumerate(zip(records, prepared, strict=True)):
        theirs, found = three_valued.decide(record), ours.reading(*engine.said(engine.decide(ready)))
        differs = found[0] != theirs[0]
        differs |= any(known is not None and known != said for known, said in zip(theirs[1:], found[1:], strict=True))
        if differs:
            different.append(f"{number}: {found} is not {theirs}")
        open_ += None in theirs[1:]
        more += any(known is None and said is not None for known, said in zip(theirs[1:], found[1:], strict=True))
    note = f"{open_:,} have an open outcome in three-valued Python, {more:,} of them one fewer here"
    return Agreement("agreement_gappy", len(records), tuple(different), note)


def on_completions(said: Any, records: Sequence[Plain], exact: bool) -> Agreement:
    """No completion of what is missing gives an outcome that was not told possible.

    `said` gives the possible outcomes of a record. With `exact` each of them is also brought about by some completion.
    """
    different, compared, left = [], 0, 0
    for number, record in enumerate(records):
        choices = completing(record)
        size = 1
        for _, values in choices:
            size *= len(values)
        if size > MOST_COMPLETIONS:
            left += 1
            continue
        names = [name for name, _ in choices]
        answers = [
            two_valued.decide(record | dict(zip(names, values, strict=True)))
            for values in product(*(values for _, values in choices))
        ]
        found = (
            frozenset((item[1], item[2]) for item in answers),
            frozenset(item[3] for item in answers),
            frozenset(item[4] for item in answers),
        )
        told = said(number)
        compared += 1
        fits = told == found if exact else all(part >= other for part, other in zip(told, found, strict=True))
        if not fits:
            different.append(f"{number}: {told} against {found}")
    name = "agreement_exact" if exact else "agreement_possible"
    note = f"every completion tried; {left} records with more than {MOST_COMPLETIONS:,} left out"
    return Agreement(name, compared, tuple(different), note)


def completing(record: Plain) -> list[tuple[str, tuple[Any, ...]]]:
    """The fields that are missing, each with values in all the places that matter beside what is known and missing."""
    found: list[tuple[str, tuple[Any, ...]]] = []
    for name in DRAWN.keys() | set(ATTAINMENT):
        if record[name] is None and name in ENDS:
            found.append((name, ENDS[name]))
    found += _attainment(record)
    for low, high, less in PAIRS:
        found += _pair(record, low, high, less)
    return sorted(found)


def _attainment(record: Plain) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Four figures that are compared with each other: under, at and over each known one, and between those missing."""
    missing = [name for name in ATTAINMENT if record[name] is None]
    known = sorted({record[name] for name in ATTAINMENT if record[name] is not None}) or [50.0]
    steps = range(-len(missing), len(missing) + 1)
    values = tuple(sorted({round(figure + step / 100, 2) for figure in known for step in steps if 0 <= figure + step / 100 <= 100}))  # fmt: skip
    for name in missing:
        yield name, values


def _pair(record: Plain, low: str, high: str, less: float) -> Iterator[tuple[str, tuple[float, ...]]]:
    """One figure that is held against another: either may be missing, or both."""
    one, other = record[low], record[high]
    if one is None and other is None:
        yield low, (50.0,)
        yield high, (50.0 + less, 50.1 + less)
    elif one is None:
        yield low, tuple(value for value in (other - less - 0.1, other - less) if 0 <= value <= 100)
    elif other is None:
        yield high, tuple(value for value in (one + less, one + less + 0.1) if 0 <= value <= 100)


def on_missing(single: Any, answer: Any, records: Sequence[Plain]) -> Counter[str]:
    """What an engine says on records with gaps: it raises, is right, says unknown, or is definite where nobody can be."""
    counted: Counter[str] = Counter()
    for record in records:
        theirs = three_valued.decide(record)
        known = None not in theirs[0] and None not in theirs[1:]
        try:
            found = answer(single(record))
        except Exception:
            counted["raises"] += 1
            continue
        if found is None or None in found[0] or None in found[1:]:
            counted["unknown"] += 1
        elif known:
            counted["right" if found == tuple(theirs) else "wrong"] += 1
        else:
            counted["definite where unknown"] += 1
    return counted
