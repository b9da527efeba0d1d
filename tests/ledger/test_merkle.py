"""The tree of RFC 6962: published roots and proofs, an independent definition, and what no proof may show."""

import hashlib

import pytest
from hypothesis import given, strategies as st

from si_rules.ledger.merkle import (
    Edge,
    consistency_proof,
    includes,
    inclusion_proof,
    is_continued,
    leaf_hash,
    root_of,
)

# The leaves, roots and proofs with which the reference implementation of certificate transparency tests itself.
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
LEAVES = [leaf_hash(data) for data in INPUTS]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, ROOTS[3]]), (2, 3, [ROOTS[1]]), (1, 5, [ROOTS[0], B, D])]
CONSISTENCY = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[3]]), (2, 5, [B, D])]


def by_definition(inputs: list[bytes]) -> bytes:
    """Section 2.1 as it stands, by recursion."""
    if not inputs:
        return hashlib.sha256(b"").digest()
    if len(inputs) == 1:
        return hashlib.sha256(b"\x00" + inputs[0]).digest()
    cut = 1
    while cut * 2 < len(inputs):
        cut *= 2
    return hashlib.sha256(b"\x01" + by_definition(inputs[:cut]) + by_definition(inputs[cut:])).digest()


def hexes(proof: list[bytes]) -> list[str]:
    return [part.hex() for part in proof]


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots(size: int) -> None:
    """The first leaves give the published root of their number."""
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int, proof: list[str]) -> None:
    """A proof that a leaf is in a tree is the published one, and is accepted."""
    assert hexes(inclusion_proof(LEAVES[:size], index)) == proof
    assert includes(bytes.fromhex(ROOTS[size - 1]), size, LEAVES[index], index, [bytes.fromhex(p) for p in proof])


@pytest.mark.parametrize(("earlier", "size", "proof"), CONSISTENCY)
def test_published_consistency_proofs(earlier: int, size: int, proof: list[str]) -> None:
    """A proof that a tree continues another is the published one, and is accepted."""
    assert hexes(consistency_proof(LEAVES[:size], earlier)) == proof
    roots = bytes.fromhex(ROOTS[earlier - 1]), bytes.fromhex(ROOTS[size - 1])
    assert is_continued(roots[0], earlier, roots[1], size, [bytes.fromhex(p) for p in proof])


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_growing_edge_gives_the_root_of_the_definition(inputs: list[bytes]) -> None:
    """Whatever the leaves, adding them one by one gives the root that the definition gives of all."""
    edge = Edge()
    for data in inputs:
        edge = edge.add(leaf_hash(data))
        assert edge.is_whole
    assert edge.root == by_definition(inputs)


def test_every_proof_of_every_size() -> None:
    """Up to 33 leaves, each leaf is proved to be where it is and nowhere else, and each tree to continue each earlier one."""
    leaves = [leaf_hash(bytes([n])) for n in range(33)]
    for size in range(1, 34):
        root = root_of(leaves[:size])
        for index in range(size):
            proof = inclusion_proof(leaves[:size], index)
            assert includes(root, size, leaves[index], index, proof)
            assert not includes(root, size, leaves[index], (index + 1) % size, proof) or size == 1
            assert not includes(root, size, leaf_hash(b"other"), index, proof)
        for earlier in range(1, size + 1):
            proof, before = consistency_proof(leaves[:size], earlier), root_of(leaves[:earlier])
            assert is_continued(before, earlier, root, size, proof)
            assert not is_continued(leaf_hash(b"other"), earlier, root, size, proof)
            assert not is_continued(before, earlier, leaf_hash(b"other"), size, proof)


@given(st.integers(2, 40), st.data())
def test_a_changed_proof_is_refused(size: int, data: st.DataObject) -> None:
    """A proof with one bit changed, or a part more or less, is not accepted."""
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(leaves, index), root_of(leaves)
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = data.draw(st.integers(0, 255))
    changed = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
    for wrong in ([*proof[:at], changed, *proof[at + 1 :]], proof[:-1], [*proof, proof[0]], [proof[0], *proof]):
        assert not includes(root, size, leaves[index], index, wrong)


def test_no_proof_of_what_is_not_there() -> None:
    """A leaf past the end, and a tree longer than the present one, have no proof."""
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)
    assert not includes(bytes.fromhex(ROOTS[7]), 8, LEAVES[0], 8, [])
