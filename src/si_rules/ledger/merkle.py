"""The Merkle tree of RFC 6962, section 2.1: one hash over a list of leaves, which grows at its right-hand edge."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from attrs import frozen

SIZE_OF_HASH: Final = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: SHA-256 over a zero byte and the data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node: SHA-256 over a one byte and the hashes of its two parts."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@frozen
class Edge:
    """The right-hand edge of a tree: the hash of each complete part, the largest first.

    Of a tree of 6 leaves the parts hold 4 and 2. Adding a leaf takes as many steps as the size has binary digits.
    """

    size: int = 0
    parts: tuple[bytes, ...] = ()

    def add(self, leaf: bytes) -> "Edge":
        """The edge with one more leaf, given by its hash."""
        parts, full = list(self.parts), self.size
        while full & 1:
            leaf = node_hash(parts.pop(), leaf)
            full >>= 1
        return Edge(self.size + 1, (*parts, leaf))

    @property
    def root(self) -> bytes:
        """The root: the hash over all leaves; of none, SHA-256 over nothing."""
        if not self.parts:
            return hashlib.sha256(b"").digest()
        *rest, found = self.parts
        for part in reversed(rest):
            found = node_hash(part, found)
        return found

    @property
    def is_whole(self) -> bool:
        """Whether it has the parts that its size wants."""
        return len(self.parts) == self.size.bit_count() and all(len(part) == SIZE_OF_HASH for part in self.parts)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    edge = Edge()
    for leaf in leaves:
        edge = edge.add(leaf)
    return edge.root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes with which a leaf at an index gives the root. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    cut = _cut(len(leaves))
    if index < cut:
        return [*inclusion_proof(leaves[:cut], index), root_of(leaves[cut:])]
    return [*inclusion_proof(leaves[cut:], index - cut), root_of(leaves[:cut])]


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """The hashes that show the first `earlier` leaves to be the beginning of all. Raises IndexError."""
    if not 0 < earlier <= len(leaves):
        raise IndexError(f"there was no tree of {earlier} before one of {len(leaves)}")
    return _consistency(leaves, earlier, True)


def _consistency(leaves: Sequence[bytes], earlier: int, is_known: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if is_known else [root_of(leaves)]
    cut = _cut(len(leaves))
    if earlier <= cut:
        return [*_consistency(leaves[:cut], earlier, is_known), root_of(leaves[cut:])]
    return [*_consistency(leaves[cut:], earlier - cut, False), root_of(leaves[:cut])]


def includes(root: bytes, size: int, leaf: bytes, index: int, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the leaf of this hash stands at an index of the tree with this root and size."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(part, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, part)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_continued(earlier_root: bytes, earlier: int, root: bytes, size: int, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree with the one root and size begins with all the leaves of the earlier one."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path = [earlier_root, *path]
    if not path:
        return False
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(part, old), node_hash(part, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, part)
        place, last = place >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root


def _cut(size: int) -> int:
    """The largest power of two under a size of two or more."""
    return int(1 << ((size - 1).bit_length() - 1))
