"""What the library is to reach, and the table that is printed beside this run's figures."""

from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.timing import Row

AT_LEAST: Final = {
    "single_prepared": 0.75,
    "single_prepared_gappy": 0.55,
    "single_traced": 0.70,
    "single_traced_gappy": 0.50,
    "single_raw": 0.15,
    "single_nested": 0.05,
    "batch_kept": 0.70,
    "batch_kept_gappy": 0.55,
    "agreement_complete": 1.0,
    "agreement_gappy": 1.0,
    "ledger_recorded_per_second": 5_000.0,
}
AT_MOST: Final = {"batch_mb": 10.0, "compile_doncaster_ms": 50.0, "england_minutes": 1.0, "ledger_verify_seconds": 3.0}


def goal(name: str) -> str:
    """The goal of a row in words; empty where it has none."""
    if name in AT_LEAST:
        return f"≥ {AT_LEAST[name]:g}"
    return f"≤ {AT_MOST[name]:g}" if name in AT_MOST else ""


def met(found: Row) -> bool | None:
    """Whether a row reaches its goal; None where it has none."""
    name, value = found["name"], found["value"]
    if name in AT_LEAST:
        return bool(value >= AT_LEAST[name])
    return bool(value <= AT_MOST[name]) if name in AT_MOST else None


def shown(value: float) -> str:
    """A value with as many digits as mean something."""
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> Iterable[str]:
    """The lines of the table: name, value, unit, goal, and what it is held against."""
    for found in rows:
        if "series" in found:
            continue
        reached = {True: "reached", False: "not reached", None: ""}[met(found)]
        wanted = f"{goal(found['name']):>7} {reached:<11}"
        versus = f"of {found['versus']}" if found["unit"] == "of the speed" else found["unit"]
        if found["unit"] != "of the speed" and found["ratio"] is not None:
            versus += f", {found['ratio']:g} of {found['versus']}"
        note = f"  ({found['note']})" if found.get("note") else ""
        yield f"{found['name']:<38} {shown(found['value']):>10}  {wanted}  {versus}{note}".rstrip()
