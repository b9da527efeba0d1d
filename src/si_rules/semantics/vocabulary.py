"""The vocabulary: what may be known about a subject, declared in a versioned file, and read by engine and evidence alike."""

from typing import TypeAlias

from attrs import field as attrs_field, frozen

from si_rules.semantics.audiences import EVERYBODY, Audience, meet
from si_rules.semantics.kinds import Kind
from si_rules.semantics.years import AcademicYear


@frozen
class Mark:
    """How entries say that they are of another subject, which this one followed.

    `other` is the name of the records that tell of those; `key` is, in an entry, the key of the other's id.
    """

    other: str
    key: str


@frozen
class Collection:
    """Dated records of one sort. `listed_under` is the key of the list in the evidence."""

    name: str
    title: str
    listed_under: str
    dated_by: str
    known_from: str
    shown_to: Audience = EVERYBODY
    mark: Mark | None = None


@frozen
class Series:
    """Results by academic year.

    `group` names the subjects it exists for; `known_from` is the key of a publication date; `begins_with`
    the field with the day before which a subject has none: a year that ended before it does not apply.
    """

    name: str
    title: str
    known_from: str | None
    group: str | None
    shown_to: Audience = EVERYBODY
    begins_with: str | None = None
    mark: Mark | None = None


@frozen
class Field:
    """One thing that may be known. `path` is `phase`, or `ks2.rwm_level_4_plus` under its series or records."""

    path: str
    title: str
    kind: Kind
    optional: bool = False
    from_year: AcademicYear | None = None
    until_year: AcademicYear | None = None
    group: str | None = None
    shown_to: Audience = EVERYBODY
    breaks: tuple[AcademicYear, ...] = ()

    @property
    def parent(self) -> str | None:
        """The series or records it stands under, if any."""
        head, dot, _ = self.path.rpartition(".")
        return head if dot else None

    @property
    def key(self) -> str:
        """Its own name, under its parent."""
        return self.path.rpartition(".")[2]

    def exists_in(self, year: AcademicYear) -> bool:
        """Whether the measure exists for a year."""
        after = self.from_year is None or not year < self.from_year
        return after and (self.until_year is None or not self.until_year < year)

    def comparable(self, first: AcademicYear, second: AcademicYear) -> bool:
        """Whether the values of two years are of one measure: no break lies between them."""
        early, late = min(first, second), max(first, second)
        return not any(early < year and not late < year for year in self.breaks)


@frozen
class Group:
    """A named set of subjects: those whose `field` has one of `values`."""

    name: str
    title: str
    field: str
    values: tuple[str, ...]


Declared: TypeAlias = Field | Collection | Series | Group


@frozen
class Vocabulary:
    """A vocabulary as read. Names are unique across its parts; units are counted whole but for those `in_decimals`."""

    name: str
    version: str
    noun: str
    plural: str
    identified_by: str
    labelled_by: str | None
    audiences: dict[str, str]
    units: dict[str, str]
    fields: dict[str, Field]
    collections: dict[str, Collection]
    series: dict[str, Series]
    groups: dict[str, Group]
    origins: dict[str, str] = attrs_field(factory=dict)
    in_decimals: frozenset[str] = frozenset()

    def audience_of(self, path: str) -> Audience:
        """The roles that may see a field, those of its parent included."""
        found = self.fields[path]
        holder = self.collections.get(found.parent or "") or self.series.get(found.parent or "")
        return meet(found.shown_to, holder.shown_to if holder else EVERYBODY)
