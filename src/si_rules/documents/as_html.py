"""Documents as HTML: one page that needs nothing else, no script and no network, and prints on A4."""

from collections.abc import Iterable, Iterator
from typing import Final

from si_rules.documents.blocks import Block, Heading, Item, Items, Notice, Part, Table, Text, Verbatim
from si_rules.documents.escaping import in_html

# Nothing may be loaded and nothing run; only the style below counts, were anything else to slip in.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE: Final = """\
@page { size: A4; margin: 18mm 20mm; }
body { font: 11pt/1.45 "Liberation Serif", Georgia, serif; color: #111; background: #fff; max-width: 46em;
  margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere; }
h1, h2, h3, h4 { font-family: "Liberation Sans", Arial, sans-serif; line-height: 1.25; break-after: avoid; }
h1 { font-size: 1.5em; } h2 { font-size: 1.2em; } h3 { font-size: 1.05em; } h4 { font-size: 1em; }
ul { padding-left: 1.3em; } li { margin: .2em 0; }
table { border-collapse: collapse; margin: 1em 0; width: 100%; font-size: .95em; }
th, td { border: 1px solid #999; padding: .25em .5em; text-align: left; vertical-align: top; }
th { background: #eee; } td.number, th.number { text-align: right; white-space: nowrap; }
thead { display: table-header-group; } tr { break-inside: avoid; }
aside { border: 2px solid #111; padding: .2em 1em; margin: 1em 0; }
cite { font-style: normal; color: #444; font-size: .9em; }
@media print { body { margin: 0; padding: 0; max-width: none; } section.part + section.part { break-before: page; } a { color: inherit; } }
"""


def opening(title: str, style: str = STYLE) -> str:
    """A page up to its content."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{in_html(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    )


CLOSING: Final = "</body>\n</html>\n"


def page(title: str, blocks: Iterable[Block]) -> str:
    """A whole page."""
    return f"{opening(title)}{html(blocks)}{CLOSING}"


def html(blocks: Iterable[Block]) -> str:
    """The blocks, a line or more each."""
    return "".join(f"{line}\n" for block in blocks for line in _block(block))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text, mark=mark):
            name = f' id="{in_html(mark)}"' if mark else ""
            yield f"<h{level}{name}>{in_html(text)}</h{level}>"
        case Text():
            yield f"<p>{_inline(block)}</p>"
        case Items(items=items):
            yield from _items(items)
        case Table():
            yield from _table(block)
        case Verbatim(text=text):
            yield "<pre>" + "\n".join(map(_kept, text.split("\n"))) + "</pre>"
        case Notice(blocks=blocks):
            yield f"<aside>\n{html(blocks)}</aside>"
        case Part(blocks=blocks):
            yield f'<section class="part">\n{html(blocks)}</section>'


def _kept(line: str) -> str:
    """A line with the spaces it begins with."""
    text = line.lstrip(" ")
    return " " * (len(line) - len(text)) + in_html(text)


def _inline(text: Text | Item) -> str:
    lead = f"<strong>{in_html(text.lead)}</strong> " if text.lead else ""
    cites = f" <cite>[{in_html(text.cites)}]</cite>" if text.cites else ""
    return f"{lead}{in_html(text.text)}{cites}".strip()


def _items(items: Iterable[Item]) -> Iterator[str]:
    yield "<ul>"
    for item in items:
        if item.items:
            yield f"<li>{_inline(item)}"
            yield from _items(item.items)
            yield "</li>"
        else:
            yield f"<li>{_inline(item)}</li>"
    yield "</ul>"


def _table(table: Table) -> Iterator[str]:
    yield f"<table>\n<thead>\n{_row('th', table.head, table)}\n</thead>\n<tbody>"
    for row in table.rows:
        yield _row("td", row, table)
    yield "</tbody>\n</table>"


def _row(tag: str, cells: Iterable[str], table: Table) -> str:
    marks = (' class="number"' if column in table.numbers else "" for column in range(len(table.head)))
    scope = ' scope="col"' if tag == "th" else ""
    written = (f"<{tag}{scope}{mark}>{in_html(cell)}</{tag}>" for cell, mark in zip(cells, marks, strict=True))
    return f"<tr>{''.join(written)}</tr>"
