"""What a run writes of one policy: its decisions in three forms, and what the board is told of them."""

from collections.abc import Iterator, Mapping
from typing import Final

from attrs import define, field, frozen

from si_rules.decisions.account import Account
from si_rules.decisions.as_json import as_text
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Standing
from si_rules.decisions.moderation_telling import moderated
from si_rules.documents.board import Board
from si_rules.documents.decision_page import PageOfDecisions
from si_rules.documents.table import DecisionTable
from si_rules.policy import Policy

BYTE_ORDER_MARK: Final = "\ufeff"  # by it a spreadsheet program knows that a CSV is UTF-8


@frozen
class Piece:
    """Text for the end of a file, by its path in the folder of a run."""

    path: str
    text: str


@define
class RunPart:
    """The files of one policy, piece by piece; `folder` is where in the folder of the run they stand, empty or `id/`."""

    policy: Policy
    roles: frozenset[str]
    folder: str
    board: Board = field(init=False)
    _table: DecisionTable = field(init=False)
    _page: PageOfDecisions = field(init=False)

    def __attrs_post_init__(self) -> None:
        core = self.policy.core
        self.board = Board(self.policy, self.roles)
        self._table = DecisionTable(core, self.roles, moderated=True)
        self._page = PageOfDecisions(f"Decisions under {core.title}")

    def opening(self) -> Iterator[Piece]:
        """What stands before the first decision."""
        yield Piece(f"{self.folder}decisions.jsonl", "")
        yield Piece(f"{self.folder}decisions.csv", BYTE_ORDER_MARK + self._table.head())
        yield Piece(f"{self.folder}decisions.html", self._page.opening())

    def one(self, decision: Decision, account: Account, standing: Mapping[str, Standing]) -> Iterator[Piece]:
        """What stands of a decision; the board counts it."""
        self.board.add(decision, standing, account)
        told = moderated(account, standing, self.roles)
        yield Piece(f"{self.folder}decisions.jsonl", as_text(decision.to_dict(), None) + "\n")
        yield Piece(f"{self.folder}decisions.csv", self._table.row(decision, standing))
        yield Piece(f"{self.folder}decisions.html", self._page.part(account, told))

    def closing(self) -> Iterator[Piece]:
        """What stands after the last decision."""
        yield Piece(f"{self.folder}decisions.html", self._page.closing())
