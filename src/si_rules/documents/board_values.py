"""What a board is told, as values."""

from attrs import frozen

from si_rules.decisions.decision import CohortIdentity
from si_rules.decisions.moderation_telling import ModerationAccount
from si_rules.evidence.readers import Refusal


@frozen
class Count:
    """How many there are at least, and how many at most once all is known."""

    least: int = 0
    most: int = 0


@frozen
class OutcomeCount:
    """An outcome: how many have it by the rules, and how many with what was moderated."""

    outcome: str
    title: str | None
    by_rules: Count
    moderated: Count


@frozen
class ClassificationCount:
    """A classification over the cohort.

    `statuses` counts how it is with it by the rules. `of_all` says what it comes to for the whole cohort, where it
    asks figures of the cohort only; then counting members says nothing more. `doubts` say, where it is not exact,
    why some of what is possible may turn out not to be.
    """

    id: str
    title: str
    cites: str
    statuses: dict[str, int]
    outcomes: tuple[OutcomeCount, ...]
    moderated: int
    changed: int
    exact: bool
    doubts: tuple[str, ...]
    of_all: str | None


@frozen
class TriggerCount:
    """A trigger: of how many it holds, is undetermined, does not hold, does not apply; `of_all` as above."""

    id: str
    title: str
    cites: str
    statuses: dict[str, int]
    of_all: str | None


@frozen
class FigureSummary:
    """A figure or value of the whole cohort: in words, exactly, and between which limits it lies where it is open."""

    id: str
    title: str
    status: str
    text: str
    value: str | None
    between: tuple[str, str] | None
    cites: str


@frozen
class DutyCount:
    """A duty: of whom, what, when, and for how many by the rules and with what was moderated.

    A duty is `once` where only figures of the cohort bring it: then it is there once for all, or may be.
    """

    bearer: str
    bearer_title: str
    action: str
    title: str
    when: str | None
    once: bool
    by_rules: Count
    moderated: Count


@frozen
class Moderated:
    """A moderation that stands, and whom it is about."""

    subject: str
    name: str
    told: ModerationAccount


@frozen
class MissingCount:
    """A datum that is missing, and for how many it can still matter."""

    path: str
    text: str
    subjects: int


@frozen
class BoardSummary:
    """What the decisions about a cohort come to, for the roles they were made for.

    `missing` are the data that matter to most, the most frequent first. `refused` are the remarks on evidence that
    was refused: whom they are about is counted nowhere.
    """

    policy: tuple[str, str, str, str]
    decided: str
    on: str | None
    known_at: str | None
    audience: tuple[str, ...]
    noun: tuple[str, str]
    cohort: CohortIdentity | None
    subjects: int
    classifications: tuple[ClassificationCount, ...]
    figures: tuple[FigureSummary, ...]
    triggers: tuple[TriggerCount, ...]
    duties: tuple[DutyCount, ...]
    moderations: tuple[Moderated, ...]
    missing: tuple[MissingCount, ...]
    refused: tuple[Refusal, ...]
