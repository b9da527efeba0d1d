"""Finds editions and vocabularies in a folder, by their headers; reads no more of a file than it must."""

import datetime
import hashlib
import re
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

MOST_FILES: Final = 5_000
_HEADER: Final = re.compile(r"^policy +([a-z][a-z0-9_.]*) *$", re.MULTILINE)
_PART: Final = re.compile(r"^part +of\b", re.MULTILINE)
_AMENDMENT: Final = re.compile(r"^amendment +of +", re.MULTILINE)
_COUNTS_FROM: Final = re.compile(r"^ +from +(\d{4}-\d{2}-\d{2})", re.MULTILINE)
_ADOPTED: Final = re.compile(r"^ +adopted +(\d{4}-\d{2}-\d{2})", re.MULTILINE)
_EDITION: Final = re.compile(r"^ +edition +(\S+)", re.MULTILINE)
_IN_FORCE: Final = re.compile(r"^ +in +force +(\d{4}-\d{2}-\d{2}) +to +(\d{4}-\d{2}-\d{2})", re.MULTILINE)
_TITLE: Final = re.compile(r'^ +title +"([^"]*)"', re.MULTILINE)
_VOCABULARY_USED: Final = re.compile(r"^ +vocabulary +([a-z][a-z0-9_.]*) +(\d+)", re.MULTILINE)
_USES: Final = re.compile(r"^ +uses +([a-z][a-z0-9_.]*) *(?:#.*)?$", re.MULTILINE)
_FOLLOWS: Final = re.compile(r"^ +follows +([a-z][a-z0-9_., ]*?) *(?:#.*)?$", re.MULTILINE)
_CALENDAR: Final = re.compile(r"^calendar +([a-z][a-z0-9_.]*) ", re.MULTILINE)
_VOCABULARY: Final = re.compile(r"^vocabulary +([a-z][a-z0-9_.]*) +(\d+)", re.MULTILINE)


@frozen
class AmendmentFile:
    """An amendment as it lies on disk. Its days are None where the header does not state them as it should."""

    path: Path
    title: str
    first: datetime.date | None
    adopted: datetime.date | None


@frozen
class Edition:
    """An edition as it lies on disk: what its header says, its files in order, and the vocabulary it names.

    `amendments` lie in the same folder, and are not among `files`.
    """

    id: str
    edition: str
    title: str
    in_force: tuple[datetime.date, datetime.date] | None
    files: tuple[Path, ...]
    vocabulary: tuple[str, str] | None
    uses: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    amendments: tuple[AmendmentFile, ...] = ()

    @property
    def all_files(self) -> tuple[Path, ...]:
        """Its files, then those of its amendments."""
        return (*self.files, *(amendment.path for amendment in self.amendments))

    def covers(self, day: datetime.date) -> bool:
        """Whether it is in force on a day."""
        return self.in_force is not None and self.in_force[0] <= day <= self.in_force[1]


def find_editions(folder: Path) -> list[Edition]:
    """Every edition under a folder, by id and first day. An edition is the policy files of one folder."""
    found = []
    for place in sorted({path.parent for path in _files(folder, "*.policy")}):
        edition = edition_in(sorted(place.glob("*.policy")))
        if edition is not None:
            found.append(edition)
    return sorted(found, key=lambda e: (e.id, e.in_force or (datetime.date.min,) * 2, e.edition))


def edition_in(files: list[Path]) -> Edition | None:
    """What the header among some files says; None where none of them has one."""
    texts = [_text(path) for path in files]
    amending = [bool(_AMENDMENT.search(text)) and not _HEADER.search(text) for text in texts]
    for text in texts:
        header = _HEADER.search(text)
        if header is None:
            continue
        followed = [name.strip() for other in texts for found in _FOLLOWS.findall(other) for name in found.split(",")]
        return Edition(
            header[1],
            _first(_EDITION, text),
            _first(_TITLE, text),
            _period(text),
            tuple(path for path, is_amending in zip(files, amending, strict=True) if not is_amending),
            (found[1], found[2]) if (found := _VOCABULARY_USED.search(text)) else None,
            tuple(dict.fromkeys(_USES.findall(text))),
            tuple(dict.fromkeys(followed)),
            tuple(
                _amendment(path, text)
                for path, text, is_amending in zip(files, texts, amending, strict=True)
                if is_amending
            ),
        )
    return None


def _amendment(path: Path, text: str) -> AmendmentFile:
    header = text[_AMENDMENT.search(text).start() :]  # type: ignore[union-attr] # it was found to be one
    return AmendmentFile(path, _first(_TITLE, header), _day(_COUNTS_FROM, header), _day(_ADOPTED, header))


def _day(pattern: re.Pattern[str], text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(_first(pattern, text))
    except ValueError:
        return None


def find_vocabularies(folder: Path) -> dict[tuple[str, str], Path]:
    """The vocabulary files under a folder, by name and version."""
    found: dict[tuple[str, str], Path] = {}
    for path in _files(folder, "*.vocabulary"):
        text = _text(path)
        header = _VOCABULARY.search(text)
        if header is not None:
            found.setdefault((header[1], header[2]), path)
    return found


def find_calendars(folder: Path, names: Container[str], deep: bool) -> dict[str, list[Path]]:
    """The files of the calendars of some names in a folder; with `deep`, in the folders inside it as well."""
    found: dict[str, list[Path]] = {}
    for path in _files(folder, "*.calendar") if deep else sorted(folder.glob("*.calendar")):
        for name in _CALENDAR.findall(_text(path)):
            if name in names:
                found.setdefault(name, []).append(path)
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    root = folder.resolve()
    for count, path in enumerate(sorted(folder.rglob(pattern))):
        if count >= MOST_FILES:
            return
        if path.is_file() and path.resolve().is_relative_to(root):
            yield path


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _period(text: str) -> tuple[datetime.date, datetime.date] | None:
    match = _IN_FORCE.search(text)
    if match is None:
        return None
    try:
        return datetime.date.fromisoformat(match[1]), datetime.date.fromisoformat(match[2])
    except ValueError:
        return None


def digest_of(texts: list[tuple[str, str]]) -> str:
    """The digest of an edition: over the names and normalised texts of its files and of its vocabulary."""
    total = hashlib.sha256()
    for name, text in sorted(texts):
        total.update(name.encode("utf-8") + b"\0" + hashlib.sha256(text.encode("utf-8")).digest())
    return "sha256:" + total.hexdigest()
