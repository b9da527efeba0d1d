"""What other systems import: a library of policies, a policy, and decisions by it."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import define, field, frozen
from pydantic import BaseModel

from si_rules import shipped
from si_rules.decisions import basis
from si_rules.decisions.basis import Basis
from si_rules.decisions.compiled import Compiled
from si_rules.decisions.decision import Decision
from si_rules.evidence.conformity import unfit
from si_rules.evidence.facts import FactsOf, facts_of
from si_rules.library.editions import Edition, edition_in, find_editions
from si_rules.library.succession import nearest_editions
from si_rules.loading import (
    PolicyNotFound as PolicyNotFound,
    Stretch,
    editions_named,
    load_whole,
    standing,
    stretches_of,
)
from si_rules.pathways.case import Case
from si_rules.pathways.follow import ReadFacts, follow_prepared
from si_rules.pathways.history import History
from si_rules.pathways.prepared import InForce, Prepared
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Facts
from si_rules.source.canonical import digest
from si_rules.source.diagnostics import Diagnostic, PolicyError
from si_rules.source.text import EditionFile

_DAY = datetime.timedelta(days=1)


class NotInForce(LookupError):
    """A policy is not in force on a date; the message says when it is."""


def _as_tuple(records: Iterable[BaseModel]) -> tuple[BaseModel, ...]:
    return tuple(records)


@frozen
class Cohort:
    """A whole set of subjects that figures speak of: a name, and the evidence about each member.

    `unread` is how many more members there are whose evidence could not be read: with some of these, figures are
    known between limits only. What the figures of a policy make of the members is worked out once and kept while this
    object is used.
    """

    name: str
    records: tuple[BaseModel, ...] = field(converter=_as_tuple, repr=False)
    unread: int = 0
    _readers: basis.Cohort = field(init=False, repr=False, eq=False)

    @_readers.default
    def _read(self) -> basis.Cohort:
        return basis.Cohort(self.name, tuple(FactsOf(record) for record in self.records), self.unread)

    @property
    def readers(self) -> basis.Cohort:
        """What gives the facts about each member, for `Basis.decide`."""
        return self._readers


@frozen
class _From:
    """What decides from a day of the decision on, and from a day of knowledge on."""

    first: datetime.date
    known_from: datetime.date
    basis: Basis


@define
class Policy:
    """One edition of a policy, ready to decide.

    `later` are the cores from a day of the decision or of knowledge on, where a policy that is used changes its edition
    while this one is in force, or an amendment begins to count.
    `folder` is where its files lie; letters may lie beside them. `files` are all that went into it, as they were read.
    """

    core: Core = field(repr=False)
    digest: str
    warnings: tuple[Diagnostic, ...] = ()
    later: tuple[Stretch, ...] = field(default=(), repr=False)
    folder: Path | None = field(default=None, repr=False, eq=False)
    files: tuple[EditionFile, ...] = field(default=(), repr=False, eq=False)
    _bases: list["_From"] = field(init=False, repr=False)
    _fit: set[type[BaseModel]] = field(init=False, factory=set, repr=False)

    def __attrs_post_init__(self) -> None:
        self._bases = [
            _From(s.first, s.known_from, Basis(s.core, self.digest, files=self.files)) for s in self.stretches
        ]

    def roles(self, wanted: Iterable[str]) -> frozenset[str]:
        """Roles as a set. Raises ValueError for one that the vocabulary does not declare."""
        return self._bases[0].basis.roles(wanted)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The cores, each from a day of the decision and a day of knowledge on; the first from ever."""
        return stretches_of(self.core, self.digest, self.later)

    def core_on(self, on: datetime.date, known_at: datetime.date | None = None) -> Core:
        """The core that counts on a day, as known at a day (the same, if not given): it changes where a policy that is
        used does, and where an amendment begins to count.
        """
        return self._basis(on, known_at or on).policy

    def amended_from(self, known_at: datetime.date) -> list[datetime.date]:
        """The days from which on other amendments count than before, of those adopted by a day; each within the period."""
        days = sorted({stretch.first for stretch in self.stretches if stretch.first > self.core.in_force[0]})
        counting = [_counting(self.core_on(day, known_at)) for day in days]
        before = [_counting(self.core_on(self.core.in_force[0], known_at)), *counting]
        return [day for day, now, was in zip(days, counting, before, strict=False) if now != was]

    def _basis(self, on: datetime.date, known_at: datetime.date) -> Basis:
        return standing(self._bases, on, known_at).basis

    @property
    def id(self) -> str:
        """The policy's id, such as `doncaster.school_improvement`."""
        return self.core.id

    @property
    def edition(self) -> str:
        """The edition, such as `2015-16`."""
        return self.core.edition

    @property
    def in_force(self) -> tuple[datetime.date, datetime.date]:
        """The first and the last day on which it is in force."""
        return self.core.in_force

    def decide(self, evidence: BaseModel, *, on: datetime.date, known_at: datetime.date | None = None,
               cohort: Cohort | None = None, as_if: bool = False, audience: Iterable[str] | None = None) -> Decision:  # fmt: skip
        """Decide about one subject.

        `on` says which law applies, `known_at` (the same day, if not given) which evidence counts. The
        decision is for `audience`, for every role where none is named; `Decision.for_audience` gives the
        view of fewer. Figures speak of `cohort`; without it they are undetermined.

        Raises `NotInForce` outside the in-force period unless `as_if`; `EvidenceError` for a value the
        policy's scales do not have, of the subject or of a member of the cohort, which it says; TypeError for a
        model that lacks a field of the vocabulary; ValueError for an audience the vocabulary does not declare, and
        for a cohort without members or with one of them twice.
        """
        self._check_in_force(on, as_if)
        self._check_model(type(evidence))
        for model in {type(record) for record in cohort.records} if cohort is not None else ():
            self._check_model(model)
        found = self._basis(on, known_at or on)
        roles = None if audience is None else found.roles(audience)
        readers = None if cohort is None else cohort.readers
        return found.decide(FactsOf(evidence), on, known_at or on, not self._covers(on), roles, readers)

    def check(self, evidence: BaseModel, *, on: datetime.date, known_at: datetime.date | None = None,
              audience: Iterable[str] | None = None) -> None:  # fmt: skip
        """Say whether evidence can be decided on, without deciding: so that a cohort can be made of what can.

        Raises `EvidenceError`, TypeError and ValueError as `decide` does.
        """
        self._check_model(type(evidence))
        found = self._basis(on, known_at or on)
        roles = None if audience is None else found.roles(audience)
        found.try_reading(FactsOf(evidence), on, known_at or on, roles)

    def decide_many(self, evidences: Iterable[BaseModel], *, on: datetime.date, known_at: datetime.date | None = None,
                    cohort: Cohort | None = None, as_if: bool = False) -> Iterator[Decision]:  # fmt: skip
        """Decide about subjects one after another, as they come. Raises as `decide` does."""
        for evidence in evidences:
            yield self.decide(evidence, on=on, known_at=known_at, cohort=cohort, as_if=as_if)

    def compiled(self, *, on: datetime.date, known_at: datetime.date | None = None, as_if: bool = False) -> Compiled:
        """The policy as functions over prepared records, for who decides very often: see `Compiled`.

        Raises `NotInForce` outside the in-force period unless `as_if`, and ValueError for a policy that is too large, with
        a classification of more than 400 classes.
        """
        self._check_in_force(on, as_if)
        return Compiled(self._basis(on, known_at or on), on, known_at or on, not self._covers(on), self._check_model)

    def _covers(self, on: datetime.date) -> bool:
        first, last = self.core.in_force
        return first <= on <= last

    def _check_in_force(self, on: datetime.date, as_if: bool) -> None:
        if not self._covers(on) and not as_if:
            first, last = self.core.in_force
            raise NotInForce(
                f"{self.id} {self.edition} is in force from {first} to {last}, not on {on}; "
                "decide as if it were, or choose another edition"
            )

    def _check_model(self, model: type[BaseModel]) -> None:
        if model not in self._fit:
            lacking = unfit(model, self.core)
            if lacking:
                raise TypeError("; ".join(lacking))
            self._fit.add(model)


