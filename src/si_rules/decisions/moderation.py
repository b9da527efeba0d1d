"""Moderation: what people decide beside the engine's outcome, never instead of it.

A moderation is a record of its own. It names the outcome it is about by its digest, says what the outcome is to be
and why, and who said so, when and in which role. The decision stays what it is. A later moderation supersedes an
earlier one by naming it; neither is ever edited.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, TypeAlias

from attrs import frozen
from pydantic import BeforeValidator, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from si_rules.decisions.decision import ClassificationResult, Decision
from si_rules.evidence.absence import Day, Record
from si_rules.evidence.readers import Refusal
from si_rules.semantics.audiences import PUBLIC, may_see
from si_rules.semantics.core import INVALID, Core
from si_rules.source.nearest import nearest

LONGEST_REASON: Final = 4000
_LIST: Final = re.compile(r"[,|\s]+")


def _roles(value: Any) -> Any:
    """Roles from a list, or from a text with commas; none of them is none."""
    if isinstance(value, str):
        value = [role for role in _LIST.split(value.strip()) if role]
    return sorted(value) if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value) else value


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Roles = Annotated[tuple[Name, ...], BeforeValidator(_roles)]


class Moderation(Record):
    """One moderation of one classification of one subject.

    `decision` is the digest of the outcome that was moderated (`Decision.digest_of`), `audience` the roles for which it was made,
    `engine_outcome` what the engine said: a class, or `unmatched`, `undetermined`, `not_applicable`.
    `moderated_outcome` is a class of the classification. `supersedes` names an earlier moderation by its `id`.
    `shown_to` keeps the reason, the author, the role and the document to some roles; the outcome goes to
    everybody who may see the classification.
    """

    id: Name
    subject: Words
    classification: Name
    decision: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    audience: Roles = (PUBLIC,)
    engine_outcome: Name
    moderated_outcome: Name
    reason: str
    author: Words
    role: Words
    date: Day
    document: Words | None = None
    supersedes: Name | None = None
    shown_to: Roles = ()

    @field_validator("reason")
    @classmethod
    def _given(cls, value: str) -> str:
        reason = value.strip()
        if not reason:
            raise PydanticCustomError("no_reason", "a moderation gives its reason")
        if len(reason) > LONGEST_REASON:
            longest = f"a reason has at most {LONGEST_REASON:,} characters"
            raise PydanticCustomError("long_reason", longest)
        return reason


@frozen
class Standing:
    """The moderation of a classification that stands, where it was read, and those it supersedes, the oldest first."""

    record: Moderation
    place: str
    superseded: tuple[Moderation, ...] = ()

    def told_to(self, roles: Iterable[str]) -> bool:
        """Whether these roles may see who moderated, and why."""
        return may_see(roles, frozenset(self.record.shown_to) or None)


@frozen
class Moderations:
    """The moderations that stand, by subject and classification."""

    standing: Mapping[tuple[str, str], Standing]

    @property
    def subjects(self) -> frozenset[str]:
        """The ids of the subjects of which there is one."""
        return frozenset(subject for subject, _ in self.standing)

    def of(self, decision: Decision) -> tuple[dict[str, Standing], list[Refusal]]:
        """Those about a decision, by classification, and those that are not about this decision, with the reason.

        The decision is the one made for every role: of it each moderation is held against the view it names.
        """
        found: dict[str, Standing] = {}
        refused: list[Refusal] = []
        for (subject, name), standing in self.standing.items():
            if subject != decision.subject.id:
                continue
            fault = _fault_against(standing.record, decision)
            if fault is None:
                found[name] = standing
            else:
                refused.append(Refusal(standing.place, subject, *fault))
        return found, refused


def outcome_word(result: ClassificationResult) -> str:
    """What the engine said, in one word: the class, or the status where there is none."""
    return result.outcome if result.outcome is not None else result.status


def stand(read: Iterable[tuple[str, Moderation]], policy: Core) -> tuple[Moderations, list[Refusal]]:
    """The moderations that stand, of records with their places, and those that are refused.

    Refused is what names no classification, no class or no role that there is; what supersedes a moderation that is
    not there, or of something else, or made later; and of two that moderate the same without one superseding the
    other both, for nothing says which one stands.
    """
    refused: list[Refusal] = []
    sound: dict[str, tuple[str, Moderation]] = {}
    for place, record in read:
        fault = _fault_by_itself(record, policy)
        if fault is None and record.id in sound:
            refused.append(Refusal(place, record.subject, "id", "this id stands in an earlier record"))
        elif fault is None:
            sound[record.id] = place, record
        else:
            refused.append(Refusal(place, record.subject, *fault))
    sound, unfounded = _founded(sound)
    standing, twice = _standing(sound)
    return Moderations(standing), [*refused, *unfounded, *twice]


def not_about_anybody(moderations: Moderations, subjects: Iterable[str]) -> list[Refusal]:
    """Refusals of the moderations of which the subject was not decided about."""
    known = set(subjects)
    refused = []
    for (subject, _), standing in moderations.standing.items():
        if subject not in known:
            guess = nearest(subject, known)
            hint = f"; did you mean {guess}?" if guess else ""
            refused.append(Refusal(standing.place, subject, "subject", f"nobody of this id was decided about{hint}"))
    return refused


# ---- what can be wrong


def _fault_by_itself(record: Moderation, policy: Core) -> tuple[str, str] | None:
    """The field and the reason, where a record names what the policy does not have."""
    found = policy.classifications.get(record.classification)
    if found is None:
        return "classification", _unknown("classification", record.classification, policy.classifications)
    labels = [described.label for described in found.classes if described.label != INVALID]
    if record.moderated_outcome not in labels:
        return "moderated_outcome", _unknown(f"class of {record.classification}", record.moderated_outcome, labels)
    known = {PUBLIC, *policy.vocabulary.audiences}
    for field, roles in (("audience", record.audience), ("shown_to", record.shown_to)):
        for role in roles:
            if role not in known:
                return field, _unknown("audience", role, sorted(known))
    return None


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    guess = nearest(name, names)
    hint = f"did you mean {guess}?" if guess else f"there is {', '.join(names)}"
    return f"{name!r} is no {what}; {hint}"


_Placed: TypeAlias = tuple[str, Moderation]


def _founded(sound: Mapping[str, _Placed]) -> tuple[dict[str, _Placed], list[Refusal]]:
    """Those that supersede nothing, or what is itself founded; and the others, refused."""
    later: dict[str, list[str]] = {}
    for name, (_, record) in sound.items():
        if record.supersedes is not None and record.supersedes in sound:
            later.setdefault(record.supersedes, []).append(name)
    waiting = [name for name, (_, record) in sound.items() if record.supersedes is None]
    founded = set(waiting)
    while waiting:
        earlier = waiting.pop()
        reached = [name for name in later.get(earlier, ()) if _misfit(sound[name][1], sound[earlier][1]) is None]
        founded |= set(reached)
        waiting += reached
    refused = []
    for name, (place, record) in sound.items():
        if name not in founded and record.supersedes is not None:
            reason = _misfit(record, sound[record.supersedes][1]) if record.supersedes in sound else None
            if reason is None:
                guess = nearest(record.supersedes, founded)
                hint = f"; did you mean {guess}?" if guess else ""
                reason = f"there is no moderation {record.supersedes!r} that could be used{hint}"
            refused.append(Refusal(place, record.subject, "supersedes", reason))
    return {name: placed for name, placed in sound.items() if name in founded}, refused


def _misfit(record: Moderation, earlier: Moderation) -> str | None:
    """Why one moderation cannot supersede another."""
    if (earlier.subject, earlier.classification) != (record.subject, record.classification):
        return f"{earlier.id!r} moderates {earlier.classification} of {earlier.subject}, not the same"
    return f"{earlier.id!r} was made later, on {earlier.date}" if earlier.date > record.date else None


def _standing(founded: Mapping[str, _Placed]) -> tuple[dict[tuple[str, str], Standing], list[Refusal]]:
    """What stands: of what moderates the same, the one that nothing supersedes; where there are two, neither."""
    replaced = {record.supersedes for _, record in founded.values()}
    last: dict[tuple[str, str], list[_Placed]] = {}
    for name, (place, record) in founded.items():
        if name not in replaced:
            last.setdefault((record.subject, record.classification), []).append((place, record))
    standing: dict[tuple[str, str], Standing] = {}
    refused: list[Refusal] = []
    for key, group in last.items():
        if len(group) == 1:
            place, record = group[0]
            standing[key] = Standing(record, place, tuple(_before(record, founded)))
            continue
        for place, record in group:
            others = " and ".join(repr(other.id) for _, other in group[:3] if other is not record)
            reason = f"{key[1]} is moderated by {others} as well, and neither supersedes the other; none is used"
            refused.append(Refusal(place, record.subject, "supersedes", reason))
    return standing, refused


def _before(record: Moderation, founded: Mapping[str, _Placed]) -> list[Moderation]:
    """The moderations that one supersedes, the oldest first."""
    found: list[Moderation] = []
    while record.supersedes is not None:
        record = founded[record.supersedes][1]
        found.append(record)
    return found[::-1]


def _fault_against(record: Moderation, decision: Decision) -> tuple[str, str] | None:
    """The field and the reason, where a record is not about this decision."""
    view = decision.for_audience(frozenset(record.audience))
    result = view.classifications.get(record.classification)
    if result is None:
        return "audience", f"{', '.join(record.audience)} may not see {record.classification}, so cannot moderate it"
    said = outcome_word(result)
    if said != record.engine_outcome:
        return "engine_outcome", f"the decision now says {said}, not {record.engine_outcome}; moderate it anew"
    if view.digest_of(record.classification) != record.decision:
        reason = "the decision it moderates was another one: its evidence, dates or policy have changed since; moderate it anew"
        return "decision", reason
    if record.date < decision.on:
        return "date", f"{record.date} is before the day of the decision, {decision.on}"
    return None
