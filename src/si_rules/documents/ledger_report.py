"""The auditor's report on one decision of a ledger: what was decided, by which rules, on which evidence, and the proof."""

import datetime
import json
from collections.abc import Iterator
from typing import Any, Final

from attrs import define, field, frozen

from si_rules.decisions.decision import Decision
from si_rules.decisions.telling import day_text
from si_rules.documents.as_html import CLOSING, STYLE, html, opening
from si_rules.documents.blocks import Block, Heading, Item, Items, Notice, Table, Text, Verbatim
from si_rules.documents.decision_blocks import decision_blocks, explained_items, section
from si_rules.documents.escaping import one_line
from si_rules.evidence.exact_json import NotJson, loads
from si_rules.ledger.checkpoint import Checkpoint
from si_rules.ledger.ledger import Ledger
from si_rules.ledger.merkle import leaf_hash
from si_rules.ledger.proof import Proof
from si_rules.ledger.record import DECIDED, MODERATION, Entry, digest_of_content
from si_rules.ledger.replaying import SAME, Replayed
from si_rules.ledger.store import LedgerError
from si_rules.ledger.verifying import Verified
from si_rules.policy import Policy
from si_rules.source.screening import read_source

_MOST_ROWS: Final = 2_000
_OF_TEXT: Final = "pre { white-space: pre-wrap; border-left: 3px solid #999; padding: .3em .8em; font-size: .85em; }\n"


@frozen
class LedgerReport:
    """The report as a page that needs nothing else, and whether everything it tells is as it should be.

    `is_sound` is false where the ledger is at fault anywhere, the record does not stand in the tree, or the decision does
    not come out the same again: the page then says so.
    """

    html: str
    is_sound: bool


def report_on(ledger: Ledger, record: str, checkpoint: Checkpoint | None = None) -> LedgerReport:
    """The report on a decision of a ledger; `record` is its id or its number.

    Nothing is read but the ledger. Raises `LedgerError` where there is no such record, or it decides nothing.
    """
    entry = ledger.find(record)
    if entry.kind not in DECIDED:
        raise LedgerError(f"{entry.id} is no decision")
    proof = ledger.proof(entry.id)
    return _Report(ledger, entry, proof, ledger.verify(checkpoint), ledger.replay(entry.id), checkpoint).made()


