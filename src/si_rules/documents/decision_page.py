"""The page of decisions: one that needs nothing else, a decision after another, each on paper of its own in print."""

from collections.abc import Mapping

from attrs import frozen

from si_rules.decisions.account import Account
from si_rules.decisions.moderation_telling import ModerationAccount
from si_rules.decisions.steps import Explanation
from si_rules.documents import as_html
from si_rules.documents.blocks import Heading, Part
from si_rules.documents.decision_blocks import decision_blocks, explained_items, section


@frozen
class PageOfDecisions:
    """A page in pieces, so that it may be as long as there are decisions."""

    title: str

    def opening(self) -> str:
        """What stands before the first decision."""
        return as_html.opening(self.title) + as_html.html([Heading(1, self.title)])

    def part(self, account: Account, moderations: Mapping[str, ModerationAccount] | None = None,
             explanation: Explanation | None = None) -> str:  # fmt: skip
        """One decision, with the moderations beside its outcomes, and the whole explanation where it is given."""
        blocks = list(decision_blocks(account, moderations or {}))
        if explanation is not None:
            blocks += section(3, "The whole explanation", explained_items(explanation.items))
        return as_html.html([Part(tuple(blocks))])

    def closing(self) -> str:
        """What stands after the last decision."""
        return as_html.CLOSING
