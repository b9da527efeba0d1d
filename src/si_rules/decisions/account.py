"""A decision in words, as values: what a text, a page, a letter and a summary show of it.

All sentences are those of the policy and its vocabulary. An account is made from a decision and says no more than
the decision's audience may see. What is put together here is plain text: whoever writes it into a page escapes it.
"""

import datetime
from typing import Final

from attrs import frozen

# What sort of thing each modality makes of a consequence.
SORTS: Final = {
    "must": "duty", "will": "duty", "may": "power", "should": "recommendation", "is_likely_to": "expectation",
    "is_expected_to": "expectation", "is_a_candidate_for": "candidate",
}  # fmt: skip

# What people read for a truth.
TRUTHS: Final = {
    "holds": "holds", "does_not_hold": "does not hold", "undetermined": "not known", "not_applicable": "does not apply",
}  # fmt: skip


@frozen
class Ground:
    """A condition that was met, with what it was met with; `items` are the conditions it hangs on."""

    text: str
    found: str
    cites: str
    items: tuple["Ground", ...]


@frozen
class Because:
    """A clause that holds, as `clause 4a`, with its title and what it was met with."""

    clause: str
    title: str
    cites: str
    grounds: tuple[Ground, ...]


@frozen
class NotMet:
    """A clause of another class: `status` says whether it does_not_hold, is undetermined, or holds and yields.

    `failing` are the conditions that keep it from holding, with what was found.
    """

    outcome: str
    title: str
    clause: str
    status: str
    failing: tuple[str, ...]


@frozen
class Possible:
    """An outcome that is still possible, with its title where it is a class."""

    outcome: str
    title: str | None
    text: str


@frozen
class Asked:
    """A datum that is missing: its path, its title, and why it is missing, as far as known."""

    path: str
    text: str
    missing: str | None


@frozen
class Beside:
    """A class that stands beside the headline, or perhaps does."""

    outcome: str
    title: str
    status: str


@frozen
class Near:
    """An outcome that is short of one condition only."""

    outcome: str
    text: str


@frozen
class ClassAccount:
    """A class that there is, whether it stands or not."""

    outcome: str
    title: str
    cites: str


@frozen
class ClassificationAccount:
    """A classification: its outcome or those still possible, why, why not another, and what is needed.

    `said` is what the engine says in a few words; `classes` are all there are, the most serious first. `doubts` say,
    where it is not exact, why some outcomes may turn out not to be possible.
    """

    id: str
    title: str
    cites: str
    classes: tuple[ClassAccount, ...]
    status: str
    said: str
    outcome: str | None
    outcome_title: str | None
    possible: tuple[Possible, ...]
    exact: bool
    doubts: tuple[str, ...]
    settled: bool
    because: tuple[Because, ...]
    beside: tuple[Beside, ...]
    not_met: tuple[NotMet, ...]
    could_settle: tuple[tuple[Asked, ...], ...]
    will_settle: tuple[tuple[Asked, ...], ...]
    matters: tuple[Asked, ...]
    near: tuple[Near, ...]


@frozen
class Follow:
    """What follows, as a sentence and in its parts. `sort` is duty, power, recommendation, expectation or candidate.

    `shown_to` are the roles that may see it, in words; none of them means everybody.
    """

    sentence: str
    sort: str
    modality: str
    bearer: str
    bearer_title: str
    action: str
    title: str
    when: str | None
    shown_to: tuple[str, ...]
    cites: str
    rule: str


@frozen
class MayFollow:
    """What follows on a condition, in words; `only` says on what else each hangs, a sentence or nothing."""

    condition: str
    follows: tuple[tuple[Follow, str], ...]


@frozen
class Following:
    """What follows, and what may."""

    follows: tuple[Follow, ...]
    may_follow: tuple[MayFollow, ...]


@frozen
class TriggerAccount:
    """A trigger: holds, does_not_hold, undetermined or not_applicable; what it was met with, where it holds."""

    id: str
    title: str
    status: str
    cites: str
    grounds: tuple[Ground, ...]


@frozen
class ValueAccount:
    """A value the policy works out, or a figure of the cohort, in words."""

    id: str
    title: str
    status: str
    text: str
    cites: str


@frozen
class Interpretation:
    """An interpretation that the decision rests on."""

    id: str
    text: str


@frozen
class NotUsed:
    """Evidence that was supplied and may not be used."""

    path: str
    reason: str


@frozen
class PolicyAccount:
    """The policy that decided; `sources` gives the full name of each source that citations abbreviate.

    `amended` are the amendments that counted, each as words: `“Title” of 18 April 2016`.
    """

    id: str
    edition: str
    title: str
    in_force: tuple[datetime.date, datetime.date]
    as_if: bool
    sources: tuple[tuple[str, str], ...]
    amended: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The title, the id and the edition, and the amendments that counted."""
        amended = f", as amended by {' and '.join(self.amended)}" if self.amended else ""
        return f"{self.title} ({self.id} {self.edition}){amended}"


@frozen
class SubjectAccount:
    """Who was decided about: `school`, its id, its name, and both in one."""

    kind: str
    id: str
    label: str | None
    name: str


@frozen
class CohortAccount:
    """The cohort that figures speak of, and all there is to say of it in sentences.

    Without one, `name` is None; `unread` members could not be read, and `has_subject` says whether the subject is among
    those that were.
    """

    name: str | None
    members: int
    unread: int
    has_subject: bool
    sentences: tuple[str, ...]


@frozen
class Account:
    """The whole decision in words, for its audience. `cohort` is None where the policy has no figures."""

    subject: SubjectAccount
    policy: PolicyAccount
    on: datetime.date
    known_at: datetime.date
    audience: tuple[str, ...]
    digest: str
    cohort: CohortAccount | None
    classifications: tuple[ClassificationAccount, ...]
    figures: tuple[ValueAccount, ...]
    worked_out: tuple[ValueAccount, ...]
    follows: tuple[Follow, ...]
    may_follow: tuple[MayFollow, ...]
    triggers: tuple[TriggerAccount, ...]
    interpretations: tuple[Interpretation, ...]
    not_used: tuple[NotUsed, ...]
