"""A case as one HTML page: its text, and a timeline with a bar for every clock. No network, and it prints on A4."""

import datetime
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from si_rules.pathways.as_text import written
from si_rules.pathways.case import Case, Track

_STYLE: Final = """
body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
h1{font-size:1.3rem}h2{font-size:1.1rem}pre{white-space:pre-wrap;font:inherit}
svg{width:100%;height:auto}.open{fill:#4a6fa5}.met{fill:#3c8d5a}.late{fill:#c98a1b}.breached{fill:#b23b3b}
.ended,.undetermined{fill:#9a9a9a}.state{fill:#dfe6ef}text{font-size:11px;fill:#1b1b1b}
@page{size:A4;margin:15mm}@media print{body{margin:0;max-width:none}}
"""
_ROW: Final = 18
_WIDTH: Final = 900
_LEFT: Final = 300


def page(case: Case, parties: Mapping[str, str], interpretations: Mapping[str, str]) -> str:
    """The page, ending in a newline. Everything that comes from outside is escaped."""
    title = escape(f"{case.label or 'Case'} ({case.subject})")
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head><body>',
        f"<h1>{title}</h1>",
        *(part for track in case.tracks if track.begun for part in _timeline(case, track)),
        f"<pre>{escape(written(case, parties, interpretations))}</pre>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _timeline(case: Case, track: Track) -> Iterator[str]:
    """The states as bands and the duties as bars, from the first step to the last day that is due."""
    duties = [item for item in track.duties if item.due is not None]
    days = [step.date for step in track.steps] + [day for item in duties for day in (item.opened, item.due) if day]
    first, last = min([*days, case.on]), max([*days, case.on])
    rows = len(track.steps) + len(duties)
    yield f"<h2>{escape(track.title)}</h2>"
    yield f'<svg viewBox="0 0 {_WIDTH} {(rows + 2) * _ROW}" role="img" aria-label="Timeline">'
    for row, step in enumerate(track.steps):
        until = track.steps[row + 1].date if row + 1 < len(track.steps) else case.on
        yield from _bar(row, step.to.replace("_", " "), "state", step.date, until, first, last)
    for row, item in enumerate(duties, len(track.steps)):
        assert item.due is not None
        end = max(day for day in (item.due, item.met_on) if day is not None)
        label = f"{item.title}: {item.status}"
        yield from _bar(row, label, item.status, item.opened, end, first, last)
    today = _place(case.on, first, last)
    yield f'<line x1="{today}" x2="{today}" y1="0" y2="{rows * _ROW}" stroke="#1b1b1b" stroke-dasharray="3 3"/>'
    yield f'<text x="{_LEFT}" y="{(rows + 1) * _ROW}">{first}</text>'
    yield f'<text x="{_WIDTH}" y="{(rows + 1) * _ROW}" text-anchor="end">{last}</text>'
    yield "</svg>"


def _bar(row: int, label: str, css: str, start: datetime.date, end: datetime.date, first: datetime.date,
         last: datetime.date) -> Iterator[str]:  # fmt: skip
    left, right = _place(start, first, last), _place(end, first, last)
    shown = label if len(label) <= 52 else label[:51] + "…"
    yield f'<text x="0" y="{row * _ROW + 12}">{escape(shown)}</text>'
    yield (
        f'<rect class="{css}" x="{left}" y="{row * _ROW + 2}" width="{max(right - left, 2)}" height="{_ROW - 5}">'
        f"<title>{escape(label)}, {start} to {end}</title></rect>"
    )


def _place(day: datetime.date, first: datetime.date, last: datetime.date) -> int:
    """Where a day stands across the page, in whole units."""
    length = max((last - first).days, 1)
    return _LEFT + (day - first).days * (_WIDTH - _LEFT) // length
