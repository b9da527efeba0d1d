"""A judgement that people may be asked for, as it stands with one subject."""

from typing import Literal

from attrs import frozen

from si_rules.semantics.facts import Reason


@frozen
class Question:
    """A judgement of the policy, as it stands with one subject.

    `status`: `given`; `matters`, it is missing and can change what is decided; `may_matter`, the same as far as
    could be told, for what it would change is not followed exactly; `needless`, missing, and nothing hangs on it.
    `missing` is the reason why it is not there.
    """

    judgement: str
    status: Literal["given", "matters", "may_matter", "needless"]
    missing: Reason | None = None
