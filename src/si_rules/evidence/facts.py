"""From an evidence record to the facts a decision may use: what was known on its dates, and to its audience."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen
from pydantic import BaseModel

from si_rules.evidence.absence import Missing, Source
from si_rules.evidence.data import Dispute, EvidenceError, datum_of, encoded
from si_rules.semantics.audiences import may_see
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Absent, Datum, Facts, Ignored, KnownNone, position_name
from si_rules.semantics.kinds import words
from si_rules.semantics.vocabulary import Collection, Field, Mark, Series
from si_rules.semantics.years import AcademicYear
from si_rules.source.canonical import digest

MOST_RECORDS = 200


def facts_of(record: BaseModel, policy: Core, on: datetime.date, known_at: datetime.date,
             roles: Iterable[str] | None = None) -> Facts:  # fmt: skip
    """What a decision *on* a date, with what was known at another, may use of a record.

    With `roles`, only what those roles may see: everything else is as if it had never been supplied,
    the digest and the list of ignored evidence included. Raises `EvidenceError`.
    """
    try:
        return _Reader(record, policy, on, known_at, None if roles is None else frozenset(roles)).read()
    except EvidenceError as error:
        identifier = str(getattr(record, policy.vocabulary.identified_by))
        raise EvidenceError(error.path, error.reason, identifier) from None


@frozen
class FactsOf:
    """Reads the facts about the subject of one record: `facts_of` with the record given, which stays at hand."""

    record: BaseModel

    def __call__(self, policy: Core, on: datetime.date, known_at: datetime.date, roles: frozenset[str] | None) -> Facts:
        """See `facts_of`."""
        return facts_of(self.record, policy, on, known_at, roles)


class _Reader:
    def __init__(self, record: BaseModel, policy: Core, on: datetime.date, known_at: datetime.date,
                 roles: frozenset[str] | None) -> None:  # fmt: skip
        self.record = record
        self.policy = policy
        self.vocabulary = policy.vocabulary
        self.origins = policy.vocabulary.origins
        self.on = on
        self.known_at = known_at
        self.roles = roles
        self.sources: Mapping[str, Source] = getattr(record, "provenance", {})
        self.data: dict[str, Datum] = {}
        self.closed: set[str] = set()
        self.counts: dict[str, int] = {}
        self.ignored: list[Ignored] = []
        self.supplied: dict[str, Any] = {}
        self.fields: dict[str | None, list[Field]] = {}  # those that may be seen, by what they stand under
        for field in self.vocabulary.fields.values():
            if self._visible(field):
                self.fields.setdefault(field.parent, []).append(field)

    def read(self) -> Facts:
        self._check_sources()
        identifier = str(getattr(self.record, self.vocabulary.identified_by))
        labelled_by = self.vocabulary.labelled_by
        label = getattr(self.record, labelled_by) if labelled_by else None
        for field in self.fields.get(None, ()):
            self._keep(field.path, field, getattr(self.record, field.key, None))
        for series in self.vocabulary.series.values():
            self._series(series)
        for collection in self.vocabulary.collections.values():
            self._collection(collection)
        self._judgements()
        document = {"subject": {"id": identifier, "label": label}, "data": self.supplied}
        ignored = tuple(sorted(self.ignored, key=lambda item: (item.path, item.reason)))
        return Facts(identifier, label, self.data, frozenset(self.closed), ignored, digest(document), self.counts)

    def _visible(self, field: Field) -> bool:
        return self.roles is None or may_see(self.roles, self.policy.audience_of(field.path))

    def _keep(self, path: str, field: Field, raw: Any) -> None:
        datum = datum_of(path, field, raw, self._shown(path), self.origins)
        if datum is not None:
            self.data[path] = self._settled(datum)
            self.supplied[path] = encoded(datum)

    def _check_sources(self) -> None:
        """Refuse a source of what cannot be there: a slip would lose it silently."""
        vocabulary = self.vocabulary
        for path in self.sources:
            parts = path.split(".")
            heads = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
            known = vocabulary.series.keys() | {c.listed_under for c in vocabulary.collections.values()}
            if heads.isdisjoint(known) and path not in vocabulary.fields:
                raise EvidenceError("provenance", f"{path[:40]!r} is no place in this evidence")

    def _shown(self, path: str, whole: Source | None = None, published: datetime.date | None = None,
               told: str | None = None) -> str | None:  # fmt: skip
        """Where a datum comes from, for people: what is told of it, its place in a table, the day of publication.

        `whole` is the place of the record or the year it is part of, where it has none of its own.
        """
        source = self.sources.get(path, whole) if self.sources else None
        if source is not None:
            told = source.place() if told is None else f"{told}, {source.place()}"
            published = source.published or published
        if published is None:
            return told
        return f"published {published}" if told is None else f"{told}, published {published}"

    # ---- series and records
    def _series(self, series: Series) -> None:
        years: dict[str, BaseModel] = getattr(self.record, series.name, {})
        fields = self.fields.get(series.name, [])
        for key, entry in sorted(years.items()):
            given = [(field, raw) for field in fields if (raw := getattr(entry, field.key, None)) is not None]
            if not given:
                continue
            published = getattr(entry, series.known_from, None) if series.known_from else None
            other = self._other(series.mark, entry)
            base = f"{series.name}.{AcademicYear.parse(key)}"
            reason = self._not_counted(series, other)
            if published is not None and published > self.known_at:
                reason = f"published {published}, after what was known at {self.known_at}"
            whole, told = self.sources.get(base), _of_other(series.mark, other)
            shown = self._shown(base, whole, published, told)
            for field, raw in given:
                path = f"{base}.{field.key}"
                own = self._shown(path, whole, published, told) if self.sources else shown
                datum = datum_of(path, field, raw, own, self.origins)
                self.supplied[path] = encoded(datum)
                if reason is None and datum is not None:
                    self.data[path] = self._settled(datum)
            if reason is not None:
                self.ignored.append(Ignored(base, reason))
            if published is not None:
                self.supplied[f"{base}.{series.known_from}"] = str(published)
            if series.mark is not None and other is not None:
                self.supplied[f"{base}.{series.mark.key}"] = other

    def _collection(self, collection: Collection) -> None:
        listed = getattr(self.record, collection.listed_under, None)
        fields = self.fields.get(collection.name, [])
        if listed is None or not fields:
            return
        name = collection.listed_under
        if isinstance(listed, Missing):
            self.supplied[name] = {"absent": listed.absent}
            for position in ("latest", "previous"):
                for field in fields:
                    self.data[f"{name}.{position}.{field.key}"] = Absent(listed.absent)
            return
        usable = sorted(self._usable(collection, listed, fields), key=lambda pair: pair[0], reverse=True)
        if len(usable) > MOST_RECORDS:
            raise EvidenceError(name, f"has {len(usable)} records; at most {MOST_RECORDS} are read")
        complete = self._complete(collection, listed)
        if complete:
            self.closed.add(name)
            self.counts[name] = len(usable)
        for place in range(max(2, len(usable))):
            for field in fields:
                path = f"{name}.{position_name(place)}.{field.key}"
                if place < len(usable):
                    self._of_record(collection, path, field, *usable[place])
                elif complete:
                    self.data[path] = KnownNone("the record holds no such " + collection.name)

    def _of_record(self, collection: Collection, path: str, field: Field, day: datetime.date, entry: BaseModel) -> None:
        """A field of a record; of one that is too old for the policy, missing as stale."""
        other = _of_other(collection.mark, self._other(collection.mark, entry))
        told = f"{collection.title}, {day}" if other is None else f"{collection.title}, {other}, {day}"
        if self.sources:
            base = f"{collection.listed_under}.{day}"
            told = self._shown(f"{base}.{field.key}", self.sources.get(base), None, told) or told
        datum = datum_of(path, field, getattr(entry, field.key, None), told, self.origins)
        if (
            datum is not None
            and self.policy.too_old(collection.name, day, self.on)
            and field.key != collection.dated_by
        ):
            datum = Absent("stale")
        if datum is not None:
            self.data[path] = self._settled(datum)

    def _settled(self, datum: Datum | Dispute) -> Datum:
        """A datum that is disputed as the policy's preferences leave it."""
        if not isinstance(datum, Dispute):
            return datum
        settled = self.policy.settled_dispute(datum.candidates)
        return evolve(settled, provenance=datum.provenance) if isinstance(settled, Absent) else settled

    def _usable(self, collection: Collection, listed: Iterable[BaseModel],
                fields: list[Field]) -> Iterator[tuple[datetime.date, BaseModel]]:  # fmt: skip
        """The records that count, with their days. What does not is among what is ignored."""
        shown = []
        own: set[datetime.date] = {
            getattr(entry, collection.dated_by) for entry in listed if self._other(collection.mark, entry) is None
        }
        seen: set[tuple[datetime.date, bool]] = set()
        for entry in listed:
            day: datetime.date = getattr(entry, collection.dated_by)
            other = self._other(collection.mark, entry)
            path = f"{collection.listed_under}.{day}"
            reason = self._not_counted(collection, other)
            if reason is None and (day, other is not None) in seen:
                raise EvidenceError(
                    collection.listed_under, f"holds two records of one day, {day}: neither is the later"
                )
            seen.add((day, other is not None))
            known: datetime.date = getattr(entry, collection.known_from) or day
            content = {field.key: encoded(datum_of(f"{collection.listed_under}.{field.key}", field,
                                                    getattr(entry, field.key, None), None, self.origins))
                       for field in fields if field.key != collection.dated_by}  # fmt: skip
            marked = {} if collection.mark is None or other is None else {collection.mark.key: other}
            shown.append({"day": str(day), "known": str(known), **content, **marked})
            if day > self.on:
                self.ignored.append(Ignored(path, f"dated {day}, after the decision's date {self.on}"))
            elif known > self.known_at:
                self.ignored.append(Ignored(path, f"published {known}, after what was known at {self.known_at}"))
            elif reason is not None:
                self.ignored.append(Ignored(path, reason))
            elif other is not None and day in own:
                told = _of_other(collection.mark, other)
                self.ignored.append(Ignored(path, f"{told}, while there is one of the {self._noun} itself of this day"))
            else:
                yield day, entry
        self.supplied[collection.listed_under] = sorted(shown, key=lambda item: (item["day"], str(item)))

    # ---- what is of another, which the subject followed
    @property
    def _noun(self) -> str:
        return words(self.vocabulary.noun)

    @staticmethod
    def _other(mark: Mark | None, entry: BaseModel) -> str | None:
        """The id of the other subject that an entry is of; None for one of the subject's own."""
        other = None if mark is None else getattr(entry, mark.key, None)
        return None if other is None else str(other)

    def _not_counted(self, holder: Collection | Series, other: str | None) -> str | None:
        """Why an entry of another does not count; None where it does."""
        if other is None or holder.name in self.policy.counted:
            return None
        return f"{_of_other(holder.mark, other)}, and the policy counts only the {self._noun}'s own"

    def _complete(self, collection: Collection, listed: tuple[BaseModel, ...]) -> bool:
        """Whether a supplied list is all there is.

        One that holds only records of others says nothing of the subject's own. And where those of others
        count, one that holds none of them is only whole where it is known that there was no other.
        """
        mark = collection.mark
        if mark is None:
            return True
        others = sum(self._other(mark, entry) is not None for entry in listed)
        if collection.name not in self.policy.counted:
            return others == 0 or others < len(listed)
        return others > 0 or self._had_none(self.vocabulary.collections[mark.other])

    def _had_none(self, others: Collection) -> bool:
        """Whether it is known that the subject followed no other, as far as that was known."""
        listed = getattr(self.record, others.listed_under, None)
        if not self.fields.get(others.name) or not isinstance(listed, tuple):
            return False
        days = ((getattr(entry, others.dated_by), getattr(entry, others.known_from)) for entry in listed)
        return not any(day <= self.on and (known or day) <= self.known_at for day, known in days)

    # ---- judgements
    def _judgements(self) -> None:
        given = getattr(self.record, "judgements", {})
        for name in sorted(given):
            judgement = self.policy.judgements.get(name)
            if judgement is None:
                if self.roles is None:  # nobody has said who may see it, so only who may see everything is told
                    self.ignored.append(Ignored(f"judgements.{name}", "the policy declares no such judgement"))
                continue
            if not self._visible(judgement.field):
                continue
            entry = given[name]
            path = judgement.field.path
            made = " ".join(str(part) for part in (entry.author, entry.date) if part is not None)
            shown = ", ".join(part for part in (made, entry.role, entry.document) if part)
            datum = datum_of(path, judgement.field, entry.value, f"judged by {shown}" if shown else None, self.origins)
            if datum is None:
                continue
            self.supplied[path] = [
                encoded(datum),
                *(
                    None if part is None else str(part)
                    for part in (entry.author, entry.role, entry.date, entry.document)
                ),
            ]
            if entry.date is not None and entry.date > min(self.on, self.known_at):
                late = "the decision's date" if entry.date > self.on else "what was known at"
                day = self.on if entry.date > self.on else self.known_at
                self.ignored.append(Ignored(path, f"made {entry.date}, after {late} {day}"))
            elif self.policy.too_old(path, entry.date, self.on):
                self.data[path] = Absent("stale")
            else:
                self.data[path] = self._settled(datum)


def _of_other(mark: Mark | None, other: str | None) -> str | None:
    """`of the predecessor 106668`, for an entry that is of another."""
    return None if mark is None or other is None else f"of the {words(mark.other)} {other}"
