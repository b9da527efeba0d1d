"""Cells that a spreadsheet program shows and does not carry out.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula or a command, also
after blanks. Such a cell gets an apostrophe in front, which the program hides and takes for "this is text"; so does one
that begins with an apostrophe, so that `unguarded` gives back what was put in. Line breaks and other control
characters become blanks: a row stays a line.
"""

import re
from typing import Final

_COMMAND: Final = re.compile(r"\s*['=+\-@\uff1d\uff0b\uff0d\uff20]")
_AFTER_SEPARATOR: Final = re.compile(r"([;|])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def guarded(text: str) -> str:
    """The cell as it may stand in a sheet."""
    plain = _CONTROLS.sub(" ", text)
    plain = _AFTER_SEPARATOR.sub(r"\1\2'", plain)  # a program that splits at another separator begins a cell there
    return f"'{plain}" if _COMMAND.match(plain) else plain


def unguarded(cell: str) -> str:
    """What a guarded cell stood for, but for control characters and what follows a separator inside it."""
    return cell[1:] if cell.startswith("'") else cell
