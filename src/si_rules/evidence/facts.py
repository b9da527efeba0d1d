"""From an evidence record to the facts a decision may use: what was known on its dates, and to its audience."""

import datetime
from collections.abc import Container, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen
from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from si_rules.evidence.absence import Candidate, Disputed, Missing, NoneKnown, exact, plain_date
from si_rules.semantics.audiences import may_see
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Absent, Datum, Facts, Ignored, Known, KnownNone, Value, position_name
from si_rules.semantics.kinds import (
    MOST_DECIMAL_PLACES,
    Choice,
    Date,
    Flag,
    Kind,
    Number,
    Scale,
    described,
    number_text,
    with_unit,
)
from si_rules.semantics.vocabulary import Collection, Field, Series
from si_rules.semantics.years import AcademicYear
from si_rules.source.canonical import digest

MOST_RECORDS = 200


class EvidenceError(ValueError):
    """Evidence that cannot be used: `path` names the field, `reason` says why, `subject` is the id of whom it is about.

    Where the evidence is that of a member of the cohort, and not of the subject decided about, `of_member` says so.
    """

    def __init__(self, path: str, reason: str, subject: str | None = None, of_member: bool = False) -> None:
        super().__init__(path, reason, subject, of_member)
        self.path = path
        self.reason = reason
        self.subject = subject
        self.of_member = of_member

    def __str__(self) -> str:
        whose = f"{self.subject}, a member of the cohort: " if self.of_member else ""
        return f"{whose}{self.path}: {self.reason}"


@frozen
class Dispute:
    """A datum on which origins disagree: each origin with its value."""

    candidates: tuple[tuple[str, Value], ...]


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
            self.supplied[path] = _encoded(datum)

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
                self.supplied[f"{base}.{field.key}"] = _encoded(datum)
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
            content = {field.key: _encoded(datum_of(f"{collection.listed_under}.{field.key}", field,
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
                _encoded(datum),
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


def datum_of(path: str, field: Field, raw: Any, provenance: str | None,
             origins: Container[str]) -> Datum | Dispute | None:  # fmt: skip
    """The datum of a raw value, checked against its kind; None where nothing was supplied. Raises `EvidenceError`.

    `origins` are those the vocabulary declares: a disputed value comes from one of them.
    """
    if raw is None:
        return None
    if isinstance(raw, Missing):
        return Absent(raw.absent)
    if isinstance(raw, Disputed):
        return _disputed(path, field, raw, origins)
    if isinstance(raw, NoneKnown):
        if not field.optional:
            raise EvidenceError(path, "cannot be none: the vocabulary does not say `or none`")
        return KnownNone(provenance)
    return Known(_value(path, field.kind, raw), provenance)


def _disputed(path: str, field: Field, raw: Disputed, origins: Container[str]) -> Datum | Dispute:
    """A disputed datum; where all its candidates agree there is no dispute."""
    named: set[str] = set()
    for item in raw.disputed:
        if item.origin not in origins:
            raise EvidenceError(path, f"the vocabulary declares no origin {item.origin[:40]!r}")
        if item.origin in named:
            raise EvidenceError(path, f"the origin {item.origin!r} gives two values")
        named.add(item.origin)
    given = ((item.origin, _candidate(path, field.kind, item)) for item in raw.disputed)
    candidates = tuple(sorted(given, key=lambda pair: (pair[0], str(pair[1]))))  # the order of evidence means nothing
    values = {value for _, value in candidates}
    if len(values) == 1:
        return Known(values.pop(), ", ".join(origin for origin, _ in candidates))
    return Dispute(candidates)


def _candidate(path: str, kind: Kind, item: Candidate) -> Value:
    try:
        raw = exact(item.value) if isinstance(kind, Number) else item.value
        raw = plain_date(raw) if isinstance(kind, Date) else raw
    except PydanticCustomError as error:
        raise EvidenceError(path, f"one of the disputed values {error.message()}") from None
    return _value(path, kind, raw)


def _value(path: str, kind: Kind, raw: Any) -> Value:
    match kind:
        case Flag():
            if isinstance(raw, bool):
                return raw
            if raw in ("yes", "no"):
                return bool(raw == "yes")
        case Choice(values=values) | Scale(values=values):
            if isinstance(raw, str) and raw in values:
                return raw
        case Number():
            if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
                return _number(path, kind, Decimal(raw))
        case Date():
            if isinstance(raw, datetime.date) and not isinstance(raw, datetime.datetime):
                return raw
    raise EvidenceError(path, f"{str(raw)[:40]!r} cannot stand here: this is {described(kind)}")


def _number(path: str, kind: Number, raw: Decimal) -> Fraction:
    exponent = raw.as_tuple().exponent
    if not raw.is_finite() or not isinstance(exponent, int) or -exponent > MOST_DECIMAL_PLACES or raw.adjusted() > 15:
        raise EvidenceError(path, "is not a number that can be read exactly")
    value = Fraction(raw)
    if (kind.low is not None and value < kind.low) or (kind.high is not None and value > kind.high):
        low = "" if kind.low is None else number_text(kind.low)
        high = "" if kind.high is None else with_unit(number_text(kind.high), kind.unit)
        raise EvidenceError(path, f"{raw} is not from {low} to {high}")
    if kind.whole and value.denominator != 1:
        raise EvidenceError(path, f"{raw} is not a whole number")
    return value


def _encoded(datum: Datum | Dispute | None) -> Any:
    match datum:
        case Known(value=bool() as value) | Known(value=str() as value):
            return value
        case Known(value=Fraction() as number):
            return {"number": number_text(number)}
        case Known(value=value):
            return {"date": str(value)}
        case KnownNone():
            return {"none": True}
        case Dispute(candidates=candidates):
            return {"disputed": [[origin, _encoded(Known(value))] for origin, value in candidates]}
        case Absent(reason=reason):
            return {"absent": reason}
        case _:
            return None
