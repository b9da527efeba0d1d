"""The sheet for a moderation meeting: a row for each outcome that is not moderated yet, ready to be filled in."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from attrs import define, field

from si_rules.decisions.account import Account
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Standing, outcome_word
from si_rules.decisions.moderation_reading import SHEET
from si_rules.documents.table import BETWEEN, line
from si_rules.semantics.core import Core

_ALSO: Final = ("label", "rules_say")  # for those who fill it in; passed over when it is read


@define
class ModerationSheet:
    """The rows of a sheet. Ids are given out so that none is one of `taken`."""

    policy: Core
    roles: frozenset[str]
    taken: Collection[str] = field(repr=False)
    _given: set[str] = field(factory=set, init=False, repr=False)

    def head(self) -> str:
        """The line of headings."""
        return line([*_ALSO, *SHEET])

    def rows(self, decision: Decision, account: Account, names: Iterable[str], standing: Mapping[str, Standing],
             stale: Mapping[str, Standing]) -> str:  # fmt: skip
        """The rows about a decision, for classifications by name. `stale` are moderations of another decision about it."""
        return "".join(self._rows(decision, account, names, standing, stale))

    def _rows(self, decision: Decision, account: Account, names: Iterable[str], standing: Mapping[str, Standing],
              stale: Mapping[str, Standing]) -> Iterator[str]:  # fmt: skip
        told = {found.id: found for found in account.classifications}
        for name in names:
            result = decision.classifications.get(name)
            if result is None or result.status == "not_applicable" or name in standing:
                continue
            given = {
                "label": account.subject.label or "",
                "rules_say": told[name].said,
                "id": self._free(f"{decision.subject.id}-{name}"),
                "subject": decision.subject.id,
                "classification": name,
                "decision": decision.digest_of(name),
                "audience": BETWEEN.join(decision.audience),
                "engine_outcome": outcome_word(result),
                "supersedes": stale[name].record.id if name in stale else "",
            }
            yield line(given.get(column, "") for column in (*_ALSO, *SHEET))

    def _free(self, wanted: str) -> str:
        name, number = wanted[:70], 1
        while name in self.taken or name in self._given:
            number += 1
            name = f"{wanted[:70]}-{number}"
        self._given.add(name)
        return name
