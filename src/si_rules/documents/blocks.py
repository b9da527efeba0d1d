"""A document as values: headings, paragraphs, lists and tables of plain text, the same for Markdown and HTML.

Text is plain: whatever stands in it is shown and never carried out. Who writes it escapes it.
"""

from collections.abc import Iterable
from typing import TypeAlias

from attrs import field, frozen


@frozen
class Heading:
    """A heading; level 1 is that of the whole document. `mark` is a name by which it can be linked to."""

    level: int
    text: str
    mark: str = ""


@frozen
class Text:
    """A paragraph, with the words it begins with set strong, and where it is cited from."""

    text: str
    lead: str = ""
    cites: str = ""


@frozen
class Item:
    """An item of a list, as a paragraph is, with items under it."""

    text: str
    lead: str = ""
    cites: str = ""
    items: tuple["Item", ...] = ()


def _listed(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(items)


@frozen
class Items:
    """A list."""

    items: tuple[Item, ...] = field(converter=_listed)


@frozen
class Table:
    """A table with a heading for each column; `numbers` are the columns, from 0, that hold numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@frozen
class Notice:
    """What must not be passed over: a draft, a refusal, a moderation. Set apart from the rest."""

    blocks: tuple["Block", ...]


@frozen
class Part:
    """A part that begins on a new page in print: a subject among several."""

    blocks: tuple["Block", ...]


@frozen
class Verbatim:
    """Text whose lines and spaces stand as they were written: a rule, a record."""

    text: str


Block: TypeAlias = Heading | Text | Items | Table | Notice | Part | Verbatim
