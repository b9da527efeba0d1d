"""The workbook of judgements for officers: a cover, the sheet to fill in, guidance from the policy, and the scales.

What is to be filled in is open; everything else is protected, without a password, against a slip of the hand.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from attrs import frozen

from si_rules.evidence.judgement_guidance import Guidance, guidance
from si_rules.evidence.judgement_rows import FILLED_IN, JudgementRow, headings
from si_rules.evidence.judgement_sheet import SHEET
from si_rules.evidence.sheets.columns import Column
from si_rules.evidence.sheets.forms import cell_of
from si_rules.evidence.sheets.grid import column_letters
from si_rules.evidence.sheets.workbook import new_workbook, saved
from si_rules.evidence.sheets.writing import put
from si_rules.semantics.core import Core
from si_rules.semantics.kinds import Choice, Date, Flag, Kind, Number, Scale, described, number_text

_WIDTHS: Final = {"judgement": 26, "question": 48, "value": 20, "author": 16, "role": 14, "date": 12, "document": 24,
                  "note": 28, "scale": 40, "status": 20}  # fmt: skip
_TEXT: Final = Column("", (), frozenset(("text",)))
_OPEN_FILL: Final = "FFF8DC"
_GREY: Final = "666666"
_LONGEST_PROMPT: Final = 250  # Excel holds 255
_LONGEST_TITLE: Final = 32
_MOST_CELLS_OF_ONE: Final = 400
_EARLIEST: Final = datetime.date(1990, 1, 1)


@frozen
class Cover:
    """What the first sheet says: lines of a heading and what stands beside it; a line without either is a gap."""

    title: str
    lines: tuple[tuple[str, str], ...]


def workbook_of(policy: Core, rows: Sequence[JudgementRow], cover: Cover, latest: datetime.date) -> bytes:
    """The bytes of the workbook; no judgement may be dated after `latest`. Raises `ExtraMissing`."""
    book = new_workbook()
    _write_cover(book.create_sheet("cover"), cover)
    page = book.create_sheet(SHEET)
    told = book.create_sheet("guidance")
    ranges = _write_scales(book.create_sheet("scales"), policy)
    _write_rows(page, policy, rows)
    _validate(page, policy, rows, ranges, latest)
    _write_guidance(told, guidance(policy))
    for sheet in book.worksheets:
        _protect(sheet)
    return saved(book)


def _write_cover(page: Any, cover: Cover) -> None:
    from openpyxl.styles import Alignment, Font

    _say(page.cell(1, 1), cover.title)
    page.cell(1, 1).font = Font(bold=True, size=14)
    for number, (heading, text) in enumerate(cover.lines, 3):
        _say(page.cell(number, 1), heading)
        _say(page.cell(number, 2), text)
        page.cell(number, 1).font = Font(bold=True)
        for place in (1, 2):
            page.cell(number, place).alignment = Alignment(wrap_text=True, vertical="top")
    page.column_dimensions["A"].width = 30
    page.column_dimensions["B"].width = 100


def _write_rows(page: Any, policy: Core, rows: Sequence[JudgementRow]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    names = headings(policy)
    _write_headings(page, names)
    open_cell, fill = Protection(locked=False), PatternFill("solid", fgColor=_OPEN_FILL)
    wrapped, grey = Alignment(wrap_text=True, vertical="top"), Font(color=_GREY)
    for number, row in enumerate(rows, 2):
        for place, name in enumerate(names, 1):
            cell = page.cell(number, place)
            if name in row.cells:
                put(cell, row.cells[name])
            cell.alignment = wrapped
            if row.is_asked and name in FILLED_IN:
                cell.protection, cell.fill = open_cell, fill
                cell.number_format = "yyyy-mm-dd" if name == "date" else "General"
            elif not row.is_asked:
                cell.font = grey
    for place, name in enumerate(names):
        page.column_dimensions[column_letters(place)].width = _WIDTHS.get(name, 12 if place == 0 else 30)
    page.freeze_panes = page.cell(2, names.index("question") + 1)
    page.auto_filter.ref = f"A1:{column_letters(len(names) - 1)}{max(2, len(rows) + 1)}"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _write_headings(page: Any, names: Iterable[str]) -> None:
    from openpyxl.styles import Alignment, Font

    for place, name in enumerate(names, 1):
        _say(page.cell(1, place), name)
        page.cell(1, place).font = Font(bold=True)
        page.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")


def _write_scales(page: Any, policy: Core) -> dict[str, str]:
    """A column for each judgement with values to choose from; gives where the values of each stand."""
    found = {}
    listed = [(name, _values(item.field.kind)) for name, item in policy.judgements.items()]
    chosen = [(name, values) for name, values in listed if values]
    _write_headings(page, [name for name, _ in chosen])
    for place, (name, values) in enumerate(chosen):
        _say(page.cell(2, place + 1), _order(policy.judgements[name].field.kind))
        for number, value in enumerate(values, 3):
            _say(page.cell(number, place + 1), value)
        letters = column_letters(place)
        page.column_dimensions[letters].width = 28
        found[name] = f"scales!${letters}$3:${letters}${len(values) + 2}"
    page.freeze_panes = "A3"
    return found


def _values(kind: Kind) -> tuple[str, ...]:
    match kind:
        case Flag():
            return ("yes", "no")
        case Choice(values=values):
            return values
        case Scale():
            return kind.as_written
        case _:
            return ()


def _order(kind: Kind) -> str:
    if isinstance(kind, Scale):
        return "from worst to best" if kind.worst_first else "from best to worst"
    return "in no order"


def _validate(page: Any, policy: Core, rows: Sequence[JudgementRow], ranges: dict[str, str],
              latest: datetime.date) -> None:  # fmt: skip
    """Drop-downs with the values of each scale, and days up to the latest."""
    names = headings(policy)
    value, day = (column_letters(names.index(name)) for name in ("value", "date"))
    asked: dict[str, list[int]] = {}
    for number, row in enumerate(rows, 2):
        if row.is_asked:
            asked.setdefault(row.judgement, []).append(number)
    for name, numbers in asked.items():
        for some in _parts(numbers):
            found = _validation(policy.judgements[name].field.kind, ranges.get(name))
            found.promptTitle = name[:_LONGEST_TITLE]
            _add(page, found, value, some)
    for some in _parts(sorted(number for numbers in asked.values() for number in numbers)):
        _add(page, _day_validation(latest), day, some)


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Rows a few hundred at a time: a validation that names very many cells is taken for damage by Excel."""
    for start in range(0, len(numbers), _MOST_CELLS_OF_ONE):
        yield numbers[start : start + _MOST_CELLS_OF_ONE]


