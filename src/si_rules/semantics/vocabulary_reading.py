"""From the tree of a vocabulary file to the vocabulary."""

from collections.abc import Container, Iterable
from typing import Any, Final

from si_rules.semantics.audiences import EVERYBODY, PUBLIC, Audience
from si_rules.semantics.kind_reading import read_limited_kind, read_year
from si_rules.semantics.kinds import Choice, Date
from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary import Collection, Field, Group, Mark, Series, Vocabulary
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.text import Span
from si_rules.syntax import tree

RESERVED = ("judgements", "parameters", "provenance", "figures")
# Words that a typed record of evidence has a use of its own for, so that no field can be read under them.
_TAKEN: Final = ("model_config", "model_extra", "model_fields_set")
# How a line that is needed once is written.
_SHOWN = {
    "title": 'title "…"',
    "edition": "edition 2015-16",
    "from": "from 2016-04-18",
    "adopted": "adopted 2016-03-01",
    "in force": "in force 2015-09-01 to 2016-08-31",
    "vocabulary": "vocabulary school 1",
    "subject": "subject school, plural schools",
    "identified by": "identified by urn",
    "listed under": "listed under inspections",
    "happened on": "happened on date, became known on published",
    "a kind": "percent, or yes or no, or one of …",
    "due on": "due on 15 December after the year ends on 31 August",
}


def read_vocabulary(file: tree.File) -> tuple[Vocabulary | None, list[Diagnostic]]:
    """The vocabulary a file declares, or None, and what is wrong with it."""
    report = Report(file.source, file.damaged)
    reader = _Reader(file, report)
    vocabulary = reader.read()
    failed = any(item.is_error for item in report.diagnostics)
    return (None if failed else vocabulary), in_order(report.diagnostics)


