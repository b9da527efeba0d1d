"""The rows of other engines: their speed beside Python written by hand, their agreement, and what they say of gaps."""

from benchmarks.decision import two_valued
from benchmarks.decision.agreement import on_missing
from benchmarks.decision.evidence import Plain
from benchmarks.peers.finding import installed, loaded
from benchmarks.timing import ROUNDS, Row, paired, paired_whole, row

BATCH: int = 4_000  # records of a batch; a loop is as quick for more


def peers(full: list[Plain], gappy: list[Plain], rounds: int = ROUNDS, slice_: float = 0.12) -> list[Row]:
    """The rows of every engine that is installed."""
    return [found for name in installed() for found in of_one(name, full, gappy, rounds, slice_)]


def of_one(name: str, full: list[Plain], gappy: list[Plain], rounds: int, slice_: float) -> list[Row]:
    """The rows of one engine. What it keeps of a batch is measured on fewer records, and its speed scaled to all."""
    peer = loaded(name)
    prefix = f"peer_{name}"
    rows = [paired(two_valued.decide, full, peer.single, full, rounds, slice_).row(f"{prefix}_single", note=peer.takes)]
    if peer.traced is not None:
        found = paired(two_valued.decide, full, peer.traced, full, rounds, slice_)
        rows.append(found.row(f"{prefix}_traced", note="with its trace"))
    few = full[:BATCH]
    found = paired_whole(two_valued.decide_all, full, peer.batch, few, min(rounds, 5))
    rows.append(found.row(f"{prefix}_batch", note=f"answers kept, on {len(few):,} records"))
    compared = full[:2000]
    agreeing = sum(peer.answer(peer.single(record)) == two_valued.decide(record) for record in compared)
    rows.append(row(f"{prefix}_agreement", agreeing / len(compared), "of the answers", note="complete records"))
    asked = gappy[:400]
    said = on_missing(peer.single, peer.answer, asked)
    told = ", ".join(f"{count} {what}" for what, count in sorted(said.items()))
    unsafe = said["definite where unknown"] + said["wrong"]
    rows.append(row(f"{prefix}_definite_where_unknown", unsafe, "records", note=f"of {len(asked)} with gaps: {told}"))
    return rows
