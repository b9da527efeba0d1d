"""Letters drafted from decisions. A draft says what it is, what it rests on, who signs, and what is still missing."""

from collections.abc import Callable, Container, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from attrs import evolve, field, frozen

from si_rules import shipped
from si_rules.decisions.account import (
    Account,
    Follow,
    Following,
    Interpretation,
    MayFollow,
)
from si_rules.decisions.decision import Decision
from si_rules.decisions.moderation import Standing
from si_rules.decisions.moderation_telling import ModerationAccount, moderated
from si_rules.decisions.view import rested_on
from si_rules.documents.blocks import Block
from si_rules.documents.declaration import (
    FORMS,
    Letter,
    case_documents_in,
    check_elsewhere,
    letters_of,
    templates_without,
)
from si_rules.documents.draft_notice import notice_blocks
from si_rules.documents.filling import filled
from si_rules.documents.following import following
from si_rules.documents.letter_values import Heading, outcome_of, said_of
from si_rules.documents.templates import Templates
from si_rules.library.letters import DECLARATION, LetterFiles, LettersUnusable, letters_beside, read_letters
from si_rules.policy import NotInForce, Policy, PolicyNotFound, policy_near
from si_rules.semantics.core import Core
from si_rules.source.diagnostics import PolicyError

NAMES: Final = frozenset({
    "decision", "interpretations", "letter", "missing", "others", "outcomes", "policy", "subject", "theirs", "triggers",
})  # fmt: skip


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
    folder: Path | None
    _templates: dict[str, Templates]
    _bearing: dict[str, frozenset[str]]
    _further: dict[tuple[str, date], Policy] = field(factory=dict)

    @classmethod
    def of(cls, policy: Policy, folder: str | Path | None = None) -> "Letters":
        """The letters of a folder; without one, those beside the policy, or else the plain letter for any policy.

        Raises `LettersUnusable` with file and line where they cannot be used; `ExtraMissing` without Jinja2.
        """
        beside = letters_beside(policy.folder) if policy.folder is not None else None
        place = beside or shipped.letters_folder() if folder is None else Path(folder)
        return cls.made(read_letters(place), policy.core, policy.folder)

    @classmethod
    def made(cls, files: LetterFiles, policy: Core, folder: Path | None = None) -> "Letters":
        """The letters of files that were read, of a policy that lies in a folder. Raises as `of` does."""
        letters = letters_of(files.declaration, files.templates, policy)
        of_cases = case_documents_in(files.declaration)
        if not letters and not of_cases:
            raise LettersUnusable(f"{DECLARATION} declares no letter")
        sources = templates_without(files.templates, of_cases)
        templates = {form: Templates(sources, form, NAMES) for form in FORMS}
        if files.style is not None and "<" in files.style:
            raise LettersUnusable("letters.css: a style holds no `<`")
        return cls(policy, files, letters, folder, templates, bearing(policy))

    def further(self, on: date) -> dict[str, Policy]:
        """The other policies of which letters tell actions, in the editions in force on a day, by id.

        Of a day outside the period of the letters' own policy, the nearest in it counts: it is used as if it were then.
        Raises `LettersUnusable` where one is not there, cannot be used, or lacks what a letter names.
        """
        first, last = self.policy.in_force
        on = min(max(on, first), last)
        ids = dict.fromkeys(id for letter in self.letters.values() for id, _ in letter.elsewhere)
        for id in ids:
            if (id, on) not in self._further:
                try:
                    self._further[id, on] = policy_near(self.folder, id, on)
                except (PolicyNotFound, NotInForce) as error:
                    raise LettersUnusable(f"{DECLARATION}: {error.args[0]}, of which a letter tells") from None
                except PolicyError as error:
                    raise LettersUnusable(
                        f"{DECLARATION}: {id}, of which a letter tells, cannot be used: {error}"
                    ) from None
        found = {id: self._further[id, on] for id in ids}
        for letter in self.letters.values():
            for policy in found.values():
                check_elsewhere(letter, policy.core)
        return found

    def draft(self, name: str, decision: Decision, standing: Mapping[str, Standing] | None = None,
              further: Mapping[str, Decision] | None = None, forms: tuple[str, ...] = FORMS) -> Draft | None:  # fmt: skip
        """The draft of a letter, or None where nothing in the decision brings it.

        The decision may be one for more people: the letter is made from the view of its own audience. `standing`
        are the moderations of the decision, `further` the decisions about the same subject under the policies of
        `Letters.further`, by id; where one is lacking, the draft says so. Raises `LettersUnusable`, with the line, for
        what a template names and there is not; ValueError where a decision was not made for the letter's audience.
        """
        letter = self.letters[name]
        view = _view(decision, letter)
        account = view.account()
        moderations = moderated(account, standing or {}, {letter.audience})
        brought = _brought(letter, account)
        if brought is None:
            return None
        status, rests_on = brought
        then = _told(letter, following(view, account, moderations))
        others, lacking = self._others(letter, decision, further or {})
        notice, missing = notice_blocks(letter, self.policy, account, moderations, rests_on, status, lacking)
        values = self._values(
            letter, account, moderations, [_Told(account, then, self._bearing), *others], rests_on, missing
        )
        texts = {form: self._text(letter, form, account, notice, values) for form in letter.forms if form in forms}
        return Draft(letter, account.subject.id, status, rests_on.sort if rests_on else None, missing, texts)

    def _others(
        self, letter: Letter, decision: Decision, further: Mapping[str, Decision]
    ) -> tuple[list["_Told"], list[str]]:
        """What a letter tells of other policies, and the ids of those of which there is no decision."""
        ids = dict.fromkeys(id for id, _ in letter.elsewhere)
        policies = self.further(decision.on) if ids else {}
        told = []
        for id in ids:
            if id in further:
                if further[id].subject.id != decision.subject.id:
                    raise ValueError(
                        f"the decision under {id} is about {further[id].subject.id}, not {decision.subject.id}"
                    )
                account = _view(further[id], letter).account()
                wanted = {action for other, action in letter.elsewhere if other == id}
                then = _chosen(Following(account.follows, account.may_follow), _is_one_of(wanted))
                told.append(_Told(account, then, bearing(policies[id].core)))
        return told, [id for id in ids if id not in further]

    def _text(self, letter: Letter, form: str, account: Account, notice: tuple[Block, ...],
              values: Mapping[str, object]) -> str:  # fmt: skip
        title = f"Draft: {letter.title}, {account.subject.name}"
        return filled(self._templates[form], letter.name, form, title, notice, values, self.files.style)

    def _values(self, letter: Letter, account: Account, moderations: Mapping[str, ModerationAccount], told: list["_Told"],
                rests_on: Follow | None, missing: tuple[str, ...]) -> dict[str, object]:  # fmt: skip
        found = {item.id: item for item in account.classifications}
        triggers = tuple(t for t in account.triggers if t.status == "holds" and t.id in letter.triggers)
        bear = (*letter.about, *(trigger.id for trigger in triggers))
        interpretations = {
            item.id: item for one in told for item in one.interpretations(bear if one is told[0] else ())
        }
        pairs = (pair for one in reversed(told) for pair in one.account.policy.sources)
        sources = {source: title for source, title in pairs if "." not in source}  # those of policies used stay out
        follows = tuple(item for one in told for item in one.then.follows)
        then = Following(follows, tuple(group for one in told for group in one.then.may_follow))
        return {
            "letter": Heading(
                letter.title,
                rests_on.bearer_title if rests_on else None,
                letter.signed_by,
                rests_on.cites if rests_on else None,
            ),
            "subject": account.subject,
            "policy": evolve(account.policy, sources=tuple(sources.items())),
            "decision": account,
            "outcomes": tuple(outcome_of(found[name], moderations.get(name)) for name in letter.about if name in found),
            "theirs": said_of(then, letter.to, True),
            "others": said_of(then, letter.to, False),
            "triggers": triggers,
            "interpretations": tuple(interpretations.values()),
            "missing": missing,
        }