class _Reader:
    def __init__(self, file: tree.File, report: Report) -> None:
        self.file = file
        self.report = report
        self.audiences: dict[str, str] = {}
        self.units: dict[str, str] = {}
        self.origins: dict[str, str] = {}
        self.in_decimals: set[str] = set()
        self.fields: dict[str, Field] = {}
        self.collections: dict[str, Collection] = {}
        self.series: dict[str, Series] = {}
        self.groups: dict[str, Group] = {}

    def of(self, sort: type[Any]) -> list[Any]:
        return [item for item in self.file.declarations if isinstance(item, sort)]

    def read(self) -> Vocabulary | None:
        headers = self.of(tree.VocabularyHeader)
        if len(headers) != 1:
            at = headers[1].span if headers else Span(0, 1)
            help_ = "one line such as: vocabulary school 1"
            self.report.error("SI601", "a vocabulary file has exactly one header", at, help_)
            return None
        header = headers[0]
        for item in self.file.declarations:
            check_once(item, self.report)
        subject = self._only(header.subject, "subject", header)
        identified_by = self._only(header.identified_by, "identified by", header)
        self._named()
        for records in self.of(tree.Records):
            self._records(records)
        for results in self.of(tree.Results):
            self._results(results)
        for evidence in self.of(tree.Evidence):
            self._evidence(evidence)
        for group in self.of(tree.Group):
            found = read_group(group, self.fields, self.report)
            if found is not None and self._new(group.name, self.groups):
                self.groups[found.name] = found
        self._check_groups()
        self._check_keys(identified_by, header.labelled_by[0] if header.labelled_by else None)
        for collection in self.collections.values():
            path = f"{collection.name}.{collection.dated_by}"
            self.fields.setdefault(path, Field(path, f"the day of {collection.title}", Date()))
        if subject is None or identified_by is None:
            return None
        return Vocabulary(
            header.name.text,
            header.version.text,
            subject[0].text,
            subject[1].text,
            identified_by.text,
            header.labelled_by[0].text if header.labelled_by else None,
            self.audiences,
            self.units,
            self.fields,
            self.collections,
            self.series,
            self.groups,
            self.origins,
            frozenset(self.in_decimals),
        )

    def _only(self, lines: tuple[Any, ...], called: str, item: Any) -> Any:
        """The one line of a sort; one that is not there is not missed where the declaration could not all be read."""
        if not lines and item.name.text in self.file.damaged:
            return None
        return only(lines, called, item.span, self.report)

    def _named(self) -> None:
        for item in self.of(tree.Named):
            table = {"audience": self.audiences, "unit": self.units, "origin": self.origins}.get(item.sort)
            if table is None:
                self.report.error("SI602", f"a vocabulary declares no {item.sort}", item.span,
                                  "move it to the policy")  # fmt: skip
            elif self._new(item.name, table):
                table[item.name.text] = item.title.text
            if item.decimals and item.sort == "unit":
                self.in_decimals.add(item.name.text)
            elif item.decimals:
                self.report.error("SI602", f"only a unit is counted with decimals, not this {item.sort}", item.span,
                                  "leave out `, with decimals`")  # fmt: skip

    def _new(self, name: tree.Word, table: Iterable[str]) -> bool:
        if name.text in table:
            self.report.error("SI302", f"`{name.text}` is declared twice", name.span, "keep one of them")
            return False
        return True

    def _records(self, item: tree.Records) -> None:
        listed_under = self._only(item.listed_under, "listed under", item)
        dated = self._only(item.dated_by, "happened on", item)
        for line in item.accepted_for:
            self.report.error("SI602", "a vocabulary does not say for how long records are accepted", line.span,
                              "move the line to the policy")  # fmt: skip
        if listed_under and "." in listed_under.text:
            self.report.error("SI406", "the key of a list has no dot", listed_under.span, "choose another name")
        if listed_under and listed_under.text in RESERVED:
            self.report.error("SI302", f"`{listed_under.text}` is a word of the language", listed_under.span,
                              "choose another")  # fmt: skip
        if listed_under and dated and self._new(item.name, [*self.collections, *self.series, *RESERVED]):
            shown = read_audience(item.shown_to, self.audiences, self.report)
            self.collections[item.name.text] = Collection(
                item.name.text,
                item.title.text,
                listed_under.text,
                dated[0].text,
                dated[1].text,
                shown,
                self._mark(item),
            )

    def _results(self, item: tree.Results) -> None:
        if not self._new(item.name, [*self.collections, *self.series, *RESERVED]):
            return
        self._only(item.each_year, "each academic year", item)
        known_from = item.each_year[0].text if item.each_year and item.each_year[0] else None
        group = item.applies_to[0].group.text if item.applies_to and item.applies_to[0].group else None
        shown = read_audience(item.shown_to, self.audiences, self.report)
        self.series[item.name.text] = Series(
            item.name.text, item.title.text, known_from, group, shown, self._begins_with(item), self._mark(item)
        )
        for line in (*item.due_on, *item.due_in_year):
            self.report.error("SI602", "a vocabulary does not say when results are due", line[0].span,
                              "move the line to the policy")  # fmt: skip

    def _begins_with(self, item: tree.Results) -> str | None:
        if not item.begins_with:
            return None
        name = item.begins_with[0]
        dates = [e.name.text for e in self.of(tree.Evidence) if e.kinds and e.kinds[0].kind.sort == "date"]
        if name.text not in dates:
            self.report.unknown("date", name.text, name.span, dates)
        return name.text

    def _mark(self, item: tree.Records | tree.Results) -> Mark | None:
        """How entries of another subject are marked; what a policy says of them has no place here."""
        for counts in item.counts:
            self.report.error("SI602", "a vocabulary does not say whether those of another count", counts.span,
                              "move the line to the policy")  # fmt: skip
        if not item.marked:
            return None
        line = item.marked[0]
        others = [records.name.text for records in self.of(tree.Records) if records is not item]
        if line.other.text not in others:
            self.report.unknown("records", line.other.text, line.other.span, others)
        return Mark(line.other.text, line.mark.text)

    def _evidence(self, item: tree.Evidence) -> None:
        if not item.kinds and item.name.text in self.file.damaged:
            return
        field = read_field(item, self.units, self.in_decimals, self.audiences, self.report)
        if field is None or not self._new(item.name, self.fields):
            return
        if field.parent is not None and field.parent not in {*self.series, *self.collections}:
            self.report.unknown("results or records", field.parent, item.name.span, [*self.series, *self.collections])
            return
        for line in item.breaks_in:
            if line.cites or line.interpretations:
                self.report.error("SI602", "a vocabulary cites no paragraph", line.span,
                                  "move what stands under the line to the policy")  # fmt: skip
        if field.breaks and field.parent not in self.series:
            self.report.error("SI406", f"`{field.path}` has one value, so no year can break it", item.breaks_in[0].span,
                              "breaks belong to results by academic year")  # fmt: skip
        holder = self.series.get(field.parent or "") or self.collections.get(field.parent or "")
        if holder is not None and holder.mark is not None and holder.mark.key == field.key:
            self.report.error(
                "SI302", f"`{field.key}` marks those of another already", item.name.span, "choose another name"
            )
            return
        if field.path in RESERVED:
            self.report.error("SI302", f"`{field.path}` is a word of the language", item.name.span, "choose another")
            return
        self.fields[field.path] = field

    def _check_keys(self, identified_by: tree.Word | None, labelled_by: tree.Word | None) -> None:
        """Report a key of the evidence that two declarations claim: one would silently take the place of the other."""
        own = [word for word in (identified_by, labelled_by) if word is not None]
        fields = [item.name for item in self.of(tree.Evidence)]
        series = [item.name for item in self.of(tree.Results)]
        lists = [item.listed_under[0] for item in self.of(tree.Records) if item.listed_under]
        claimed: dict[str, str] = {}
        for words, called in (
            (own, "names the subject"),
            (fields, "is evidence"),
            (series, "is the name of results"),
            (lists, "is the key of a list"),
        ):
            for word in words:
                if word.text in claimed and (called != claimed[word.text] or words is lists):
                    message = f"`{word.text}` {claimed[word.text]} already"
                    self.report.error("SI302", message, word.span, "choose another name")
                claimed.setdefault(word.text, called)
        days = [day for item in self.of(tree.Records) for line in item.dated_by for day in line]
        marks = [line.mark for item in (*self.of(tree.Records), *self.of(tree.Results)) for line in item.marked]
        for word in (*own, *fields, *lists, *days, *marks):
            if word.text.rpartition(".")[2] in _TAKEN:
                self.report.error("SI302", f"`{word.text}` has another use", word.span, "choose another name")

    def _check_groups(self) -> None:
        for item in [*self.of(tree.Results), *self.of(tree.Evidence)]:
            for guard in item.applies_to:
                if guard.group is not None and guard.group.text not in self.groups:
                    self.report.unknown("group", guard.group.text, guard.group.span, self.groups)