def _add(page: Any, found: Any, column: str, numbers: Iterable[int]) -> None:
    page.add_data_validation(found)
    for number in numbers:
        found.add(f"{column}{number}")


def _validation(kind: Kind, where: str | None) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    shown = described(kind)[:_LONGEST_PROMPT]
    match kind:
        case Number(low=low, high=high) if low is not None and high is not None:
            found = DataValidation("decimal", operator="between", formula1=number_text(low), formula2=number_text(high))
        case Number():
            found = DataValidation("decimal", operator="between", formula1="-1E+15", formula2="1E+15")
        case Date():
            found = DataValidation("date", operator="greaterThan", formula1=_serial(_EARLIEST))
        case _:
            found = DataValidation("list", formula1=where)
    found.allow_blank = True
    found.showErrorMessage = found.showInputMessage = True
    found.errorTitle, found.error, found.prompt = "Not on the scale", f"This is {shown}"[:_LONGEST_PROMPT], shown
    return found


def _day_validation(latest: datetime.date) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    found = DataValidation("date", operator="between", formula1=_serial(_EARLIEST), formula2=_serial(latest))
    found.allow_blank = True
    found.showErrorMessage = found.showInputMessage = True
    found.errorTitle, found.error = "Not such a day", f"Write the day on which it was judged, not after {latest}"
    found.promptTitle, found.prompt = "date", f"the day on which it was judged, not after {latest}"
    return found


def _serial(day: datetime.date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _write_guidance(page: Any, told: Sequence[Guidance]) -> None:
    from openpyxl.styles import Alignment

    names = ("judgement", "question", "scale", "where it comes from", "interpretation", "accepted for", "read by")
    _write_headings(page, names)
    for number, item in enumerate(told, 2):
        texts = (item.name, item.question, item.scale, "\n".join(item.cites), "\n".join(item.interpretations),
                 item.accepted_for, "\n".join(item.read_by))  # fmt: skip
        for place, text in enumerate(texts, 1):
            _say(page.cell(number, place), text)
            page.cell(number, place).alignment = Alignment(wrap_text=True, vertical="top")
    for place, width in enumerate((28, 44, 36, 36, 44, 14, 80)):
        page.column_dimensions[column_letters(place)].width = width
    page.freeze_panes = "B2"


def _say(cell: Any, text: str) -> None:
    """Put a text of several lines into a cell, never a formula."""
    if text:
        lines = (str(cell_of(_TEXT, line)) if line else "" for line in text.split("\n"))
        cell.value = "\n".join(lines)
        cell.data_type = "s"


def _protect(page: Any) -> None:
    protection = page.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.autoFilter = protection.sort = False
