"""Excel workbooks whose bytes depend on what is in them alone: no clock, and no compression that differs by machine."""

import datetime
import io
import re
import zipfile
from typing import Any, Final

from si_rules.evidence.extras import ExtraMissing

_NO_DAY: Final = datetime.datetime(2000, 1, 1)
_NO_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CREATOR: Final = "si_rules"


def new_workbook() -> Any:
    """A workbook of openpyxl without a sheet. Raises `ExtraMissing`."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise ExtraMissing("writing an Excel workbook", "excel") from None
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    book.properties.creator = _CREATOR
    book.properties.created = _NO_DAY
    return book


def saved(book: Any) -> bytes:
    """The bytes of a workbook: its parts as they are, each with the same day, the time of saving left out."""
    made = io.BytesIO()
    book.save(made)
    target = io.BytesIO()
    with zipfile.ZipFile(made) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as plain:
        for part in package.infolist():
            content = package.read(part)
            if part.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            found = zipfile.ZipInfo(part.filename, _NO_MOMENT)
            found.external_attr = 0o600 << 16
            found.create_system = 3  # as on any system
            plain.writestr(found, content)
    return target.getvalue()
