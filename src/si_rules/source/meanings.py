"""What the codes of diagnostics mean: one file of `codes/` each, from which pages and `si-rules explain` are made.

A file is Markdown: the title, what the code means, and under headings why it matters, a wrong snippet and the right
one, or why there is none. The words after the fence say how a snippet is read: `policy` after a policy that declares
the names it uses, `policy file` as a file of its own, `scenarios file` as a file of scenarios.
"""

import re
from itertools import zip_longest
from typing import Final

from attrs import frozen

# The families of codes, by their first digit.
FAMILIES: Final = {
    "1": "The text",
    "2": "The form",
    "3": "Names",
    "4": "Kinds and units",
    "5": "Rules",
    "6": "Files",
    "7": "Scenarios",
    "8": "Pathways and calendars",
}
_MOST_NEAR: Final = 3
_LOOKS_LIKE: Final = {"O": "0", "I": "1", "L": "1", "S": "5"}


@frozen
class Meaning:
    """What one code means. `reading`, `wrong` and `right` are empty where `no_example` says why."""

    code: str
    title: str
    means: str
    why: str
    reading: str = ""
    wrong: str = ""
    right: str = ""
    no_example: str = ""

    @property
    def family(self) -> str:
        """The family it belongs to."""
        return FAMILIES[self.code[2]]


def read_meaning(code: str, text: str) -> Meaning:
    """The meaning that a file of `codes/` states. Raises ValueError where the file lacks a part."""
    head, *rest = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    title, _, means = head.removeprefix("# ").partition("\n")
    parts = {name: body.strip() for name, body in zip(rest[::2], rest[1::2], strict=True)}
    why = parts.pop("Why it matters", "")
    if not (head.startswith("# ") and means.strip() and why):
        raise ValueError(f"the file of {code} lacks its title, what it means, or why it matters")
    if parts.keys() == {"No example"}:
        return Meaning(code, title, means.strip(), why, no_example=parts["No example"])
    fences = [re.fullmatch(r"```([a-z ]+)\n(.*\n)```", parts.get(name, ""), re.DOTALL) for name in ("Wrong", "Right")]
    wrong, right = fences
    if wrong is None or right is None or wrong[1] != right[1] or len(parts) != len(fences):
        raise ValueError(f"the file of {code} lacks a wrong and a right snippet, or says nowhere why there are none")
    return Meaning(code, title, means.strip(), why, wrong[1], wrong[2], right[2])


def near_codes(written: str, codes: list[str]) -> list[str]:
    """The codes most like what was written, at most three; those of its family where none is like it."""
    digits = "".join(_LOOKS_LIKE.get(letter, letter) for letter in written.strip().upper().removeprefix("SI"))
    if not digits.isdigit():
        return []
    slips = {code: sum(a != b for a, b in zip_longest(code[2:], digits)) for code in codes}
    near = sorted((code for code in codes if slips[code] <= 1), key=lambda code: (slips[code], code))
    return (near or [code for code in codes if code[2] == digits[0]])[:_MOST_NEAR]
