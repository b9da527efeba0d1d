"""A checkpoint: how many records a ledger held, and the root over them, kept elsewhere to hold the ledger against later."""

import re
from typing import Final

from attrs import frozen

from si_rules.ledger.record import read_json
from si_rules.ledger.store import LedgerError
from si_rules.source.canonical import canonical

FORMAT: Final = "si-rules/checkpoint/1"
MOST_BYTES: Final = 10_000
_ROOT: Final = re.compile(r"[0-9a-f]{64}")


@frozen
class Checkpoint:
    """That a ledger held `size` records, over which the root, hexadecimal, was `root`.

    It says nothing of who made it: keep it where whoever may write to the ledger may not.
    """

    size: int
    root: str

    def to_json(self) -> str:
        """The text of its file, a line."""
        return canonical({"format": FORMAT, "size": self.size, "root": self.root}).decode() + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> "Checkpoint":
        """The checkpoint of a file. Raises `LedgerError` for anything else."""
        if len(data) > MOST_BYTES:
            raise LedgerError("it is too long for a checkpoint")
        document = read_json(data)
        if document.get("format") != FORMAT:
            raise LedgerError(f"its format is {document.get('format')!r}; this version reads {FORMAT}")
        size, root = document.get("size"), document.get("root")
        if type(size) is not int or size < 0 or not isinstance(root, str) or not _ROOT.fullmatch(root):
            raise LedgerError("it has no size and root")
        return cls(size, root)
