"""All that a template of a document drafted from a case may name: `NAMES`, with their values."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from si_rules.decisions.account import SubjectAccount
from si_rules.documents.case_basis import Basis, cited, sentence_of
from si_rules.documents.case_declaration import CaseDocument
from si_rules.documents.case_law import Law
from si_rules.documents.case_values import (
    Figure,
    ahead_of,
    duties_of,
    events_of,
    months_from,
    requirement_of,
    rested_on,
    standing_of,
)
from si_rules.pathways.case import Case
from si_rules.semantics.core import Core
from si_rules.semantics.kinds import words

NAMES: Final = frozenset({
    "ahead", "breaches", "case", "document", "due", "events", "figures", "interpretations", "law", "missing", "months",
    "policy", "powers", "requirements", "standing", "subject", "write",
})  # fmt: skip


@frozen
class Heading:
    """What the document is: its title, for whom it is signed and by whom, what it rests on and where that stands."""

    title: str
    signed_for: str
    signed_by: str | None
    sentence: str
    sort: str
    cites: str


@frozen
class PolicyValue:
    """The policy, with its sources and their full names."""

    title: str
    id: str
    edition: str
    sources: tuple[tuple[str, str], ...]


@frozen
class Sentence:
    """What somebody may do, and where it stands."""

    sentence: str
    cites: str


@frozen
class Interpretation:
    """How the policy reads its source, where that leaves something open."""

    id: str
    text: str


def _own(sources: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The sources of a policy itself, without those of policies that it uses."""
    return tuple((source, title) for source, title in sources.items() if "." not in source)


def subject_of(case: Case, policy: Core) -> SubjectAccount:
    """Whom the case is about."""
    name = f"{case.label} ({case.subject})" if case.label else case.subject
    return SubjectAccount(words(policy.vocabulary.noun), case.subject, case.label, name)


def values_of(document: CaseDocument, case: Case, basis: Basis, policy: Core, law: Law | None,
              figures: tuple[Figure, ...], missing: tuple[str, ...]) -> Mapping[str, object]:  # fmt: skip
    """The values by their names. `policy` is what the readers of the document may see."""
    track, act = basis.track, basis.act
    open_ = [item for item in track.duties if item.status == "open" and item.id != act.id]
    due = [item for item in open_ if item.due is not None]
    breaches = [item for item in track.duties if item.breached_on is not None]
    powers = [item for item in track.acts if item.modality == "may" and item.truth == "holds" and item.id != act.id]
    told = [act.rests_on, *(item.result.rests_on for item in basis.requirements)]
    told += [*(item.rests_on for item in (*open_, *breaches)), *(item.rests_on for item in powers)]
    bearer = policy.parties.get(act.bearer, words(act.bearer))
    return {
        "document": Heading(document.title, bearer, document.signed_by, basis.sentence, basis.sort, basis.cites),
        "subject": subject_of(case, policy),
        "policy": PolicyValue(policy.title, policy.id, policy.edition, _own(policy.sources)),
        "case": standing_of(case, basis),
        "events": events_of(case, policy),
        "due": duties_of(due, policy),
        "standing": duties_of([item for item in open_ if item.due is None], policy),
        "breaches": duties_of(breaches, policy),
        "powers": tuple(Sentence(sentence_of(policy, item), cited(item.rests_on)) for item in powers),
        "requirements": tuple(map(requirement_of, basis.requirements)),
        "figures": figures,
        "ahead": ahead_of(case, basis),
        "months": months_from(case.on),
        "law": law,
        "write": document.write,
        "interpretations": tuple(
            Interpretation(id, policy.interpretations[id]) for id in rested_on(told) if id in policy.interpretations
        ),
        "missing": missing,
    }
