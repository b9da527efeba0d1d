"""The kept core of policies already loaded: a JSON text in the user's own cache folder, found by digest.

The key covers the files of the edition, its vocabulary, the grammar and the version of the library, so
a kept core is never stale; what cannot be read is made again.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from si_rules._version import __version__
from si_rules.semantics import core
from si_rules.semantics.encoding import decode, encode
from si_rules.shipped import grammar_digest, user_cache_folder


def key_of(digest: str) -> str:
    """The key under which the core of an edition is kept."""
    return hashlib.sha256(f"{digest} {grammar_digest()} {__version__} {core.LANGUAGE}".encode()).hexdigest()


def kept_core(digest: str) -> core.Core | None:
    """The core of an edition, if it was kept and is whole."""
    path = _path(digest)
    if path is None:
        return None
    try:
        check, _, text = path.read_text(encoding="utf-8").partition("\n")
        if check != hashlib.sha256(text.encode("utf-8")).hexdigest():
            return None
        return decode(text)
    except (OSError, ValueError):
        return None


def keep_core(digest: str, policy: core.Core) -> None:
    """Keep a core; does nothing where there is no cache folder. Readers see the old file or the whole new one."""
    path = _path(digest)
    if path is None:
        return
    text = encode(policy)
    whole = hashlib.sha256(text.encode("utf-8")).hexdigest() + "\n" + text
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(whole)
        Path(name).replace(path)
    except OSError:
        return


def _path(digest: str) -> Path | None:
    folder = user_cache_folder()
    return None if folder is None else folder / f"core-{key_of(digest)}.json"
