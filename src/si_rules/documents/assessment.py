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
from si_rules.decisions.moderation_telling import moderated
from si_rules.documents.board import Board
from si_rules.documents.decision_page import PageOfDecisions
from si_rules.documents.file_names import file_names
from si_rules.documents.letters import Draft, Letters
from si_rules.documents.moderation_sheet import ModerationSheet
from si_rules.documents.table import DecisionTable
from si_rules.evidence.facts import EvidenceError
from si_rules.evidence.readers import Refusal
from si_rules.policy import Cohort, Policy

BYTE_ORDER_MARK: Final = "\ufeff"  # by it a spreadsheet program knows that a CSV is UTF-8
REFUSED: Final = "refused.jsonl"


@frozen
class Run:
    """What a run decides by: the policy, the dates, for whom, and the records with their places."""

    policy: Policy
    on: date
    known_at: date
    as_if: bool
    roles: frozenset[str]
    cohort_name: str
    records: tuple[tuple[str, BaseModel], ...] = field(repr=False)


@frozen
class Piece:
    """Text for the end of a file."""

    path: str
    text: str


@define
class Assessment:
    """A run and what comes of it. `refused` are the remarks on evidence, those on moderations apart in `not_moderated`.

    `letters` is None where none are to be written. `taken_ids` are the ids of all moderations that were read.
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
        """The records that can be decided about; the others go to `refused`. First of all: the cohort is made of these."""
        run, found = self.run, []
        for place, record in run.records:
            try:
                run.policy.check(record, on=run.on, known_at=run.known_at)
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
        run, core = self.run, self.run.policy.core
        cohort = Cohort(run.cohort_name, [record for _, record in known])
        names = file_names(self.id_of(record) for _, record in known)
        self.not_moderated += not_about_anybody(self.moderations, names)
        table = DecisionTable(core, run.roles, moderated=True)
        page = PageOfDecisions(f"Decisions under {core.title}")
        sheet = ModerationSheet(core, run.roles, self.taken_ids)
        board = Board(run.policy, run.roles)
        yield [
            Piece("decisions.jsonl", ""),
            Piece("decisions.csv", BYTE_ORDER_MARK + table.head()),
            Piece("decisions.html", page.opening()),
            Piece("to-moderate.csv", BYTE_ORDER_MARK + sheet.head()),
        ]
        for _, record in known:
            decision = self._decide(record, cohort, run.roles)
            standing, stale = self._standing(record, cohort, decision)
            account = decision.account()
            told = moderated(account, standing, run.roles)
            board.add(decision, standing, account)
            self._count(decision, standing)
            made = [
                Piece("decisions.jsonl", as_text(decision.to_dict(), None) + "\n"),
                Piece("decisions.csv", table.row(decision, standing)),
                Piece("decisions.html", page.part(account, told)),
                Piece("to-moderate.csv", sheet.rows(decision, account, self._told(), standing, stale)),
            ]
            yield made + list(self._letters(record, decision, cohort, standing, names))
        yield [Piece("decisions.html", page.closing()), *self._closing(board)]

    def _closing(self, board: Board) -> Iterator[Piece]:
        yield Piece("board.md", board.to_markdown(self.refused))
        yield Piece("board.html", board.to_html(self.refused))
        yield Piece("board.json", as_text(board.to_dict(self.refused), 2) + "\n")
        remarks = [("evidence", item) for item in self.refused] + [("moderation", item) for item in self.not_moderated]
        lines = (as_text(_refusal(about, item), None) + "\n" for about, item in remarks)
        yield Piece(REFUSED, "".join(lines))

    # ---- one subject
    def _decide(self, record: BaseModel, cohort: Cohort, roles: frozenset[str] | None) -> Decision:
        run = self.run
        return run.policy.decide(
            record, on=run.on, known_at=run.known_at, cohort=cohort, as_if=run.as_if, audience=roles
        )

    def _standing(
        self, record: BaseModel, cohort: Cohort, decision: Decision
    ) -> tuple[dict[str, Standing], dict[str, Standing]]:
        """The moderations of a subject that stand, and those of another decision about it, which the refused ones are."""
        mine = {
            name: found
            for (subject, name), found in self.moderations.standing.items()
            if subject == decision.subject.id
        }
        if not mine:
            return {}, {}
        whole = self._decide(record, cohort, None)
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
        for name, letter in self.letters.letters.items() if self.letters else ():
            assert self.letters is not None
            roles = frozenset({letter.audience})
            decision = shown if roles == self.run.roles else self._decide(record, cohort, roles)
            draft = self.letters.draft(name, decision, standing)
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


def _refusal(about: str, item: Refusal) -> dict[str, str | None]:
    return {"about": about, "place": item.place, "subject": item.subject, "path": item.path, "reason": item.reason}
