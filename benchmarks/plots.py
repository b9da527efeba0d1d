"""Small plots as SVG: a line or several on two scales, and bars. The same figures give the same bytes."""

import math
from collections.abc import Sequence
from typing import Final, TypeAlias
from xml.sax.saxutils import escape

WIDE: Final = 640
HIGH: Final = 300
LEFT: Final = 70
RIGHT: Final = 20
TOP: Final = 44
FOOT: Final = 46
COLOURS: Final = ("#1f6f8b", "#c8553d", "#588157", "#6d597a")
Line: TypeAlias = tuple[str, Sequence[tuple[float, float]]]


def lines(title: str, across: str, up: str, drawn: Sequence[Line]) -> str:
    """Lines through points, both scales by powers of ten, zero standing at the left edge."""
    positive = [x for _, points in drawn for x, _ in points if x > 0]
    low, high = math.log10(min(positive)), math.log10(max(positive))
    values = [y for _, points in drawn for _, y in points]
    bottom, top = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
    top = max(top, bottom + 1)

    def place(x: float, y: float) -> tuple[float, float]:
        share = 0.0 if x <= 0 else 0.06 + 0.94 * (math.log10(x) - low) / ((high - low) or 1)
        rise = (math.log10(y) - bottom) / (top - bottom)
        return LEFT + share * (WIDE - LEFT - RIGHT), HIGH - FOOT - rise * (HIGH - TOP - FOOT)

    parts = _frame(title, across, up)
    for power in range(bottom, top + 1):
        _, y = place(1.0, 10.0**power)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDE - RIGHT}" y2="{y:.1f}" stroke="#8884"/>')
        parts.append(_text(LEFT - 8, y + 4, number(10.0**power), "end"))
    for x in sorted({x for _, points in drawn for x, _ in points}):
        parts.append(_text(place(x, values[0])[0], HIGH - FOOT + 16, number(x), "middle"))
    for place_, (name, points) in enumerate(drawn):
        colour = COLOURS[place_ % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in (place(*point) for point in points):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
        parts.append(_text(WIDE - RIGHT, 18 + 14 * place_, name, "end", colour))
    return "\n".join([*parts, "</svg>", ""])


def bars(title: str, up: str, drawn: Sequence[tuple[str, float]]) -> str:
    """Bars lying down, their length by powers of ten from a thousandth part of the longest, or less; each with its figure."""
    low = math.floor(math.log10(min(value for _, value in drawn)))
    high = max(math.log10(max(value for _, value in drawn)), low + 1)
    tall = TOP + 24 * len(drawn) + 30
    left = 300
    parts = _frame(title, up, "", tall)
    for place_, (name, value) in enumerate(drawn):
        y = TOP + 24 * place_
        length = (math.log10(value) - low) / (high - low) * (WIDE - left - 80)
        parts.append(_text(left - 8, y + 13, name, "end"))
        parts.append(f'<rect x="{left}" y="{y}" width="{max(2.0, length):.1f}" height="17" fill="{COLOURS[0]}"/>')
        parts.append(_text(left + max(2.0, length) + 6, y + 13, number(value), "start"))
    return "\n".join([*parts, "</svg>", ""])


def number(value: float) -> str:
    """A figure in as few letters as say it."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _frame(title: str, across: str, up: str, tall: int = HIGH) -> list[str]:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall}" font-family="sans-serif" font-size="12" fill="#777">'  # fmt: skip
    parts = [head, f"<title>{escape(title)}</title>", _text(LEFT, 18, title, "start", "currentColor")]
    parts.append(_text(WIDE / 2, tall - 8, across, "middle"))
    if up:
        parts.append(_text(8, TOP - 8, up, "start"))
    return parts


def _text(x: float, y: float, text: str, anchor: str, colour: str | None = None) -> str:
    fill = f' fill="{colour}"' if colour and colour != "currentColor" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{fill}>{escape(text)}</text>'
