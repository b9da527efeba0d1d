"""What a scenario gives: evidence by path, records by their day, and when something became known."""

import datetime
from collections.abc import Iterator

from attrs import define, field

from si_rules.semantics import core
from si_rules.semantics.audiences import may_see
from si_rules.semantics.facts import Absent, Datum, DoesNotApply, Facts, Ignored, Known, KnownNone, position_name
from si_rules.semantics.vocabulary import Collection, Field
from si_rules.source.canonical import digest


@define
class GivenEvidence:
    """The evidence of one case, gathered line by line: a later line takes the place of an earlier one.

    `data` holds what is given without a day, `records` what is given of dated records, `known` when a record or a
    year of results became known, `judged` when a judgement was made; `never` are the lists said to be empty.
    """

    data: dict[str, tuple[Field, Datum]] = field(factory=dict)
    records: dict[str, dict[datetime.date, dict[str, tuple[Field, Datum]]]] = field(factory=dict)
    known: dict[tuple[str, str], datetime.date] = field(factory=dict)
    judged: dict[str, datetime.date] = field(factory=dict)
    closed: set[str] = field(factory=set)
    never: set[str] = field(factory=set)

    def withdraw_never(self, listed_under: str) -> None:
        """Forget that a list is empty, if that was said: a record of it is given."""
        if listed_under in self.never:
            self.never.discard(listed_under)
            self.data = {path: given for path, given in self.data.items() if not path.startswith(f"{listed_under}.")}

    def positions(self, listed_under: str) -> bool:
        """Whether something is given of the latest or previous record of a list, without a day."""
        return any(path.startswith(f"{listed_under}.") for path in self.data)

    def facts(self, title: str, policy: core.Core, on: datetime.date, known_at: datetime.date,
              roles: frozenset[str] | None) -> Facts:  # fmt: skip
        """The facts of the case, for `Basis.decide`: what was known on its dates, and to its audience."""
        return _Reader(self, policy, on, known_at, roles).facts(title)


class _Reader:
    """Reads given evidence as evidence records are read: what is too late is ignored, and said to be."""

    def __init__(self, given: GivenEvidence, policy: core.Core, on: datetime.date, known_at: datetime.date,
                 roles: frozenset[str] | None) -> None:  # fmt: skip
        self.given = given
        self.policy = policy
        self.vocabulary = policy.vocabulary
        self.on = on
        self.known_at = known_at
        self.roles = roles
        self.data: dict[str, Datum] = {}
        self.ignored: dict[str, str] = {}
        self.counts: dict[str, int] = {}

    def facts(self, title: str) -> Facts:
        for path, (of, datum) in self.given.data.items():
            if self._visible(of) and not self._late(path, of):
                self.data[path] = Absent("stale") if self._stale(path) else datum
        closed = {name for name in self.given.closed if self._shows(name)}
        for name, by_day in self.given.records.items():
            collection = self._collection(name)
            if self._shows(name):
                self._place(collection, by_day)
        ignored = tuple(Ignored(path, reason) for path, reason in sorted(self.ignored.items()))
        document = {"case": title, "data": {path: str(datum) for path, datum in self.data.items()}}
        self.counts.update({name: 0 for name in closed if name not in self.counts and self._never(name)})
        return Facts(title, None, self.data, frozenset(closed), ignored, digest(document), self.counts)

    def _never(self, listed_under: str) -> bool:
        """Whether a list is known to be empty: its latest record is known to be none."""
        latest = [
            self.data.get(f"{listed_under}.latest.{of.key}") for of in self._fields(self._collection(listed_under))
        ]
        return all(isinstance(datum, KnownNone) for datum in latest)

    def _visible(self, of: Field) -> bool:
        if self.roles is None:
            return True
        shown = of.shown_to if of.path.startswith(("judgements.", "figures.")) else self.vocabulary.audience_of(of.path)
        return may_see(self.roles, shown)

    def _stale(self, path: str) -> bool:
        """Whether a judgement is too old; one given without a day was made on the day of the decision."""
        made = self.given.judged.get(path)
        return made is not None and self.policy.too_old(path, made, self.on)

    def _collection(self, listed_under: str) -> Collection:
        return next(c for c in self.vocabulary.collections.values() if c.listed_under == listed_under)

    def _fields(self, collection: Collection) -> list[Field]:
        return [f for f in self.vocabulary.fields.values() if f.parent == collection.name and self._visible(f)]

    def _shows(self, listed_under: str) -> bool:
        return bool(self._fields(self._collection(listed_under)))

    def _late(self, path: str, of: Field) -> bool:
        """Whether a result or a judgement came after what was known; then it is listed as ignored."""
        made = self.given.judged.get(path)
        if made is not None and made > min(self.on, self.known_at):
            late, day = ("the decision's date", self.on) if made > self.on else ("what was known at", self.known_at)
            self.ignored[path] = f"made {made}, after {late} {day}"
            return True
        series, _, rest = path.partition(".")
        year = rest.partition(".")[0]
        published = self.given.known.get((series, year)) if of.parent == series else None
        if published is None or published <= self.known_at:
            return False
        self.ignored[f"{series}.{year}"] = f"published {published}, after what was known at {self.known_at}"
        return True

    # ---- dated records
    def _place(self, collection: Collection, by_day: dict[datetime.date, dict[str, tuple[Field, Datum]]]) -> None:
        usable = sorted(self._usable(collection, by_day), reverse=True)
        self.counts[collection.listed_under] = len(usable)
        for place in range(max(2, len(usable))):
            for of in self._fields(collection):
                path = f"{collection.listed_under}.{position_name(place)}.{of.key}"
                if place >= len(usable):
                    self.data[path] = KnownNone("the record holds no such " + collection.name)
                    continue
                day = usable[place]
                if of.key == collection.dated_by:
                    self.data[path] = Known(day, f"{collection.title}, {day}")
                    continue
                datum = by_day[day].get(of.path, (of, None))[1]
                if datum is not None and self.policy.too_old(collection.name, day, self.on):
                    self.data[path] = Absent("stale")
                elif datum is not None:
                    self.data[path] = _sourced(datum, f"{collection.title}, {day}")

    def _usable(self, collection: Collection, days: dict[datetime.date, dict[str, tuple[Field, Datum]]]) -> Iterator[datetime.date]:  # fmt: skip
        for day in days:
            path = f"{collection.listed_under}.{day}"
            known = self.given.known.get((collection.listed_under, str(day)), day)
            if day > self.on:
                self.ignored[path] = f"dated {day}, after the decision's date {self.on}"
            elif known > self.known_at:
                self.ignored[path] = f"published {known}, after what was known at {self.known_at}"
            else:
                yield day


def _sourced(datum: Datum, provenance: str) -> Datum:
    match datum:
        case Known(value=value):
            return Known(value, provenance)
        case KnownNone():
            return KnownNone(provenance)
        case Absent() | DoesNotApply():
            return datum
