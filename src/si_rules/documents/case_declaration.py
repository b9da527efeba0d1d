"""Which documents are drafted from a case: the tables of `letters.toml` that name a pathway, held against the policy."""

from collections.abc import Iterable
from typing import Annotated, Final

from attrs import frozen
from pydantic import Field, StringConstraints, ValidationError

from si_rules.documents.declaration import case_documents_in, forms_of, known_name
from si_rules.evidence.absence import Record
from si_rules.evidence.readers import problems_of
from si_rules.library.letters import DECLARATION, LettersUnusable
from si_rules.pathways.visible import visible
from si_rules.semantics.audiences import PUBLIC
from si_rules.semantics.core import Core

MOST_FIGURES: Final = 100
_Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class _Table(Record):
    """A document as the file writes it."""

    title: _Sentence
    pathway: _Name
    action: _Name
    audience: _Name = PUBLIC
    figures: tuple[_Name, ...] = Field(default=(), max_length=MOST_FIGURES)
    write: tuple[_Sentence, ...] = ()
    law: _Name | None = None
    signed_by: _Sentence | None = None


@frozen
class CaseDocument:
    """A document that may be drafted from a case.

    `action` is that of a power or duty of the `pathway`: without it in the present state there is no draft. `audience`
    is the one role it is made for. `figures` are fields of results that it shows by year. `write` says what no evidence
    tells, and somebody has to write. `law` is the id of a policy of the law that speaks of the same event.
    """

    name: str
    title: str
    pathway: str
    action: str
    audience: str
    figures: tuple[str, ...]
    write: tuple[str, ...]
    law: str | None
    signed_by: str | None
    forms: tuple[str, ...]


def documents_of(declaration: str, templates: Iterable[str], policy: Core) -> dict[str, CaseDocument]:
    """The documents of a declaration, by name. Raises `LettersUnusable` with the table and the key that is wrong."""
    found = set(templates)
    return {name: _document(name, table, found, policy) for name, table in case_documents_in(declaration).items()}


def _document(name: str, table: object, templates: set[str], policy: Core) -> CaseDocument:
    place = f"{DECLARATION}, [{name}]"
    assert isinstance(table, dict)
    try:
        read = _Table.model_validate({key: tuple(v) if isinstance(v, list) else v for key, v in table.items()})
    except ValidationError as error:
        path, reason = problems_of(error)[0]
        told = reason.replace("a field of the vocabulary", "a key of a document drafted from a case")
        raise LettersUnusable(f"{place}, {path}: {told}") from None
    known_name(place, "audience", (read.audience,), {PUBLIC, *policy.vocabulary.audiences}, "audience")
    shown = visible(policy, frozenset({read.audience}))
    known_name(place, "pathway", (read.pathway,), shown.pathways, "pathway that its readers may see")
    states = shown.pathways[read.pathway].states.values()
    acts = {item.action for state in states for item in state.powers}
    acts |= {item.action for state in states for item in state.duties}
    known_name(
        place, "action", (read.action,), sorted(acts), "action that its readers may see", f"the pathway {read.pathway}"
    )
    results = [path for path, field in shown.vocabulary.fields.items() if field.parent in shown.due]
    known_name(
        place, "figures", read.figures, results, "result, with a day on which it is due, that its readers may see"
    )
    return CaseDocument(name=name, forms=forms_of(place, name, templates), **dict(read))
