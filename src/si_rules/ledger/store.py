"""What keeps the rows of a ledger must do, whatever database it is."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol

from attrs import frozen

from si_rules.ledger.merkle import Edge

FORMAT: Final = "si-rules/ledger/1"


class LedgerError(Exception):
    """A ledger cannot be opened, read or written, or is not what it should be; the message says how, in a sentence."""


@frozen
class Row:
    """A record as it stands: its position, counted from 0, the hash of its leaf, and its bytes."""

    position: int
    leaf: bytes
    record: bytes


@frozen
class Head:
    """The root of the tree when it had a size: one is kept each time something was recorded."""

    size: int
    root: bytes


@frozen
class Content:
    """What records name by a digest and do not hold: evidence, a cohort, the text of an edition.

    `digest` is `sha256:` and the SHA-256 over the salt and the text. `plain` is the SHA-256 over the text alone, by which the
    same text is kept only once. Of evidence that the council keeps itself there is the salt, and `plain` is the SHA-256 over
    that. All three are None where it was erased.
    """

    digest: str
    salt: bytes | None
    text: bytes | None
    plain: bytes | None


class Writing(Protocol):
    """One transaction that adds: what it does is there whole, and on the disk, once it has ended without an error."""

    @property
    def edge(self) -> Edge:
        """The edge of the tree as it stands."""

    def digests_of(self, plains: Sequence[bytes]) -> dict[bytes, str]:
        """Of texts, each given by its plain hash, the digest under which it is kept; those only that are."""

    def keep(self, contents: Sequence[Content]) -> None:
        """Keep contents."""

    def add(self, records: Sequence[bytes]) -> Edge:
        """Add records at the end. Gives the edge after them."""

    def erase(self, digest: str) -> None:
        """Forget text and salt of a content; its digest stays."""


class Store(Protocol):
    """Keeps rows. Every method raises `LedgerError`, with a sentence, where the database fails."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Begin to write, after every other writer. An error inside undoes all of it."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Inside, every question is answered as of one moment, whatever others write meanwhile."""

    def size(self) -> int:
        """How many records there are."""

    def rows(self) -> Iterator[Row]:
        """Every record, in order."""

    def row(self, position: int) -> Row | None:
        """The record at a position."""

    def leaves(self, size: int) -> list[bytes]:
        """The hashes of the first so many leaves."""

    def heads(self) -> Iterator[Head]:
        """Every head, the smallest first."""

    def edge(self) -> Edge:
        """The edge of the tree as it is kept."""

    def content(self, digest: str) -> Content | None:
        """The content of a digest."""

    def contents(self) -> Iterator[Content]:
        """Every content."""

    def own_faults(self) -> list[str]:
        """What the database itself finds wrong with its file."""

    def leave_no_trace(self) -> None:
        """Have what was erased nowhere on the disk any more, as far as nobody else reads just now."""

    def close(self) -> None:
        """End. What was recorded stays."""
