"""Decisions one after another, in the form that was asked for."""

from typing import Final, Protocol

from si_rules.decisions.decision import Decision
from si_rules.documents.decision_page import PageOfDecisions
from si_rules.documents.table import DecisionTable
from si_rules.semantics.core import Core

FORMS: Final = ("text", "json", "jsonl", "csv", "html")


class Output(Protocol):
    """Text before all decisions, of each, and after all."""

    written: int

    def opening(self) -> str:
        """What stands before the first decision."""

    def one(self, decision: Decision) -> str:
        """What stands for a decision, with what parts it from the one before."""

    def closing(self) -> str:
        """What stands after the last decision."""


def output_as(form: str, explain: bool, policy: Core, roles: frozenset[str]) -> Output:
    """The output in one of `FORMS`."""
    match form:
        case "json":
            return _Json(explain)
        case "jsonl":
            return _Lines(explain)
        case "csv":
            return _Table(policy, roles)
        case "html":
            return _Page(explain, policy)
        case _:
            return _Text(explain)


class _Output:
    """What most forms have in common: nothing before, nothing after."""

    def __init__(self, explain: bool = False) -> None:
        self.explain = explain
        self.written = 0

    def opening(self) -> str:
        return ""

    def one(self, decision: Decision) -> str:
        text = self.write(decision)
        self.written += 1
        return text

    def closing(self) -> str:
        return ""

    def write(self, decision: Decision) -> str:
        raise NotImplementedError


class _Text(_Output):
    def write(self, decision: Decision) -> str:
        return ("\n" if self.written else "") + decision.to_text(self.explain)


class _Lines(_Output):
    def write(self, decision: Decision) -> str:
        return decision.to_json(self.explain, indent=None) + "\n"


class _Json(_Output):
    def opening(self) -> str:
        return "["

    def write(self, decision: Decision) -> str:
        lines = decision.to_json(self.explain).replace("\n", "\n  ")
        return ("," if self.written else "") + "\n  " + lines

    def closing(self) -> str:
        return "\n]\n" if self.written else "]\n"


class _Table(_Output):
    def __init__(self, policy: Core, roles: frozenset[str]) -> None:
        super().__init__()
        self.table = DecisionTable(policy, roles)

    def opening(self) -> str:
        return self.table.head()

    def write(self, decision: Decision) -> str:
        return self.table.row(decision)


class _Page(_Output):
    def __init__(self, explain: bool, policy: Core) -> None:
        super().__init__(explain)
        self.page = PageOfDecisions(f"Decisions under {policy.title}")

    def opening(self) -> str:
        return self.page.opening()

    def write(self, decision: Decision) -> str:
        return self.page.part(decision.account(), None, decision.explain() if self.explain else None)

    def closing(self) -> str:
        return self.page.closing()
