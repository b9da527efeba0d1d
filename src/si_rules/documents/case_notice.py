"""The head of every document drafted from a case: that it is a draft, of a power or a duty, who signs, and what is missing."""

from collections.abc import Iterator

from si_rules.decisions.telling import day_text
from si_rules.documents.blocks import Block, Item, Items, Notice, Text
from si_rules.documents.case_basis import Basis, due_text
from si_rules.documents.case_declaration import CaseDocument
from si_rules.documents.case_law import Law
from si_rules.documents.case_values import Figure, requirement_of
from si_rules.documents.draft_notice import SORTS
from si_rules.pathways.case import Case
from si_rules.semantics.audiences import PUBLIC
from si_rules.semantics.core import Core


def notice_blocks(document: CaseDocument, case: Case, basis: Basis, policy: Core, missing: tuple[str, ...]) -> tuple[Block, ...]:  # fmt: skip
    """The notice."""
    signed = (
        f"by {document.signed_by}."
        if document.signed_by
        else f"for {_bearer(basis, policy)}; the policy does not say by whom."
    )
    readers = "everybody" if document.audience == PUBLIC else policy.vocabulary.audiences[document.audience]
    blocks: list[Block] = [
        Text(f"{document.title}, for {_subject(case)}. Not signed and not sent.", "Draft."),
        Text(_followed(case, policy)),
        Text(f"{SORTS[basis.sort]}. {basis.sentence}", "It rests on:", basis.cites),
        Text(signed, "To be signed:"),
        Text(f"nothing stands here that {readers} may not see.", "Made to be read by:"),
    ]
    if missing:
        blocks += [Text("", "Before it is sent:"), Items(map(Item, missing))]
    else:
        blocks.append(Text("nothing is missing that the policy asks for.", "Before it is sent:"))
    return (Notice(tuple(blocks)),)


def missing_of(document: CaseDocument, basis: Basis, figures: tuple[Figure, ...], law: Law | None) -> tuple[str, ...]:
    """What has to be seen to before the document is sent, a sentence each."""
    return tuple(_missing(document, basis, figures, law))


def _missing(document: CaseDocument, basis: Basis, figures: tuple[Figure, ...], law: Law | None) -> Iterator[str]:
    yield from basis.open
    for item in map(requirement_of, basis.requirements):
        if item.status in ("not met", "not known"):
            sort = "Required, and" if item.binding else "Described before it, and"
            yield f"{sort} {item.status}: {item.words} [{item.cites}]."
    for due in basis.due:
        yield f"It is {due_text(due)}." if due.breached_on is None else f"It {due_text(due)}."
    if basis.done and not basis.due and not basis.act.recurs:
        days = " and ".join(map(day_text, basis.done))
        yield f"The history says that it has been done already, on {days}: is it to be done again?"
    for figure in figures:
        years = [reached.year for reached in figure.years if reached.text is None]
        if years:
            yield f"Not known: {figure.title}, {' and '.join(years)}."
    if law is not None:
        yield from law.open
    yield from (f"To be written: {what}." for what in document.write)


def _bearer(basis: Basis, policy: Core) -> str:
    return policy.parties.get(basis.act.bearer, basis.act.bearer.replace("_", " "))


def _subject(case: Case) -> str:
    return f"{case.label} ({case.subject})" if case.label else case.subject


def _followed(case: Case, policy: Core) -> str:
    """From which case it was drafted, so that it can be drafted again."""
    knowing = "" if case.on == case.known_at else f", with what was known on {day_text(case.known_at)}"
    return (
        f"From the case on {day_text(case.on)}{knowing}, under {policy.title} ({policy.id} {policy.edition}). "
        f"Digest of the history: {case.history_digest}. Digest of the evidence: {case.evidence_digest}."
    )