@define
class PolicyLibrary:
    """Policies in a folder. Editions are found by their headers, once, and loaded when asked for.

    What is found and loaded is kept as long as the library is: open it anew to see files that have changed since.
    """

    folder: Path
    keep: bool = True
    _found: list[Edition] | None = field(init=False, default=None, repr=False, eq=False)
    _loaded: dict[tuple[str, str], Policy] = field(init=False, factory=dict, repr=False)
    _prepared: dict[tuple[tuple[datetime.date, int], ...], Prepared] = field(
        init=False, factory=dict, repr=False, eq=False
    )

    @classmethod
    def bundled(cls) -> "PolicyLibrary":
        """The policies that come with the library."""
        return cls(shipped.policies_folder())

    @classmethod
    def open(cls, path: str | Path) -> "PolicyLibrary":
        """The policies in a folder. Raises `PolicyNotFound` where there is no such folder."""
        folder = Path(path)
        if not folder.is_dir():
            raise PolicyNotFound(f"there is no folder {folder}")
        return cls(folder)

    def editions(self) -> list[Edition]:
        """Every edition, by id and first day."""
        if self._found is None:
            self._found = find_editions(self.folder)
        return list(self._found)

    def in_force(self, id: str, on: datetime.date) -> Policy:
        """The edition of a policy in force on a day.

        Raises `PolicyNotFound` for an unknown id, `NotInForce` where no edition covers the day, which names those
        nearest to it, or several do; `PolicyError` where it cannot be used.
        """
        known = self._editions_of(id)
        found = [edition for edition in known if edition.covers(on)]
        if len(found) == 1:
            return self._load(found[0])
        if found:
            spans = "; ".join(f"{e.edition} ({' to '.join(map(str, e.in_force or ()))})" for e in found)
            many = "two" if len(found) == 2 else str(len(found))
            raise NotInForce(f"{many} editions of {id} are in force on {on}: {spans}")
        raise NotInForce(f"no edition of {id} is in force on {on}; {nearest_editions(known, on)}")

    def edition(self, id: str, edition: str) -> Policy:
        """One edition by name. Raises `PolicyNotFound` or `PolicyError`."""
        known = self._editions_of(id)
        for found in known:
            if found.edition == edition:
                return self._load(found)
        raise PolicyNotFound(f"{id} has no edition {edition}; there is {', '.join(e.edition for e in known)}")

    def follow(self, id: str, history: History, *, on: datetime.date, known_at: datetime.date | None = None,
               evidence: BaseModel | None = None, audience: Iterable[str] | None = None) -> Case:  # fmt: skip
        """Follow the history of a case through the pathways of a policy, on a day, as known at a day.

        Each event goes by the edition in force on its day. Without `evidence` nothing but the history is known; without
        `audience` everything is shown. Raises `PolicyNotFound`, `NotInForce` where no edition covers `on`,
        `PolicyError`, `EvidenceError`, and ValueError for evidence of another subject or an unknown audience.
        """
        self.in_force(id, on)
        editions = [e for e in self._editions_of(id) if e.in_force is not None and e.in_force[0] <= on]
        policies = [(e.in_force[0], self._load(e)) for e in editions if e.in_force is not None]
        known = _in_force(policies, on, known_at or on)
        prepared = self._prepared.setdefault(_key(known), Prepared(known))
        return _followed(prepared, policies[-1][1], history, on, known_at, evidence, audience)

    def _editions_of(self, id: str) -> list[Edition]:
        editions = self.editions()
        known = [edition for edition in editions if edition.id == id]
        if not known:
            ids = ", ".join(dict.fromkeys(edition.id for edition in editions)) or "none"
            raise PolicyNotFound(f"there is no policy {id}; the library holds: {ids}")
        return known

    def _load(self, edition: Edition) -> Policy:
        key = (edition.id, edition.edition)
        if key not in self._loaded:
            self._loaded[key] = load_edition(edition, self.folder, self.keep)
        return self._loaded[key]


