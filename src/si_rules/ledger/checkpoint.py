"""A checkpoint: how many records a ledger held, and the root over them, kept elsewhere to hold the ledger against later."""

import re
from collections.abc import Iterable
from typing import Any, Final

from attrs import frozen

from si_rules.ledger.record import read_json
from si_rules.ledger.store import LedgerError
from si_rules.source.canonical import canonical
from si_rules.source.signing import Envelope, PrivateKey, PublicKey

FORMAT: Final = "si-rules/checkpoint/1"
PAYLOAD_TYPE: Final = "application/vnd.si-rules.checkpoint+json"
MOST_BYTES: Final = 10_000
_ROOT: Final = re.compile(r"[0-9a-f]{64}")


@frozen
class Checkpoint:
    """That a ledger held `size` records, over which the root, hexadecimal, was `root`.

    By itself it says nothing of who made it: sign it, or keep it where whoever may write to the ledger may not.
    """

    size: int
    root: str

    def to_json(self) -> str:
        """The text of its file, a line, without a signature."""
        return canonical({"format": FORMAT, "size": self.size, "root": self.root}).decode() + "\n"

    def signed(self, key: PrivateKey) -> bytes:
        """The bytes of its file with a signature: an envelope (DSSE)."""
        return key.sign(PAYLOAD_TYPE, self.to_json().encode())

    @classmethod
    def from_json(cls, data: bytes) -> "Checkpoint":
        """The checkpoint of a file without a signature. Raises `LedgerError` for anything else."""
        if len(data) > MOST_BYTES:
            raise LedgerError("it is too long for a checkpoint")
        return cls.from_document(read_json(data))

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Checkpoint":
        """The checkpoint of a JSON object. Raises `LedgerError` where it is none."""
        if document.get("format") != FORMAT:
            raise LedgerError(f"its format is {document.get('format')!r}; this version reads {FORMAT}")
        size, root = document.get("size"), document.get("root")
        if type(size) is not int or size < 0 or not isinstance(root, str) or not _ROOT.fullmatch(root):
            raise LedgerError("it has no size and root")
        return cls(size, root)

    @classmethod
    def read(cls, data: bytes, keys: Iterable[PublicKey] = ()) -> "Checkpoint":
        """The checkpoint of a file, signed or not; with keys, one of them must have signed it.

        Without keys a signature is not looked at. Raises `LedgerError` for what is no checkpoint or is not signed though
        keys are given, `SigningError` for a signature that does not hold, and `ExtraMissing`.
        """
        wanted = list(keys)
        if not Envelope.is_one(data[:MOST_BYTES]):
            if wanted:
                raise LedgerError("it is not signed")
            return cls.from_json(data)
        envelope = Envelope.read(data, PAYLOAD_TYPE, MOST_BYTES)
        if wanted:
            envelope.check(wanted)
        return cls.from_json(envelope.payload)
