"""A draft as a Word document, from its page of HTML: the same words in the same order, in the styles Word knows.

What a template of one's own has beyond headings, paragraphs, lists and tables keeps its words and loses its form.
"""

import re
from html.parser import HTMLParser
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from si_rules.evidence.extras import ExtraMissing

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_BLANK: Final = re.compile(r"\s+")
_NOT_IN_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADINGS: Final = {f"h{level}": f"Heading {level}" for level in range(1, 5)}
_UNSEEN: Final = frozenset({"head", "style", "script", "title"})
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # of the form zip; a file says nothing of when it was written
_TABLES: Final = frozenset({"Normal Table", "Table Grid"})
_UNUSED: Final = frozenset({"stylesWithEffects", "thumbnail"})
_DEEPEST_LIST: Final = 3
_MARGIN: Final = 20  # mm


def docx_of(page: str, title: str) -> bytes:
    """A page of HTML as a Word document on A4. The same page gives the same bytes. Raises `ExtraMissing` without python-docx."""
    if find_spec("docx") is None:
        raise ExtraMissing("a Word document", "docx")
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = (
        _plain(title)[:255],
        "",
        "A draft, not signed and not sent.",
    )
    _without_weight(document)
    reader = _Reader(document)
    reader.feed(page)
    reader.close()
    written = BytesIO()
    document.save(written)
    return _without_clock(written.getvalue())


def _without_weight(document: "Document") -> None:
    """Leave out what the empty document brings and a draft has no use for: most of its size."""
    from docx.enum.style import WD_STYLE_TYPE

    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in _TABLES:
            style.delete()
    for holder in (document.part.rels, document.part.package.rels):
        for name, related in list(holder.items()):
            if related.reltype.rpartition("/")[2] in _UNUSED:
                del holder[name]


def _without_clock(data: bytes) -> bytes:
    """The same file with no time of writing in it, and not compressed: so that it is the same everywhere."""
    found = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(found, "w", ZIP_STORED) as new:
        for item in old.infolist():
            new.writestr(ZipInfo(item.filename, _FIRST_DAY), old.read(item))
    return found.getvalue()


def _plain(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


class _Reader(HTMLParser):
    """Writes what it reads into a document."""

    def __init__(self, document: "Document") -> None:
        super().__init__(convert_charrefs=True)
        self._document = document
        self._place: Document | _Cell = document
        self._paragraph: Paragraph | None = None
        self._lists: list[int] = []  # of each list that is open, the number of its last item; 0 for one without numbers
        self._numbered: list[bool] = []
        self._unseen = 0
        self._marks: list[str] = []
        self._rows: list[list[tuple[str, bool]]] | None = None

    # ---- tags
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _HEADINGS:
            self._paragraph = self._place.add_paragraph(style=_HEADINGS[tag])
        elif tag == "p":
            self._paragraph = self._place.add_paragraph()
        elif tag in ("ul", "ol"):
            self._lists.append(0)
            self._numbered.append(tag == "ol")
        elif tag == "li":
            self._item()
        elif tag in ("strong", "cite"):
            self._marks.append(tag)
        elif tag == "aside":
            self._place = self._framed()
        elif tag == "table":
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(("", tag == "th"))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in ("strong", "cite") and tag in self._marks:
            self._marks.remove(tag)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._numbered.pop()
        elif tag == "aside":
            self._place = self._document
        elif tag == "table" and self._rows is not None:
            self._write_table(self._rows)
            self._rows = None
        if tag in ("p", "li", "ul", "ol", "aside", *_HEADINGS):
            self._paragraph = None

    def handle_data(self, data: str) -> None:
        text = _plain(_BLANK.sub(" ", data))
        if self._unseen or (not text.strip() and (self._rows is not None or self._paragraph is None)):
            return
        if self._rows is not None:
            if self._rows and self._rows[-1]:
                said, heads = self._rows[-1][-1]
                self._rows[-1][-1] = f"{said}{text}", heads
            return
        if self._paragraph is None:
            self._paragraph = self._place.add_paragraph()
        run = self._paragraph.add_run(text)
        run.bold, run.italic = "strong" in self._marks or None, "cite" in self._marks or None

    # ---- what they come to
    def _item(self) -> None:
        depth = min(max(len(self._lists), 1), _DEEPEST_LIST)
        if self._lists and self._numbered[-1]:
            self._lists[-1] += 1
            self._paragraph = self._place.add_paragraph(f"{self._lists[-1]}. ", "List Paragraph")
        else:
            self._paragraph = self._place.add_paragraph(style="List Bullet" if depth == 1 else f"List Bullet {depth}")

    def _framed(self) -> "_Cell":
        """A frame, in which a notice stands."""
        table = self._document.add_table(1, 1, "Table Grid")
        cell: _Cell = table.cell(0, 0)
        empty = cell.paragraphs[0]._element
        empty.getparent().remove(empty)
        return cell

    def _write_table(self, rows: list[list[tuple[str, bool]]]) -> None:
        columns = max(map(len, rows), default=0)
        if not columns:
            return
        table = self._document.add_table(len(rows), columns, "Table Grid")
        for line, row in zip(table.rows, rows, strict=True):
            for cell, (text, heads) in zip(line.cells, row, strict=False):
                run = cell.paragraphs[0].add_run(text.strip())
                run.bold = heads or None
        self._document.add_paragraph()
