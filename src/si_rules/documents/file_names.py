"""Names of files from the ids of subjects: safe on every system, no two the same, the same on every run."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 60
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
# Windows takes these for devices, whatever comes after a dot.
_DEVICES: Final = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789")}


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """A name for each id, without an ending: the id itself where it can be a name, else one near it with a mark.

    Nothing in an id can lead out of a folder. Names differ also where capital and small letters are the same; where
    two ids come to one name, both get a mark, so that neither depends on which was first.
    """
    known = list(dict.fromkeys(ids))
    plain = {id: _near(id) for id in known}
    often = Counter(name.casefold() for name in plain.values())
    names = {
        id: name if name == id and often[name.casefold()] == 1 else _marked(name, id, 8) for id, name in plain.items()
    }
    digits = 8
    while len({name.casefold() for name in names.values()}) < len(names):
        digits += 8  # an id that looks like a marked name of another
        names = {id: _marked(plain[id], id, digits) for id in known}
    return names


def _near(id: str) -> str:
    name = _UNSAFE.sub("-", id).strip(".-")[:LONGEST].rstrip(".-")
    return name if name and name.partition(".")[0].casefold() not in _DEVICES else f"id-{name}".rstrip("-")


def _marked(name: str, id: str, digits: int) -> str:
    return f"{name}-{hashlib.sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:digits]}"
