"""The bounds of an Excel workbook before anything of it is parsed: it is a package of compressed XML parts.

A small package may unpack to a very large one, and XML may name entities that grow or lie elsewhere. Neither
stands in what a spreadsheet program writes, and neither is let through.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from si_rules.evidence.sheets.grid import MOST_UNPACKED, SheetUnusable

_MOST_PARTS: Final = 2_000
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"  # also what a workbook with a password begins with
_BYTE_ORDERS: Final = (b"\xff\xfe", b"\xfe\xff")
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]{1,40})"')


def checked_package(data: bytes) -> Mapping[str, str]:
    """Raise `SheetUnusable` for bytes that are no workbook, or one that must not be opened.

    Gives, for each part that has any, the first range of merged cells.
    """
    if data.startswith(_OLD_EXCEL):
        raise SheetUnusable("the file", "is protected by a password, or in the old form .xls; save it as plain .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _checked_parts(package)
    except SheetUnusable:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise SheetUnusable("the file", f"is not an Excel workbook: {str(error)[:80].lower()}") from None
    except Exception as error:  # a decompressor's own error has no common base
        raise SheetUnusable("the file", f"cannot be unpacked: {type(error).__name__}") from error


def _checked_parts(package: zipfile.ZipFile) -> Mapping[str, str]:
    parts = package.infolist()
    if len(parts) > _MOST_PARTS:
        raise SheetUnusable("the file", f"has {len(parts):,} parts; a workbook has at most {_MOST_PARTS:,}")
    unpacked = sum(part.file_size for part in parts)  # nothing larger is unpacked than a part says it is
    if unpacked > MOST_UNPACKED:
        raise SheetUnusable("the file", f"unpacks to {unpacked:,} bytes; at most {MOST_UNPACKED:,} are read")
    merged: dict[str, str] = {}
    for part in parts:
        if part.filename.endswith((".xml", ".rels", ".vml")):
            content = package.read(part)
            _check_xml(part.filename, content)
            found = _MERGED.search(content)
            if found:
                merged[part.filename] = found[1].decode("ascii")
    return merged


def _check_xml(name: str, content: bytes) -> None:
    """Refuse a document type, which alone can declare entities, and an encoding in which one could hide."""
    if content.startswith(_BYTE_ORDERS) or b"\0" in content[:8]:
        raise SheetUnusable("the file", f"its part {name[:60]} is not UTF-8")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise SheetUnusable("the file", f"its part {name[:60]} declares a document type, which no workbook needs")
