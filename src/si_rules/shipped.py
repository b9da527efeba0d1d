"""Where things lie: the grammar and the policies that come with the library, and what may be kept in between.

In an installed wheel grammar and policies are folders inside the package; in a checkout (and so in an
editable install) they are the top-level folders `grammar/` and `policies/`. This is the only place that knows.
"""

import hashlib
import os
import stat
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def _locate(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _CHECKOUT / name


def grammar_folder() -> Path:
    """The folder of the `*.lark` files."""
    return _locate("grammar")


def policies_folder() -> Path:
    """The folder of the policies and vocabularies shipped with the library."""
    return _locate("policies")


def codes_folder() -> Path:
    """The folder of what the codes of diagnostics mean, one file each."""
    return _PACKAGE / "source" / "codes"


def letters_folder() -> Path:
    """The folder of the plain letter, for policies that bring none of their own."""
    return _PACKAGE / "documents" / "plain_letter"


@cache
def grammar_digest() -> str:
    """A digest of the grammar files, part of every cache key."""
    digest = hashlib.sha256()
    for path in sorted(grammar_folder().glob("*.lark")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def user_cache_folder() -> Path | None:
    """The folder for what can be made again, private to the user; None where it cannot be made, is not theirs, or others may write to it.

    `SI_RULES_CACHE` names another folder; empty, it means none.
    """
    named = os.environ.get("SI_RULES_CACHE")
    if named == "":
        return None
    try:
        base = os.environ.get("XDG_CACHE_HOME")
        folder = Path(named) if named else (Path(base) if base else Path.home() / ".cache") / "si-rules"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & stat.S_IWOTH):
            return None  # somebody else could put something there
    except (OSError, RuntimeError):  # RuntimeError: nobody's home
        return None
    return folder
