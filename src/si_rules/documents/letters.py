"""Letters drafted from decisions. A draft says what it is, what it rests on, who signs, and what is still missing."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from si_rules import shipped
from si_rules.decisions.account import SORTS, Account, ClassificationAccount, Follow, Following, MayFollow
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Standing
from si_rules.decisions.moderation_telling import ModerationAccount, moderated
from si_rules.decisions.view import rested_on
from si_rules.documents import as_html, as_markdown
from si_rules.documents.blocks import Block
from si_rules.documents.declaration import FORMS, Letter, letters_of
from si_rules.documents.draft_notice import notice_blocks
from si_rules.documents.following import following
from si_rules.documents.templates import Templates
from si_rules.library.letters import DECLARATION, LetterFiles, LettersUnusable, letters_beside, read_letters
from si_rules.policy import Policy
from si_rules.semantics.core import Core

NAMES: Final = frozenset({
    "decision", "interpretations", "letter", "missing", "others", "outcomes", "policy", "subject", "theirs", "triggers",
})  # fmt: skip
_MORE_BLANK: Final = re.compile(r"\n(?:[ \t]*\n){2,}")


@frozen
class Outcome:
    """A classification that a letter is about: what the rules say, and beside it what people decided, if they did.

    `stands` is the class that stands, the moderated one where there is one, None where there is none yet.
    """

    rules: ClassificationAccount
    moderation: ModerationAccount | None
    stands: str | None
    stands_title: str | None


@frozen
class Said:
    """What follows, of one sort each, and `possible`, what may follow on a condition."""

    duties: tuple[Follow, ...]
    powers: tuple[Follow, ...]
    recommendations: tuple[Follow, ...]
    expectations: tuple[Follow, ...]
    candidates: tuple[Follow, ...]
    possible: tuple["Possibly", ...]


@frozen
class Possibly:
    """What follows on a condition."""

    condition: str
    follows: tuple[Follow, ...]


@frozen
class Heading:
    """What the letter is: its title, for whom it is signed and by whom, and the paragraph that brings it."""

    title: str
    signed_for: str | None
    signed_by: str | None
    cites: str | None


@frozen
class Draft:
    """A draft of a letter to one subject, in each of its forms, with the notice at its head.

    `status` says whether the policy brings the letter: it follows, or it is possible; `sort` whether it is a duty or
    a power, None where the policy does not speak of it.
    """

    letter: Letter
    subject: str
    status: str
    sort: str | None
    missing: tuple[str, ...]
    texts: dict[str, str]


@frozen
class Letters:
    """The letters of a policy, ready to be drafted."""

    policy: Core
    files: LetterFiles
    letters: dict[str, Letter]
    _templates: dict[str, Templates]
    _bearing: dict[str, frozenset[str]]

    @classmethod
    def of(cls, policy: Policy, folder: str | Path | None = None) -> "Letters":
        """The letters of a folder; without one, those beside the policy, or else the plain letter for any policy.

        Raises `LettersUnusable` with file and line where they cannot be used; `ExtraMissing` without Jinja2.
        """
        if folder is not None:
            return cls.made(read_letters(Path(folder)), policy.core)
        beside = letters_beside(policy.folder) if policy.folder is not None else None
        return cls.made(read_letters(beside or shipped.letters_folder()), policy.core)

    @classmethod
    def made(cls, files: LetterFiles, policy: Core) -> "Letters":
        """The letters of files that were read. Raises as `of` does."""
        letters = letters_of(files.declaration, files.templates, policy)
        if not letters:
            raise LettersUnusable(f"{DECLARATION} declares no letter")
        templates = {form: Templates(files.templates, form, NAMES) for form in FORMS}
        if files.style is not None and "<" in files.style:
            raise LettersUnusable("letters.css: a style holds no `<`")
        return cls(policy, files, letters, templates, bearing(policy))

    def draft(self, name: str, decision: Decision, standing: Mapping[str, Standing] | None = None,
              forms: tuple[str, ...] = FORMS) -> Draft | None:  # fmt: skip
        """The draft of a letter, or None where nothing in the decision brings it.

        The decision may be one for more people: the letter is made from the view of its own audience. `standing`
        are the moderations of the decision. Raises `LettersUnusable`, with the line, for what a template names and
        there is not; ValueError where the decision was not made for the letter's audience.
        """
        letter = self.letters[name]
        view = decision if decision.audience == (letter.audience,) else decision.for_audience({letter.audience})
        account = view.account()
        moderations = moderated(account, standing or {}, {letter.audience})
        then = _told(letter, following(view, account, moderations))
        brought = _brought(letter, account)
        if brought is None:
            return None
        status, rests_on = brought
        notice, missing = notice_blocks(letter, self.policy, account, moderations, rests_on, status)
        values = self._values(letter, account, moderations, then, rests_on, missing)
        texts = {form: self._text(letter, form, account, notice, values) for form in letter.forms if form in forms}
        return Draft(letter, account.subject.id, status, rests_on.sort if rests_on else None, missing, texts)

    def _text(self, letter: Letter, form: str, account: Account, notice: tuple[Block, ...],
              values: Mapping[str, object]) -> str:  # fmt: skip
        body = self._templates[form].fill(f"{letter.name}.{form}.jinja", values).strip("\n")
        if form == "md":
            even = _MORE_BLANK.sub("\n\n", body)  # so that a template need not count its blank lines
            return f"{as_markdown.markdown(notice)}\n---\n\n{even}\n"
        title = f"Draft: {letter.title}, {account.subject.name}"
        opening = as_html.opening(title, self.files.style or as_html.STYLE)
        return f"{opening}{as_html.html(notice)}<main>\n{body}\n</main>\n{as_html.CLOSING}"

    def _values(self, letter: Letter, account: Account, moderations: Mapping[str, ModerationAccount], then: Following,
                rests_on: Follow | None, missing: tuple[str, ...]) -> dict[str, object]:  # fmt: skip
        told = {item.id: item for item in account.classifications}
        triggers = tuple(t for t in account.triggers if t.status == "holds" and t.id in letter.triggers)
        bear = [
            *letter.about,
            *(t.id for t in triggers),
            *(rule for item in then.follows for rule in item.rule.split(", ")),
        ]
        ids = {id for name in bear for id in self._bearing.get(name, ())}
        return {
            "letter": Heading(
                letter.title,
                rests_on.bearer_title if rests_on else None,
                letter.signed_by,
                rests_on.cites if rests_on else None,
            ),
            "subject": account.subject,
            "policy": account.policy,
            "decision": account,
            "outcomes": tuple(_outcome(told[name], moderations.get(name)) for name in letter.about if name in told),
            "theirs": _said(then, letter.to, True),
            "others": _said(then, letter.to, False),
            "triggers": triggers,
            "interpretations": tuple(item for item in account.interpretations if item.id in ids),
            "missing": missing,
        }


def _told(letter: Letter, then: Following) -> Following:
    """What a letter tells of what follows: what its own classifications and triggers bring, and what it names."""

    def told(item: Follow) -> bool:
        if item.action == letter.action:
            return False  # the letter itself
        rules = item.rule.split(", ")
        own = any(rule == name or rule.startswith(f"{name}.") for rule in rules for name in letter.about)
        return own or item.action in letter.also or any(rule in letter.triggers for rule in rules)

    groups = (MayFollow(g.condition, tuple(pair for pair in g.follows if told(pair[0]))) for g in then.may_follow)
    return Following(tuple(filter(told, then.follows)), tuple(group for group in groups if group.follows))


def bearing(policy: Core) -> dict[str, frozenset[str]]:
    """The interpretations that a classification, a trigger or a fact may rest on, with what each brings."""
    found: dict[str, set[str]] = {}
    for name, classification in policy.classifications.items():
        found[name] = set(classification.interpretations)
        for described in classification.classes:
            found[name] |= {*described.interpretations, *rested_on(policy, described.clauses)}
    for rule in policy.rules.values():
        if rule.sort in ("fact", "trigger"):
            found[rule.id] = rested_on(policy, [rule.id])
    for item in policy.consequences:
        owner = item.rule if item.rule in found else item.rule.rpartition(".")[0]
        found.setdefault(owner, set()).update(item.interpretations)
    return {name: frozenset(ids) for name, ids in found.items()}


def _brought(letter: Letter, account: Account) -> tuple[str, Follow | None] | None:
    """Whether and by what a decision brings a letter."""
    if letter.action is None:
        return "follows", None
    for item in account.follows:
        if item.action == letter.action:
            return "follows", item
    for group in account.may_follow:
        for item, _ in group.follows:
            if item.action == letter.action:
                return "possible", item
    return None


def _outcome(found: ClassificationAccount, moderation: ModerationAccount | None) -> Outcome:
    if moderation is not None:
        return Outcome(found, moderation, moderation.outcome, moderation.outcome_title)
    return Outcome(found, None, found.outcome, found.outcome_title)


def _said(then: Following, parties: tuple[str, ...], theirs: bool) -> Said:
    own = [item for item in then.follows if (item.bearer in parties) is theirs]
    duties, powers, recommendations, expectations, candidates = (
        tuple(item for item in own if item.sort == sort) for sort in dict.fromkeys(SORTS.values())
    )
    possible = tuple(_possibly(then, parties, theirs))
    return Said(duties, powers, recommendations, expectations, candidates, possible)


def _possibly(then: Following, parties: tuple[str, ...], theirs: bool) -> Iterator[Possibly]:
    for group in then.may_follow:
        found = tuple(item for item, _ in group.follows if (item.bearer in parties) is theirs)
        if found:
            yield Possibly(group.condition, found)
