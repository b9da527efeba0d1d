"""Verifies a ledger with nothing but the standard library, as docs/reference/record.md says it is done.

    python verify.py decisions.db [checkpoint.json]

It does not use the library that wrote the ledger, and decides nothing. It ends with 0 where all is as recorded, else
with 5 and a line for each fault. Of a checkpoint that is signed it does not check the signature; the page says how.
"""

import base64
import hashlib
import json
import sqlite3
import sys
from pathlib import Path

DECIDED = ("outcome", "evidence", "cohort", "texts")
NAMED = {"decision": DECIDED, "correction": DECIDED, "moderation": ("moderation",), "erasure": ("content",)}
EARLIER = {
    "decision": (),
    "correction": ("supersedes",),
    "moderation": ("record", "supersedes"),
    "erasure": ("record",),
}


def sha256(data):
    return hashlib.sha256(data).digest()


def add(parts, leaf):
    """Add the hash of a leaf to the complete parts of a tree, each with its number of leaves, the largest first."""
    count = 1
    while parts and parts[-1][0] == count:
        leaf = sha256(b"\x01" + parts.pop()[1] + leaf)
        count *= 2
    parts.append((count, leaf))


def root_of(parts):
    """The root over all leaves of the parts."""
    if not parts:
        return sha256(b"")
    root = parts[-1][1]
    for _, part in reversed(parts[:-1]):
        root = sha256(b"\x01" + part + root)
    return root


def verify(path, checkpoint=None):
    """Every fault of a ledger, as a line, and its root. Raises `sqlite3.Error` where the database cannot be read."""
    rows = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
    try:
        faults = [f"file: {line}" for (line,) in rows.execute("PRAGMA integrity_check(20)") if line != "ok"]
        if rows.execute("SELECT format FROM about").fetchall() != [("si-rules/ledger/1",)]:
            return [*faults, "file: not of the format si-rules/ledger/1"], b""
        return check(rows, faults, checkpoint)
    finally:
        rows.close()


def check(rows, faults, checkpoint):
    leaves, ids, named, cohorts, only_digest, erased = [], [], {}, {}, set(), set()
    for position, leaf, record in rows.execute("SELECT position, leaf, record FROM records ORDER BY position"):
        if position != len(leaves):
            return [*faults, f"record {len(leaves)}: the next one stands at {position}"], b""
        leaves.append(leaf if isinstance(leaf, bytes) else b"")
        ids.append(f"{position}-{leaves[-1].hex()[:12]}")
        whole = isinstance(record, bytes) and sha256(b"\x00" + record) == leaf
        found = json.loads(record) if whole else {}
        kind = found.get("kind")
        if found.get("format") != "si-rules/record/1" or kind not in NAMED or found.get("index") != position:
            faults.append(f"record {position}: not what its hash says, or of another format, kind or place")
            continue
        for name in (found[key] for key in NAMED[kind] if found[key] is not None):
            named.setdefault(name, position)
        if kind == "erasure":
            erased.add(found["content"])
        only_digest.update([found["evidence"]] if found.get("kept") == "digest" else [])
        cohorts[found.get("cohort")] = found.get("kept") == "digest"
        for name in (found[key] for key in EARLIER[kind] if found[key] is not None):
            faults += [] if name in ids[:-1] else [f"record {position}: there is no earlier {name}"]
    *of_tree, root = check_tree(rows, leaves, checkpoint)
    return [*faults, *of_tree, *check_contents(rows, named, cohorts, only_digest, erased)], root


def check_tree(rows, leaves, checkpoint):
    """The faults of the tree, and at last its root."""
    parts, roots = [], [root_of([])]
    for leaf in leaves:
        add(parts, leaf)
        roots.append(root_of(parts))
    newest = 0
    for newest, root in rows.execute("SELECT size, root FROM heads ORDER BY size"):
        if newest > len(leaves) or roots[newest] != root:
            yield f"tree: the root of {newest} records is another"
            break
    else:
        edge = rows.execute("SELECT size, parts FROM edge").fetchall()
        if newest != len(leaves):
            yield f"tree: {newest} records have a root, and there are {len(leaves)}"
        elif edge != [(newest, b"".join(part for _, part in parts))]:
            yield "tree: its edge is another"
    if checkpoint is not None:
        if checkpoint["size"] > len(leaves) or roots[checkpoint["size"]].hex() != checkpoint["root"]:
            yield f"checkpoint: the ledger does not begin with the {checkpoint['size']} records it counted"
    yield roots[-1]


def check_contents(rows, named, cohorts, only_digest, erased):
    kept, wrong = {}, set()
    for digest, salt, text, plain in rows.execute("SELECT digest, salt, content, plain FROM contents"):
        kept[digest] = "erased" if salt is None else "salt" if text is None else "whole"
        parts = [part for part in (salt, text, plain) if isinstance(part, bytes)]
        if salt is text is plain is None:
            continue
        fits = len(parts) == (2 if text is None else 3) and sha256(parts[-2]) == plain
        if not fits or (text is not None and "sha256:" + sha256(salt + text).hex() != digest):
            wrong.add(digest)
        elif text is not None and digest in cohorts:
            for member in json.loads(text)["members"]:
                named.setdefault(member, named[digest])
                only_digest.update([member] if cohorts[digest] else [])
    for digest, position in named.items():
        if digest not in kept or digest in wrong:
            yield f"record {position}: {digest} is not there, or not what it says"
        elif (kept[digest] == "erased") != (digest in erased):
            yield f"record {position}: {digest} is erased without a record, or recorded as erased and there"
        elif kept[digest] == "salt" and digest not in only_digest:
            yield f"record {position}: {digest} lacks its text"
    yield from (f"content {digest}: no record names it" for digest in kept if digest not in named)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("verify.py LEDGER [CHECKPOINT]")
    path, *more = sys.argv[1:]
    try:
        checkpoint = json.loads(Path(more[0]).read_bytes()) if more else None
        if checkpoint is not None and "payload" in checkpoint:
            checkpoint = json.loads(base64.b64decode(checkpoint["payload"]))
        faults, root = verify(path, checkpoint)
    except (OSError, sqlite3.Error, ValueError, LookupError, TypeError) as error:
        faults, root = [f"cannot be read: {error}"], b""
    print("\n".join(faults) or f"as recorded, root {root.hex()}")
    sys.exit(5 if faults else 0)


if __name__ == "__main__":
    main()
