"""From an evidence record to the facts a decision may use: what was known on its dates, and to its audience."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from si_rules.evidence.absence import Missing, Source
from si_rules.evidence.data import Dispute, EvidenceError, datum_of, encoded
from si_rules.semantics.audiences import may_see
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Absent, Datum, Facts, Ignored, KnownNone, position_name
from si_rules.semantics.vocabulary import Collection, Field, Series
from si_rules.semantics.years import AcademicYear
from si_rules.source.canonical import digest

MOST_RECORDS = 200


def facts_of(record: BaseModel, policy: Core, on: datetime.date, known_at: datetime.date,
             roles: Iterable[str] | None = None) -> Facts:  # fmt: skip
    """What a decision *on* a date, with what was known at another, may use of a record.

    With `roles`, only what those roles may see: everything else is as if it had never been supplied,
    the digest and the list of ignored evidence included. Raises `EvidenceError`.
    """
    return _Reader(record, policy, on, known_at, None if roles is None else frozenset(roles)).read()


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
        identifier = str(getattr(self.record, self.vocabulary.identified_by))
        labelled_by = self.vocabulary.labelled_by
        label = getattr(self.record, labelled_by) if labelled_by else None
        for field in self.fields.get(None, ()):
            self._keep(field.path, field, getattr(self.record, field.key, None), None)
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

    def _keep(self, path: str, field: Field, raw: Any, provenance: str | None) -> None:
        datum = datum_of(path, field, raw, provenance, self.origins)
        if datum is not None:
            self.data[path] = self._settled(datum)
            self.supplied[path] = encoded(datum)

    # ---- series and records
    def _series(self, series: Series) -> None:
        years: dict[str, BaseModel] = getattr(self.record, series.name, {})
        fields = self.fields.get(series.name, [])
        for key, entry in sorted(years.items()):
            published = getattr(entry, series.known_from, None) if series.known_from else None
            given = {field.path: getattr(entry, field.key, None) for field in fields}
            year = AcademicYear.parse(key)
            base = f"{series.name}.{year}"
            reason = None
            if published is not None and published > self.known_at:
                reason = f"published {published}, after what was known at {self.known_at}"
            shown = f"published {published}" if published else None
            for field in fields:
                datum = datum_of(f"{base}.{field.key}", field, given[field.path], shown, self.origins)
                if datum is None:
                    continue
                self.supplied[f"{base}.{field.key}"] = encoded(datum)
                if reason is None:
                    self.data[f"{base}.{field.key}"] = self._settled(datum)
            if reason is not None and any(value is not None for value in given.values()):
                self.ignored.append(Ignored(base, reason))
            if published is not None and any(value is not None for value in given.values()):
                self.supplied[f"{base}.{series.known_from}"] = str(published)

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
        self.closed.add(name)
        usable = sorted(self._usable(collection, listed, fields), key=lambda pair: pair[0], reverse=True)
        self.counts[name] = len(usable)
        if len(usable) > MOST_RECORDS:
            raise EvidenceError(name, f"has {len(usable)} records; at most {MOST_RECORDS} are read")
        for place in range(max(2, len(usable))):
            for field in fields:
                path = f"{name}.{position_name(place)}.{field.key}"
                if place < len(usable):
                    self._of_record(collection, path, field, *usable[place])
                else:
                    self.data[path] = KnownNone("the record holds no such " + collection.name)

    def _of_record(self, collection: Collection, path: str, field: Field, day: datetime.date, entry: BaseModel) -> None:
        """A field of a record; of one that is too old for the policy, missing as stale."""
        datum = datum_of(path, field, getattr(entry, field.key, None), f"{collection.title}, {day}", self.origins)
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
        return self.policy.settled_dispute(datum.candidates) if isinstance(datum, Dispute) else datum

    def _usable(self, collection: Collection, listed: Iterable[BaseModel],
                fields: list[Field]) -> Iterator[tuple[datetime.date, BaseModel]]:  # fmt: skip
        shown = []
        seen: set[datetime.date] = set()
        for entry in listed:
            day: datetime.date = getattr(entry, collection.dated_by)
            if day in seen:
                raise EvidenceError(
                    collection.listed_under, f"holds two records of one day, {day}: neither is the later"
                )
            seen.add(day)
            known: datetime.date = getattr(entry, collection.known_from) or day
            content = {field.key: encoded(datum_of(f"{collection.listed_under}.{field.key}", field,
                                                    getattr(entry, field.key, None), None, self.origins))
                       for field in fields if field.key != collection.dated_by}  # fmt: skip
            shown.append({"day": str(day), "known": str(known), **content})
            path = f"{collection.listed_under}.{day}"
            if day > self.on:
                self.ignored.append(Ignored(path, f"dated {day}, after the decision's date {self.on}"))
            elif known > self.known_at:
                self.ignored.append(Ignored(path, f"published {known}, after what was known at {self.known_at}"))
            else:
                yield day, entry
        self.supplied[collection.listed_under] = sorted(shown, key=lambda item: item["day"])

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