def follow_through(policies: list[tuple[datetime.date, Policy]], history: History, *, on: datetime.date,
                   known_at: datetime.date | None = None, evidence: BaseModel | None = None,
                   audience: Iterable[str] | None = None) -> Case:  # fmt: skip
    """Follow a history through editions of a policy, each with its first day, the oldest first. Raises as `PolicyLibrary.follow`."""
    return _followed(
        Prepared(_in_force(policies, on, known_at or on)), policies[-1][1], history, on, known_at, evidence, audience
    )


def _in_force(policies: list[tuple[datetime.date, Policy]], on: datetime.date,
              known_at: datetime.date) -> list[InForce]:  # fmt: skip
    """The editions from their first days on; an edition as amended is one more, from the day on which that counts."""
    found: list[InForce] = []
    for start, policy in policies:
        starts = [start, *(day for day in policy.amended_from(known_at) if start < day <= on)]
        for begin, end in zip(starts, [*(day - _DAY for day in starts[1:]), max(start, on)], strict=True):
            found.append(InForce(begin, policy.core_on(max(begin, min(end, on)), known_at), policy.digest))
    return found


def _counting(core: Core) -> tuple[str, ...]:
    """The titles of the amendments that count."""
    return tuple(item.title for item in core.amendments if item.counts)


