"""The letters that lie beside an edition, or in a folder of a council's own: which there are, and their templates.

A folder of letters holds `letters.toml`, which says what letters there are, templates `NAME.md.jinja` and
`NAME.html.jinja`, and, for pages, `letters.css`. A template whose name begins with `_` is a part of others. Only files in the folder itself are read, never what a link in it
leads to, so no name in a template can reach another file.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

FOLDER: Final = "letters"
DECLARATION: Final = "letters.toml"
STYLE: Final = "letters.css"
MOST_BYTES: Final = 100_000
MOST_FILES: Final = 100
_NAME: Final = re.compile(r"_?[a-z0-9][a-z0-9_-]{0,60}(\.md\.jinja|\.html\.jinja)")


class LettersUnusable(ValueError):
    """The letters of a folder cannot be used; the message says what is wrong in which file and line."""


@frozen
class LetterFiles:
    """The files of a folder of letters: the declaration, the templates by name, the style, and a digest of each file."""

    folder: str
    declaration: str
    templates: dict[str, str]
    style: str | None
    digests: dict[str, str]


def letters_beside(folder: Path) -> Path | None:
    """The folder of letters beside the files of an edition, if there is one."""
    place = folder / FOLDER
    return place if place.is_dir() and not place.is_symlink() else None


def read_letters(folder: Path) -> LetterFiles:
    """The files of a folder of letters. Raises `LettersUnusable` where it has no declaration or one cannot be read."""
    texts: dict[str, str] = {}
    digests: dict[str, str] = {}
    for path in _files(folder):
        data = _bytes(path)
        try:
            texts[path.name] = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            raise LettersUnusable(f"{path.name}: the file is not UTF-8") from None
        digests[path.name] = "sha256:" + hashlib.sha256(data).hexdigest()
    if DECLARATION not in texts:
        raise LettersUnusable(f"there is no {DECLARATION} in {folder}: it says which letters there are")
    templates = {name: text for name, text in texts.items() if _NAME.fullmatch(name)}
    return LetterFiles(folder.name, texts[DECLARATION], templates, texts.get(STYLE), digests)


def _files(folder: Path) -> Iterator[Path]:
    """The files that count, in order of their names; others are passed over."""
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        raise LettersUnusable(f"{folder}: {(error.strerror or 'cannot be read').lower()}") from None
    wanted = [path for path in found if path.name in (DECLARATION, STYLE) or _NAME.fullmatch(path.name)]
    if len(wanted) > MOST_FILES:
        raise LettersUnusable(f"{folder} holds more than {MOST_FILES} templates")
    for path in wanted:
        if path.is_symlink() or not path.is_file():
            raise LettersUnusable(f"{path.name}: is a link or a folder; put the file itself into {folder}")
        yield path


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise LettersUnusable(f"{path.name}: {(error.strerror or 'cannot be read').lower()}") from None
    if len(data) > MOST_BYTES:
        raise LettersUnusable(f"{path.name}: is larger than {MOST_BYTES:,} bytes")
    return data
