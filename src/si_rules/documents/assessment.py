"""A year's assessment: all subjects decided as one cohort, and everything that is made of it, piece by piece.

`Assessment.pieces` gives text for files by their names in a folder, in the order in which it comes to be. Nothing is
written here, and nothing but the summary is kept until the end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from attrs import define, field, frozen
from pydantic import BaseModel

from si_rules.decisions.as_json import as_text
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Moderations, Standing, not_about_anybody
from si_rules.documents import as_html, as_markdown
from si_rules.documents.blocks import Block
from si_rules.documents.board_page import TITLE, board_blocks, board_document
from si_rules.documents.file_names import file_names
from si_rules.documents.letters import Draft, Letters
from si_rules.documents.moderation_sheet import ModerationSheet
from si_rules.documents.refusals import masked
from si_rules.documents.run_part import BYTE_ORDER_MARK, Piece, RunPart
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.readers import Refusal
from si_rules.policy import Cohort, Policy

REFUSED: Final = "refused.jsonl"


@frozen
class Run:
    """What a run decides by: the policy, further ones, the dates, for whom, and the records with their places.

    `unread` is how many more records there were that could not be read.
    """

    policy: Policy
    further: tuple[Policy, ...]
    on: date
    known_at: date
    as_if: bool
    roles: frozenset[str]
    cohort_name: str
    records: tuple[tuple[str, BaseModel], ...] = field(repr=False)
    unread: int = 0

    @property
    def policies(self) -> tuple[Policy, ...]:
        """All of them, the first one first."""
        return (self.policy, *self.further)


@define
class Assessment:
    """A run and what comes of it. `refused` are the remarks on evidence, those on moderations apart in `not_moderated`.

    `letters` is None where none are to be written. `taken_ids` are the ids of all moderations that were read; they are
    about outcomes under the first policy.
    """

    run: Run
    letters: Letters | None
    moderations: Moderations
    taken_ids: frozenset[str]
    refused: list[Refusal]
    not_moderated: list[Refusal]
    counts: Counter[str] = field(factory=Counter)
    outcomes: Counter[str] = field(factory=Counter)

    def usable(self) -> list[tuple[str, BaseModel]]:
        """The records that can be decided about; the others go to `refused`. First of all: the cohort is made of these.

        The others are members of it of which nothing is known. Raises TypeError where the model of the records lacks what a policy reads.
        """
        run = self.run
        policies = [*run.policies, *(self.letters.further(run.on).values() if self.letters else ())]
        found = []
        for place, record in run.records:
            try:
                for policy in policies:
                    policy.check(record, on=run.on, known_at=run.known_at)
            except EvidenceError as error:
                self.refused.append(Refusal(place, self.id_of(record), error.path, error.reason))
            else:
                found.append((place, record))
        return found

    def id_of(self, record: BaseModel) -> str:
        """The id of a record's subject."""
        return str(getattr(record, self.run.policy.core.vocabulary.identified_by))

    def pieces(self, records: Iterable[tuple[str, BaseModel]]) -> Iterator[list[Piece]]:
        """The pieces of all files: a list at the beginning, one for each record, and one at the end.

        The records are those of `usable`. Raises `LettersUnusable` for a mistake in a template; ValueError for two
        records of one id.
        """
        known = list(records)
        run = self.run
        unread = run.unread + len(run.records) - len(known)
        cohort = Cohort(run.cohort_name, [record for _, record in known], unread)
        names = file_names(self.id_of(record) for _, record in known)
        self.not_moderated += not_about_anybody(self.moderations, names)
        first = RunPart(run.policy, run.roles, "")
        parts = [first, *(RunPart(policy, run.roles, f"{policy.id}/") for policy in run.further)]
        sheet = ModerationSheet(run.policy.core, run.roles, self.taken_ids)
        opening = [piece for part in parts for piece in part.opening()]
        yield [*opening, Piece("to-moderate.csv", BYTE_ORDER_MARK + sheet.head())]
        for _, record in known:
            decision = self._decide(run.policy, record, cohort, run.roles)
            standing, stale = self._standing(record, cohort, decision)
            account = decision.account()
            self._count(decision, standing)
            made = list(first.one(decision, account, standing))
            made.append(Piece("to-moderate.csv", sheet.rows(decision, account, self._told(), standing, stale)))
            for part in parts[1:]:
                other = self._decide(part.policy, record, cohort, run.roles)
                made += part.one(other, other.account(), {})
            yield made + list(self._letters(record, decision, cohort, standing, names))
        closing = [piece for part in parts for piece in part.closing()]
        yield [*closing, *self._board(parts), self._refusals()]

    def _board(self, parts: list[RunPart]) -> Iterator[Piece]:
        """The summary of all policies for people, and of each for programs."""
        blocks: list[Block] = []
        for part in parts:
            summary = part.board.summary(self.refused)
            blocks += board_blocks(summary, [other.policy.id for other in parts if other is not part])
            yield Piece(f"{part.folder}board.json", as_text(board_document(summary), 2) + "\n")
        yield Piece("board.md", as_markdown.markdown(blocks))
        yield Piece("board.html", as_html.page(f"{TITLE}: {self.run.policy.core.title}", blocks))

    def _refusals(self) -> Piece:
        core, roles = self.run.policy.core, self.run.roles
        remarks = [("evidence", item) for item in self.refused] + [("moderation", item) for item in self.not_moderated]
        lines = (as_text(_as_dict(about, masked(item, core, roles)), None) + "\n" for about, item in remarks)
        return Piece(REFUSED, "".join(lines))

    # ---- one subject
    def _decide(self, policy: Policy, record: BaseModel, cohort: Cohort, roles: frozenset[str] | None) -> Decision:
        run = self.run
        return policy.decide(record, on=run.on, known_at=run.known_at, cohort=cohort, as_if=run.as_if, audience=roles)

    def _standing(
        self, record: BaseModel, cohort: Cohort, decision: Decision
    ) -> tuple[dict[str, Standing], dict[str, Standing]]:
        """The moderations of a subject that stand, and those of another decision about it, which the refused ones are."""
        subject = decision.subject.id
        mine = {name: found for (id, name), found in self.moderations.standing.items() if id == subject}
        if not mine:
            return {}, {}
        whole = self._decide(self.run.policy, record, cohort, None)
        standing, refused = self.moderations.of(whole)
        self.not_moderated += refused
        return standing, {name: found for name, found in mine.items() if name not in standing}

    def _told(self) -> tuple[str, ...]:
        """The classifications that letters tell, which are those to moderate; all of them where there are no letters."""
        if self.letters is None:
            return tuple(self.run.policy.core.classifications)
        return tuple(dict.fromkeys(name for letter in self.letters.letters.values() for name in letter.about))

    def _letters(self, record: BaseModel, shown: Decision, cohort: Cohort, standing: Mapping[str, Standing],
                 names: Mapping[str, str]) -> Iterator[Piece]:  # fmt: skip
        if self.letters is None:
            return
        others = self.letters.further(self.run.on)
        for name, letter in self.letters.letters.items():
            roles = frozenset({letter.audience})
            decision = shown if roles == self.run.roles else self._decide(self.run.policy, record, cohort, roles)
            asked = {id: others[id] for id, _ in letter.elsewhere}
            further = {id: self._decide(policy, record, cohort, roles) for id, policy in asked.items()}
            draft = self.letters.draft(name, decision, standing, further)
            if draft is None or not _is_due(draft):
                self.counts["letters_not_due"] += 1
                continue
            self.counts["letters"] += 1
            for form, text in draft.texts.items():
                yield Piece(f"letters/{names[draft.subject]}.{name}.{form}", text)

    def _count(self, decision: Decision, standing: Mapping[str, Standing]) -> None:
        self.counts["decided"] += 1
        self.counts["moderated"] += len(standing)
        for name, result in decision.classifications.items():
            said = result.outcome if result.status == "determined" else result.status.replace("_", " ")
            self.outcomes[f"{name} {said}"] += 1


def _is_due(draft: Draft) -> bool:
    """A run writes what the policy lays down as a duty; a power is for somebody to decide on."""
    return draft.status == "follows" and draft.sort in ("duty", None)


def _as_dict(about: str, item: Refusal) -> dict[str, str | None]:
    return {"about": about, "place": item.place, "subject": item.subject, "path": item.path, "reason": item.reason}
