"""Which letters there are: `letters.toml`, held against the policy.

Each table is a letter. It names the action of the policy that sends it, so that a letter is drafted only where the
policy brings that action; the classifications it is about; the parties it speaks to; and who may read it.
"""

import tomllib
from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from attrs import frozen
from pydantic import Field, StringConstraints, ValidationError

from si_rules.evidence.absence import Record
from si_rules.evidence.readers import problems_of
from si_rules.library.letters import DECLARATION, LettersUnusable
from si_rules.semantics.audiences import PUBLIC, may_see
from si_rules.semantics.core import Core
from si_rules.source.nearest import nearest

FORMS: Final = ("md", "html")
MOST_LETTERS: Final = 50
EVERY: Final = "*"
_Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class _Table(Record):
    """A letter as the file writes it."""

    title: _Sentence
    about: tuple[_Name, ...] = Field(min_length=1)
    action: _Name | None = None
    triggers: tuple[_Name, ...] = ()
    also: tuple[_Name, ...] = ()
    elsewhere: tuple[_Name, ...] = ()
    to: tuple[_Name, ...] = ()
    audience: _Name = PUBLIC
    first: tuple[_Name, ...] = ()
    signed_by: _Sentence | None = None


@frozen
class Letter:
    """A letter that may be drafted.

    `action` is the action of the policy that sends it, None where the policy names none. `about` are the
    classifications it tells, `triggers` the triggers, `also` actions it tells though something else brings them; `*`
    in the file is every one that its readers may see. `elsewhere` are actions of other policies that it tells, each
    with the id of its policy. `to` are the parties whose duties and powers it calls theirs. `audience` is the one role
    it is made for: nothing stands in it that this role may not see. `first` are the actions that the policy puts
    before it. `signed_by` says who signs, None where the policy does not say. `forms` are those it has templates for.
    """

    name: str
    title: str
    action: str | None
    about: tuple[str, ...]
    triggers: tuple[str, ...]
    also: tuple[str, ...]
    elsewhere: tuple[tuple[str, str], ...]
    to: tuple[str, ...]
    audience: str
    first: tuple[str, ...]
    signed_by: str | None
    forms: tuple[str, ...]


def letters_of(declaration: str, templates: Iterable[str], policy: Core) -> dict[str, Letter]:
    """The letters of a declaration, by name. Raises `LettersUnusable` with the table and the key that is wrong."""
    found = set(templates)
    tables = tables_of(declaration)
    return {n: _letter(n, table, found, policy) for n, table in tables.items() if not _is_of_case(table)}


def tables_of(declaration: str) -> dict[str, object]:
    """The tables of a declaration, by name, as they are written. Raises `LettersUnusable` where it is no TOML."""
    try:
        tables = tomllib.loads(declaration)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LettersUnusable(f"{DECLARATION}: {str(error)[:200]}") from None
    if len(tables) > MOST_LETTERS:
        raise LettersUnusable(f"{DECLARATION}: there are more than {MOST_LETTERS} letters")
    return tables


def case_documents_in(declaration: str) -> dict[str, object]:
    """The tables of a declaration that are documents drafted from a case: they name a pathway."""
    return {name: table for name, table in tables_of(declaration).items() if _is_of_case(table)}


def _is_of_case(table: object) -> bool:
    return isinstance(table, Mapping) and "pathway" in table


def templates_without(templates: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """The templates but those of some letters or documents."""
    left_out = set(names)
    return {name: text for name, text in templates.items() if name.partition(".")[0] not in left_out}


def _letter(name: str, table: object, templates: set[str], policy: Core) -> Letter:
    if not isinstance(table, Mapping):
        raise LettersUnusable(f"{DECLARATION}: `{name}` is no letter; a letter begins with a line [{name}]")
    place = f"{DECLARATION}, [{name}]"
    try:
        read = _Table.model_validate({key: tuple(v) if isinstance(v, list) else v for key, v in table.items()})
    except ValidationError as error:
        path, reason = problems_of(error)[0]
        raise LettersUnusable(
            f"{place}, {path}: {reason.replace('a field of the vocabulary', 'a key of a letter')}"
        ) from None
    forms = forms_of(place, name, templates)
    audience = (read.audience,)
    known_name(place, "audience", audience, {PUBLIC, *policy.vocabulary.audiences}, "audience")
    known_name(place, "to", read.to, policy.parties, "party")
    acts = acts_for(policy, read.audience)
    known_name(place, "action", (read.action,) if read.action else (), acts, "action that its readers may see")
    known_name(place, "first", read.first, acts, "action that its readers may see")
    seen = {name: found for name, found in policy.classifications.items() if may_see(audience, found.audience)}
    triggers = [r.id for r in policy.rules.values() if r.sort == "trigger" and may_see(audience, r.audience)]
    about = _chosen(place, "about", read.about, seen, "classification that its readers may see")
    shown = _chosen(place, "triggers", read.triggers, triggers, "trigger that its readers may see")
    also = _chosen(place, "also", read.also, acts, "action that its readers may see")
    elsewhere = tuple(_elsewhere(place, name, policy) for name in read.elsewhere)
    told = read.action, about, shown, also, elsewhere, read.to, read.audience, read.first, read.signed_by
    return Letter(name, read.title, *told, forms)


def forms_of(place: str, name: str, templates: Iterable[str]) -> tuple[str, ...]:
    """The forms in which there is a template. Raises `LettersUnusable` where there is none."""
    there = set(templates)
    forms = tuple(form for form in FORMS if f"{name}.{form}.jinja" in there)
    if not forms:
        raise LettersUnusable(f"{place}: there is no template {name}.md.jinja or {name}.html.jinja beside it")
    return forms


def _elsewhere(place: str, written: str, policy: Core) -> tuple[str, str]:
    """The policy and the action that a name means: `doncaster.school_year.add_evidence`."""
    id, _, action = written.rpartition(".")
    if not id or id == policy.id:
        raise LettersUnusable(
            f"{place}, elsewhere: {written!r} names no action of another policy, as in other.policy.send_reminder"
        )
    return id, action


def acts_for(policy: Core, audience: str) -> dict[str, None]:
    """The actions of a policy that some readers may see."""
    return dict.fromkeys(item.action for item in policy.consequences if may_see((audience,), item.audience))


def check_elsewhere(letter: Letter, policy: Core) -> None:
    """Raise `LettersUnusable` where a letter names an action that another policy does not have for its readers."""
    place = f"{DECLARATION}, [{letter.name}]"
    names = [action for id, action in letter.elsewhere if id == policy.id]
    known_name(
        place, "elsewhere", names, acts_for(policy, letter.audience), "action that its readers may see", policy.id
    )


def _chosen(place: str, key: str, names: tuple[str, ...], known: Iterable[str], what: str) -> tuple[str, ...]:
    there = tuple(known)
    if names == (EVERY,):
        return there
    known_name(place, key, names, there, what)
    return names


def known_name(place: str, key: str, names: Iterable[str], known: Iterable[str], what: str,
               whose: str = "the policy") -> None:  # fmt: skip
    """Raise `LettersUnusable`, with the nearest that is there, where a name is none of those that are known."""
    there = list(known)
    for name in names:
        if name not in there:
            guess = nearest(name, there)
            hint = f"; did you mean {guess}?" if guess else ""
            raise LettersUnusable(f"{place}, {key}: {whose} has no {what} {name!r}{hint}")
