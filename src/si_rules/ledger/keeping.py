"""What records name and do not hold, each kept once: outcomes, evidence, cohorts, moderations, texts of editions."""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from attrs import define, field, frozen
from pydantic_core import to_json

from si_rules.decisions.basis import Basis, Cohort, Held
from si_rules.decisions.decision import Decision
from si_rules.evidence.facts import FactsOf
from si_rules.evidence.tables.lines import line_of
from si_rules.ledger.outcome import explanation_digest, outcome_of
from si_rules.ledger.record import BY_DIGEST, WHOLE, Named, digest_of_content
from si_rules.ledger.store import Content, LedgerError, Writing
from si_rules.ledger.texts import load_texts, texts_of
from si_rules.source.canonical import canonical

Keep: TypeAlias = Literal["whole", "digest"]
_BYTES_OF_SALT: Final = 16


@frozen
class Text:
    """Bytes to be kept, and the SHA-256 over them."""

    data: bytes
    plain: bytes

    @classmethod
    def of(cls, data: bytes) -> "Text":
        """Bytes with their hash."""
        return cls(data, hashlib.sha256(data).digest())


@frozen
class Prepared:
    """A decision with all its record names, before it has a place."""

    decision: Decision
    audience: frozenset[str] | None
    outcome: Text
    evidence: Text
    cohort: Cohort | None
    texts: Text
    explanation: str


@define
class Preparing:
    """Makes what decisions are recorded with."""

    _texts: dict[tuple[str, str, str], Text] = field(factory=dict)

    def prepared(self, decision: Decision) -> Prepared:
        """What a decision is recorded with. Raises `LedgerError` for one that was not made by `Policy.decide`."""
        held = decision.kept
        if not isinstance(held, Held) or not isinstance(held.read, FactsOf):
            raise LedgerError("only a decision as `Policy.decide` gives it can be recorded")
        outcome = outcome_of(decision)
        said, evidence = Text.of(to_json(outcome)), Text.of(evidence_line(held.read))
        texts = self._texts_of(decision, held.basis)
        return Prepared(decision, held.roles, said, evidence, held.cohort, texts, explanation_digest(outcome))

    def _texts_of(self, decision: Decision, basis: Basis) -> Text:
        policy = decision.policy
        key = policy.id, policy.edition, policy.digest
        if key not in self._texts:
            self._texts[key] = Text.of(texts_of(policy.id, policy.edition, basis.files))
        return self._texts[key]


@define
class Keeping:
    """Gathers the contents of one transaction, each once: those that are not in the ledger yet are in `new`."""

    writing: Writing
    keep: Keep = "whole"
    new: list[Content] = field(factory=list)
    _known: dict[bytes, str | None] = field(factory=dict)  # None: asked, and not kept yet
    _cohorts: dict[int, str] = field(factory=dict)

    def look_up(self, texts: Iterable[Text]) -> None:
        """Ask at once which of many texts are kept already."""
        plains = [plain for plain in dict.fromkeys(text.plain for text in texts) if plain not in self._known]
        self._known |= dict.fromkeys(plains)
        self._known |= self.writing.digests_of(plains)

    def named(self, item: Prepared) -> Named:
        """The digests of what the record of a decision names. Raises `LedgerError`."""
        return Named(
            self.kept(item.outcome),
            self._evidence(item.evidence),
            None if item.cohort is None else self._cohort(item.cohort),
            self._edition(item),
            self.keep,
        )

    def kept(self, text: Text, salted: bool = True) -> str:
        """The digest of a text, which is kept if it is not yet. A salt keeps it from being guessed once it is erased."""
        self.look_up([text])
        known = self._known[text.plain]
        if known is None:
            salt = secrets.token_bytes(_BYTES_OF_SALT) if salted else b""
            known = self._known[text.plain] = digest_of_content(salt, text.data)
            self.new.append(Content(known, salt, text.data, text.plain))
        return known

    def _edition(self, item: Prepared) -> str:
        """The text of the edition that decided. It is tried when it is new: it must give the very same policy."""
        self.look_up([item.texts])
        policy = item.decision.policy
        if self._known[item.texts.plain] is None and load_texts(item.texts.data).digest != policy.digest:
            raise LedgerError(f"the text of {policy.id} {policy.edition} does not give the policy that decided")
        return self.kept(item.texts, salted=False)

    def _evidence(self, text: Text) -> str:
        if self.keep == WHOLE:
            return self.kept(text)
        salt = secrets.token_bytes(_BYTES_OF_SALT)
        digest = digest_of_content(salt, text.data)
        self.new.append(Content(digest, salt, None, hashlib.sha256(salt).digest()))
        return digest

    def _cohort(self, cohort: Cohort) -> str:
        known = self._cohorts.get(id(cohort))
        if known is None:
            texts = [Text.of(evidence_line(read)) for read in cohort.members]
            self.look_up(texts)
            document = {"name": cohort.name, "unread": cohort.unread, "members": list(map(self._evidence, texts))}
            known = self._cohorts[id(cohort)] = self.kept(Text.of(canonical(document)), salted=False)
        return known


def evidence_line(read: object) -> bytes:
    """The bytes of a record of evidence. Raises `LedgerError` where it is none."""
    if not isinstance(read, FactsOf):
        raise LedgerError("only a cohort as `Cohort` gives it can be recorded")
    return line_of(read.record).encode()


def checked_keep(keep: str) -> Keep:
    """How evidence is kept. Raises ValueError for what is neither."""
    if keep == WHOLE:
        return "whole"
    if keep == BY_DIGEST:
        return "digest"
    raise ValueError(f"evidence is kept {WHOLE!r} or by {BY_DIGEST!r}, not {keep!r}")