def _key(editions: list[InForce]) -> tuple[tuple[datetime.date, int], ...]:
    return tuple((edition.start, id(edition.policy)) for edition in editions)


def _followed(editions: Prepared, latest: Policy, history: History, on: datetime.date, known_at: datetime.date | None,
              evidence: BaseModel | None, audience: Iterable[str] | None) -> Case:  # fmt: skip
    subject = history.subject if evidence is None else str(getattr(evidence, latest.core.vocabulary.identified_by))
    if subject != history.subject:
        raise ValueError(f"the history is of {history.subject}, the evidence of {subject}")
    roles = None if audience is None else latest.roles(audience)
    return follow_prepared(editions, history, _reading(evidence, history), on, known_at or on, roles)


def _reading(evidence: BaseModel | None, history: History) -> ReadFacts:
    """What reads the evidence of a case; nothing is known where there is none."""

    def read(policy: Core, day: datetime.date, at: datetime.date, roles: frozenset[str] | None) -> Facts:
        if evidence is None:
            return Facts(history.subject, history.label, {}, frozenset(), (), digest({}))
        return facts_of(evidence, policy, day, at, roles)

    return read


def policy_near(folder: Path | None, id: str, on: datetime.date, keep: bool = True) -> Policy:
    """The edition of a policy in force on a day, found where those are that a policy in this folder may use.

    Raises `PolicyNotFound`, `NotInForce` or `PolicyError`.
    """
    known = editions_named(id, folder or shipped.policies_folder())
    if not known:
        raise PolicyNotFound(f"there is no policy {id}")
    for edition, place in known:
        if edition.covers(on):
            return load_edition(edition, place, keep)
    raise NotInForce(f"no edition of {id} is in force on {on}; {nearest_editions([e for e, _ in known], on)}")


def open_policy(path: str | Path, keep: bool = True) -> Policy:
    """The policy of a folder, or of one file.

    Its vocabulary and the policies it uses are looked for beside it, in the folders above, and among
    those shipped. Raises `PolicyNotFound` or `PolicyError`.
    """
    place = Path(path)
    files = sorted(place.glob("*.policy")) if place.is_dir() else [place]
    if not files or not files[0].is_file():
        raise PolicyNotFound(f"there is no policy file {place}" if place.suffix else f"{place} holds no policy files")
    edition = edition_in(files)
    if edition is None:
        edition = Edition("", "", "", None, tuple(files), None)
    return load_edition(edition, files[0].parent, keep)


def load_edition(edition: Edition, folder: Path, keep: bool = True) -> Policy:
    """Load an edition. Raises `PolicyError` with everything that is wrong with it."""
    loaded = load_whole(edition, folder, keep)
    if not loaded.stretches:
        raise PolicyError(loaded.diagnostics)
    place = edition.files[0].parent
    first, *later = loaded.stretches
    return Policy(first.core, loaded.digest, tuple(loaded.diagnostics), tuple(later), place, loaded.files)