@frozen
class _Told:
    """What a letter tells of one decision: its account, what follows of it, and what may bear on each rule."""

    account: Account
    then: Following
    bearing: dict[str, frozenset[str]]

    def interpretations(self, more: tuple[str, ...]) -> list[Interpretation]:
        """The interpretations on which what is told rests, and those of further rules."""
        groups = (item for group in self.then.may_follow for item, _ in group.follows)
        rules = [*more, *(rule for item in (*self.then.follows, *groups) for rule in item.rule.split(", "))]
        ids = {id for name in rules for id in self.bearing.get(name, ())}
        return [item for item in self.account.interpretations if item.id in ids]


def _view(decision: Decision, letter: Letter) -> Decision:
    return decision if decision.audience == (letter.audience,) else decision.for_audience({letter.audience})


def _told(letter: Letter, then: Following) -> Following:
    """What a letter tells of what follows: what its own classifications and triggers bring, and what it names."""

    def told(item: Follow) -> bool:
        if item.action == letter.action:
            return False  # the letter itself
        rules = item.rule.split(", ")
        own = any(rule == name or rule.startswith(f"{name}.") for rule in rules for name in letter.about)
        return own or item.action in letter.also or any(rule in letter.triggers for rule in rules)

    return _chosen(then, told)


def _chosen(then: Following, wanted: Callable[[Follow], bool]) -> Following:
    """Only what is wanted of what follows, and of what may."""
    groups = (MayFollow(g.condition, tuple(pair for pair in g.follows if wanted(pair[0]))) for g in then.may_follow)
    return Following(tuple(filter(wanted, then.follows)), tuple(group for group in groups if group.follows))


def _is_one_of(actions: Container[str]) -> Callable[[Follow], bool]:
    return lambda item: item.action in actions


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