_ONCE: Final = {
    "applies_to": "applies to", "shown_to": "shown to", "from_year": "first in", "until_year": "last in",
    "labelled_by": "labelled by", "marked": "those of a … marked by", "counts": "counts those of", "begins_with": "begins with the year of", "over": "over",
}  # fmt: skip


def check_once(item: tree.Declaration, report: Report) -> None:
    """Report a line that stands more than once where it may be left out: the first would silently win."""
    if isinstance(item, tree.Classification):
        return  # its lines are required, and told where they are
    for holder in (item, getattr(item, "owned", None)):
        for name, called in _ONCE.items():
            lines = getattr(holder, name, ())
            if isinstance(lines, tuple) and len(lines) > 1:
                report.error(
                    "SI202", f"`{called}` stands here {len(lines)} times", item.span, f"keep one line: {called} …"
                )


def only(lines: tuple[Any, ...], called: str, at: Span, report: Report) -> Any:
    """The one line of a sort; None after a report where there is none or more than one."""
    if len(lines) == 1:
        return lines[0]
    message = f"`{called}` is missing here" if not lines else f"`{called}` stands here {len(lines)} times"
    report.error("SI202", message, at, f"write one line: {_SHOWN.get(called, called)}")
    return None


def read_audience(lines: tuple[tree.ShownTo, ...], known: Iterable[str], report: Report) -> Audience:
    """The roles of `shown to`; everybody where it is not written."""
    if not lines:
        return EVERYBODY
    roles = set()
    for word in lines[0].roles:
        if word.text not in known:
            report.unknown("audience", word.text, word.span, known)
        elif word.text == PUBLIC:
            return EVERYBODY
        else:
            roles.add(word.text)
    return frozenset(roles)


def read_field(item: tree.Evidence, units: Iterable[str], in_decimals: Container[str], roles: Iterable[str],
               report: Report) -> Field | None:  # fmt: skip
    """A field as declared, in a vocabulary or restated in a policy; None after a report."""
    line = only(item.kinds, "a kind", item.span, report)
    if line is None:
        return None
    kind = read_limited_kind(line, tuple(units), report, in_decimals)
    from_year = read_year(item.from_year[0], report) if item.from_year else None
    until_year = read_year(item.until_year[0], report) if item.until_year else None
    breaks = [read_year(line.year, report) for line in item.breaks_in]
    if kind is None:
        return None
    group = item.applies_to[0].group.text if item.applies_to and item.applies_to[0].group else None
    shown = read_audience(item.shown_to, roles, report)
    years = tuple(year for year in breaks if year is not None)
    return Field(item.name.text, item.title.text, kind, line.or_none, from_year, until_year, group, shown, years)


def read_group(item: tree.Group, fields: dict[str, Field], report: Report) -> Group | None:
    """A group: the subjects whose field has one of some values."""
    match item.condition:
        case tree.Comparison(
            term=tree.NameTerm(when=None, name=name, year=None), comparator=tree.IsOneOf(names=values)
        ):
            field = fields.get(name.text)
            if field is None:
                report.unknown("evidence", name.text, name.span, fields)
                return None
            if field.parent is not None:
                report.error("SI406", f"`{name.text}` is told of a record or a year, not of the subject itself", name.span,
                             "a group is told by a field of the subject")  # fmt: skip
                return None
            if not isinstance(field.kind, Choice):
                report.error("SI406", f"`{name.text}` is not one of several values", name.span,
                             "a group is told by a field declared with `one of`")  # fmt: skip
                return None
            for value in values:
                if value.text not in field.kind.values:
                    report.unknown("value", value.text, value.span, field.kind.values, "SI303")
                    return None
            return Group(item.name.text, item.title.text, field.path, tuple(value.text for value in values))
        case _:
            report.error("SI406", "a group is told by one field and its values", item.span,
                         "write: phase is one of primary, junior")  # fmt: skip
            return None