@define
class _Report:
    ledger: Ledger
    entry: Entry
    proof: Proof
    verified: Verified
    replayed: Replayed
    checkpoint: Checkpoint | None
    _decision: Decision | None = field(init=False, default=None)

    def made(self) -> LedgerReport:
        said = self.ledger.outcome(self.entry.id)
        if self.replayed.status == SAME:
            self._decision = self.ledger.decision(self.entry.id)
        stands = self._stands()
        sound = self.verified.is_sound and stands and self.replayed.status == SAME
        subject = said["subject"]
        title = f"Decision {self.entry.id}: {subject.get('label') or subject['id']}"
        blocks = [
            Heading(1, title),
            Text("An auditor's report. It was made from the ledger alone, and needs nothing else to be read."),
            *self._summary(stands),
            Heading(2, "The record"),
            self._record(said),
            *section(2, "Records that came after it", self._later()),
            *self._decided(said),
            *self._evidence(),
            *self._proof(stands),
        ]
        return LedgerReport(f"{opening(title, STYLE + _OF_TEXT)}{html(blocks)}{CLOSING}", sound)

    # ---- what it comes to
    def _summary(self, stands: bool) -> Iterator[Block]:
        faults = len(self.verified.faults)
        whole = (
            "every record is as it was recorded"
            if not faults
            else f"{faults} fault{'s' if faults > 1 else ''} in it, told below"
        )
        tree = "it stands in the tree of the ledger" if stands else "IT DOES NOT STAND IN THE TREE OF THE LEDGER"
        against = ""
        if self.checkpoint is not None:
            against = f" It was held against a checkpoint of {self.checkpoint.size} records that was kept elsewhere."
        again = {SAME: "it comes out the same, to the last step of its explanation"}.get(
            self.replayed.status, f"{self.replayed.status}: {self.replayed.why}"
        )
        yield Notice(
            (
                Text(f"{whole}.{against}", "The ledger:"),
                Text(f"{tree}.", "This record:"),
                Text(f"{again}.", "Decided again, by the text and on the evidence that the ledger keeps:"),
            )
        )

    def _record(self, said: dict[str, Any]) -> Table:
        document, decided = self.entry.document, self._decision
        audience, policy = document["audience"], document["policy"]
        amended = decided.policy.amendments if decided is not None else ()
        in_force = f", in force {' to '.join(map(str, decided.policy.in_force))}" if decided is not None else ""
        rows = [
            ("Record", f"{self.entry.id}, number {self.entry.index} of {self.proof.checkpoint.size}, counted from 0"),
            ("About", f"{said['subject']['kind']} {said['subject']['id']}"),
            ("Decided on", day_text(datetime.date.fromisoformat(document["on"]))),
            ("On what was known on", day_text(datetime.date.fromisoformat(document["known_at"]))),
            ("Policy", f"{policy['id']} {policy['edition']}{in_force}"),
            *(("Amended", f"{item.title} (from {item.first}, adopted {item.adopted})") for item in amended),
            ("Digest of its text", policy["digest"]),
            ("Made for", "everybody there is" if audience is None else ", ".join(audience)),
            ("By", f"si_rules {document['library']}, version {document['language']} of the language"),
        ]
        if document["as_if"]:
            rows.append(("As if", "the policy was not in force on that day"))
        if "supersedes" in document:
            rows.append(("Takes the place of", f"{document['supersedes']}, by {document['by']}: {document['why']}"))
        return Table(("What", "As recorded"), tuple(rows))

    def _later(self) -> Iterator[Item]:
        """The records that take its place or erase its evidence."""
        try:
            for entry in self.ledger.records():
                document = entry.document
                if document.get("supersedes") == self.entry.id:
                    yield Item(f"took its place, by {document['by']}: {document['why']}", f"{entry.id}:")
                if entry.kind == MODERATION and document["record"] == self.entry.id:
                    yield Item(self._moderated(entry.id), f"{entry.id}:")
                if document.get("content") == self.entry.document["evidence"]:
                    yield Item(f"erased its evidence, by {document['by']}: {document['why']}", f"{entry.id}:")
        except LedgerError as error:
            yield Item(f"the records cannot all be read: {error}")

    def _moderated(self, record: str) -> str:
        try:
            found = self.ledger.moderation(record)
        except LedgerError as error:
            return f"a moderation: {error}"
        to = found.moderated_outcome
        return f"moderated on {day_text(found.date)}, {found.classification}: {to}, by {found.author}: {found.reason}"

    # ---- what was decided, and by what
    def _decided(self, said: dict[str, Any]) -> Iterator[Block]:
        decision = self._decision
        if decision is None:
            yield Heading(2, "What it came to, as it was recorded")
            yield Verbatim(json.dumps(said, ensure_ascii=False, indent=2))
            return
        yield from decision_blocks(decision.account(), {})
        yield from self._rules(self.ledger.policy(self.entry.id), decision)
        yield from section(2, "The whole explanation", explained_items(decision.explain().items))

    def _text(self, digest: str) -> bytes:
        content = self.ledger.store.content(digest)
        if content is None or content.text is None or content.salt is None:
            raise LedgerError("it was erased, or is not in the ledger")
        if digest_of_content(content.salt, content.text) != digest:
            raise LedgerError("it is not what its digest says")
        return content.text

    def _rules(self, policy: Policy, decision: Decision) -> Iterator[Block]:
        """The rules on which the decision rests, each with its paragraph, as the author wrote them."""
        core = policy.core_on(decision.on, decision.known_at)
        because = [name for found in decision.classifications.values() for name in found.because]
        held = [item.id for item in decision.triggers if item.status == "holds"]
        names = [name for name in dict.fromkeys((*because, *held)) if name in core.rules]
        if names:
            yield Heading(2, "The rules it rests on, as they are written")
        for name in names:
            rule = core.rules[name]
            cites = "; ".join(f"{core.sources.get(c.source, c.source)}, {c.place}" for c in rule.cites)
            yield Text(rule.title, f"{name}:", cites)
            text = _written(policy, rule.origin.file, rule.origin.line)
            if text:
                yield Verbatim(text)
            for owned in rule.interpretations:
                yield Text(core.interpretations.get(owned, ""), f"Interpretation {owned}:")

    # ---- the evidence
    def _evidence(self) -> Iterator[Block]:
        yield Heading(2, "The evidence, as it was given")
        yield Text(
            "All of it, whoever the decision was made for: this page is for the auditor, and no more public than that."
        )
        try:
            data = loads(self._text(self.entry.document["evidence"]))
        except (LedgerError, NotJson) as error:
            yield Text(f"It cannot be shown: {error}. Its digest is {self.entry.document['evidence']}.")
            return
        rows = list(_rows(data))
        yield Table(("What", "As given"), tuple(rows[:_MOST_ROWS]))
        if len(rows) > _MOST_ROWS:
            yield Text(f"{len(rows) - _MOST_ROWS} further rows are left out here; the ledger has them.")

    # ---- the proof
    def _stands(self) -> bool:
        """Whether the record is a leaf of the tree of the ledger as it is, at its place."""
        try:
            self.proof.check(Checkpoint(self.verified.size, self.verified.root))
        except LedgerError:
            return False
        return True

    def _proof(self, stands: bool) -> Iterator[Block]:
        leaf, checkpoint = self.proof.record, self.proof.checkpoint
        yield Heading(2, "The proof")
        yield Text(
            "The records of the ledger are the leaves of a Merkle tree (RFC 6962, section 2.1). Hashed together with the hashes "
            "below, in their order, this record gives the root. Whoever has kept a checkpoint with that root and that "
            "number of records can see from this page alone that the record was in the ledger then."
        )
        yield Table(
            ("What", "Is"),
            (
                ("Number of records", str(checkpoint.size)),
                ("Root", checkpoint.root),
                ("Place of this record, from 0", str(self.entry.index)),
                ("Hash of its leaf", leaf_hash(leaf).hex()),
                ("Leads to the root", "yes" if stands else "no"),
            ),
        )
        way = (Item(part, f"{number}.") for number, part in enumerate(self.proof.path, 1))
        yield from section(3, "Hashes on the way to the root", way)
        text = leaf.decode("utf-8")
        plain = one_line(text) == text  # else a page could not show its bytes as they are
        yield Heading(3, "The record itself, the bytes of the leaf" + ("" if plain else ", in hexadecimal"))
        yield Verbatim(text if plain else leaf.hex())
        if not self.verified.is_sound:
            yield Heading(3, "Faults of the ledger")
            yield Items(Item(str(fault)) for fault in self.verified.faults)


def _rows(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a JSON text with its place, in the order in which it was given."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _rows(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _rows(item, f"{place} {number}")
        if not value:
            yield place, "none"
    elif value is not None:
        yield place, {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _written(policy: Policy, file: str, line: int) -> str:
    """A rule as it stands in its file: its line, and those set in under it."""
    name = file.replace("\\", "/").rpartition("/")[2]
    own = f"{policy.id} {policy.edition}"
    data = next((item.data for item in policy.files if item.name == name and item.of == own), None)
    if data is None:
        return ""
    lines = read_source(name, data)[0].text.split("\n")
    first = lines[line - 1]
    depth = len(first) - len(first.lstrip(" "))
    found = [first]
    for text in lines[line:]:
        if text.strip() and len(text) - len(text.lstrip(" ")) <= depth:
            break
        found.append(text)
    while found and (not found[-1].strip() or found[-1].lstrip().startswith("#")):
        found.pop()
    return "\n".join(text[depth:] for text in found)
