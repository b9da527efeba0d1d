"""Documents as Markdown: CommonMark with tables."""

from collections.abc import Iterable, Iterator

from si_rules.documents.blocks import Block, Heading, Item, Items, Notice, Part, Table, Text, Verbatim
from si_rules.documents.escaping import in_markdown


def markdown(blocks: Iterable[Block]) -> str:
    """The text, ending in a newline, a blank line between blocks."""
    return "\n\n".join(written for block in blocks if (written := _block(block))) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f"{'#' * level} {in_markdown(text)}"
        case Text():
            return _inline(block)
        case Items(items=items):
            return "\n".join(_items(items, ""))
        case Table():
            return _table(block)
        case Verbatim(text=text):
            return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
        case Notice(blocks=blocks):
            return "\n".join(f"> {line}".rstrip() for line in markdown(blocks).splitlines())
        case Part(blocks=blocks):
            return f"---\n\n{markdown(blocks)}".rstrip("\n")


def _inline(text: Text | Item) -> str:
    lead = f"**{in_markdown(text.lead)}** " if text.lead else ""
    cites = f" [{in_markdown(text.cites)}]" if text.cites else ""
    return f"{lead}{in_markdown(text.text)}{_unlinked(cites)}".strip()


def _unlinked(cites: str) -> str:
    """Citations in brackets, which no definition elsewhere makes a link of."""
    return cites.replace("[", "\\[", 1)[:-1] + "\\]" if cites else ""


def _items(items: Iterable[Item], indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {_inline(item)}"
        yield from _items(item.items, f"{indent}  ")


def _table(table: Table) -> str:
    rule = ("---:" if column in table.numbers else "---" for column in range(len(table.head)))
    rows = [table.head, tuple(rule), *table.rows]
    cells = (row if number == 1 else tuple(map(in_markdown, row)) for number, row in enumerate(rows))
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)
