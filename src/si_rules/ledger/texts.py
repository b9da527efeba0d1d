"""The text of an edition as a ledger keeps it: every file that went into it, so that it can be loaded without the disk's own."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from si_rules.ledger.record import read_json
from si_rules.ledger.store import LedgerError
from si_rules.library.editions import edition_in
from si_rules.policy import Policy, load_edition
from si_rules.source.canonical import canonical
from si_rules.source.diagnostics import PolicyError
from si_rules.source.screening import read_source
from si_rules.source.text import EditionFile

# Folders above a loaded edition are looked into for what it uses: these have nothing in them.
_EMPTY_ABOVE = Path("a") / "b" / "c" / "d" / "e"


def texts_of(policy_id: str, edition: str, files: Iterable[EditionFile]) -> bytes:
    """The canonical bytes of an edition's text, line ends normalised, its files in order."""
    found = {(file.of, file.name, read_source(file.name, file.data)[0].text) for file in files}
    listed = [{"of": of, "name": name, "text": text} for of, name, text in sorted(found)]
    return canonical({"id": policy_id, "edition": edition, "files": listed})


def load_texts(data: bytes) -> Policy:
    """The policy of a kept text. Raises `LedgerError` where it is no such text, or this version cannot use it."""
    document = read_json(data)
    files = [_file(item) for item in document.get("files") or ()]
    own = f"{document.get('id')} {document.get('edition')}"
    places = {of: f"{number:04d}" for number, of in enumerate(dict.fromkeys(of for of, _, _ in files))}
    with tempfile.TemporaryDirectory(prefix="si-rules-") as name:
        root = Path(name) / _EMPTY_ABOVE
        written: list[Path] = []
        for of, file, text in files:
            path = root / places[of] / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            written += [path] if of == own else []
        edition = edition_in(written) if written else None
        if edition is None:
            raise LedgerError(f"the kept text holds no policy {own}")
        try:
            return load_edition(edition, root)
        except PolicyError as error:
            raise LedgerError(f"this version cannot use the kept text: {error.diagnostics[0].message}") from None


def _file(item: Any) -> tuple[str, str, str]:
    """A file of a kept text. Its name goes into a path: one that leads elsewhere is refused."""
    if not isinstance(item, dict) or not all(isinstance(item.get(key), str) for key in ("of", "name", "text")):
        raise LedgerError("the kept text is not that of an edition")
    name = item["name"]
    if name in ("", ".", "..") or any(sign in name for sign in "/\\:\0"):
        raise LedgerError(f"the kept text has a file called {name!r}")
    return item["of"], name, item["text"]
