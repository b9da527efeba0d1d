"""Tables: lines that begin with a bar, their cells padded so that the bars stand under each other."""

import re
from typing import Final

_QUOTATION_OR_BAR: Final = re.compile(r'"[^"]*"|(\|\|?)')


def aligned(rows: list[str]) -> list[str]:
    """The rows of one table, each column as wide as its widest cell, cells to the left.

    A double bar stays double, an empty cell stays empty, and a bar inside a quotation is no bar. Rows of
    different lengths are aligned as far as they go.
    """
    cut = [_parts(row) for row in rows]
    widths = [0] * max(map(len, cut), default=0)
    for parts in cut:
        for place, part in enumerate(parts):
            widths[place] = max(widths[place], len(part))
    return [" ".join(map(str.ljust, parts, widths)).rstrip() for parts in cut]


def _parts(row: str) -> list[str]:
    """A row as bar, cell, bar, cell, … to its last bar, or to what stands after that."""
    parts, start = [], 0
    for match in _QUOTATION_OR_BAR.finditer(row):
        if match[1]:
            parts += [row[start : match.start()].strip(), match[1]]
            start = match.end()
    parts.append(row[start:].strip())
    return parts[1:] if parts[-1] else parts[1:-1]  # nothing stands before the first bar
