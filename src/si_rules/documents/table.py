"""Decisions as a table: one row a subject, for a spreadsheet.

The columns are those of the policy, in its order, so every file of one policy and audience has the same. A cell that
holds several things has ` | ` between them. Every cell is guarded against being taken for a formula.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from si_rules.decisions.account import SORTS
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Standing
from si_rules.semantics.audiences import may_see
from si_rules.semantics.core import Core
from si_rules.source.spreadsheets import guarded

BETWEEN: Final = " | "
_HEAD: Final = ("id", "label", "policy", "edition", "on", "known_at", "audience")
_OUTCOME: Final = ("status", "outcome", "title", "possible")
_TAIL: Final = ("triggers_holding", "triggers_undetermined", "duties", "possible_duties", "needed", "decision")


class DecisionTable:
    """The rows of decisions under one policy, for one audience; with `moderated`, what people decided beside it."""

    def __init__(self, policy: Core, roles: Iterable[str], moderated: bool = False) -> None:
        shown = frozenset(roles)
        self._names = [name for name, found in policy.classifications.items() if may_see(shown, found.audience)]
        self._columns = (*_OUTCOME, "moderated") if moderated else _OUTCOME

    def head(self) -> str:
        """The line of headings."""
        own = (f"{name}_{column}" for name in self._names for column in self._columns)
        return line([*_HEAD, *own, *_TAIL])

    def row(self, decision: Decision, moderations: Mapping[str, Standing] | None = None) -> str:
        """The line of a decision."""
        policy, subject = decision.policy, decision.subject
        cells = [subject.id, subject.label or "", policy.id, policy.edition, str(decision.on), str(decision.known_at)]
        cells.append(BETWEEN.join(decision.audience))
        for name in self._names:
            result = decision.classifications[name]
            cells += [result.status, result.outcome or "", result.title or "", BETWEEN.join(result.possible)]
            if "moderated" in self._columns:
                standing = (moderations or {}).get(name)
                cells.append(standing.record.moderated_outcome if standing else "")
        return line([*cells, *_rest(decision)])


def _rest(decision: Decision) -> Iterable[str]:
    for status in ("holds", "undetermined"):
        yield BETWEEN.join(item.id for item in decision.triggers if item.status == status)
    for items in (decision.consequences, decision.possible_consequences):
        yield str(Counter(SORTS[item.modality] for item in items)["duty"])
    yield BETWEEN.join(dict.fromkeys(path for item in decision.needs for path in item.needs.matters))
    yield decision.digest


def line(cells: Iterable[str]) -> str:
    """A line of a CSV, ended, its cells guarded."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(map(guarded, cells))
    return written.getvalue()
