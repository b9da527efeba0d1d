"""All that the files of an edition declare, by name, with duplicates and strays reported."""

from functools import cache
from typing import Any, TypeAlias

import attrs
from attrs import Factory, define

from si_rules.semantics.report import Report
from si_rules.semantics.vocabulary_reading import check_once
from si_rules.source.text import Source
from si_rules.syntax import tree

ALWAYS = (
    "Missing evidence (not supplied, not published, suppressed) makes a condition undetermined: it is never taken as false.",
    "A list is decided as soon as what is known decides it: one item that does not hold settles all of, one that holds settles any of.",
    "What does not apply is left out of its list, and a list of nothing else does not apply; while it is not known whether it applies, it is undetermined.",
    "A value known to be none, because there never was one, makes every comparison with it not hold.",
    "A value on a scale is that step and no other, unless the words or better, or worse follow it.",
    "Under and more than leave out the figure itself; at least and at most take it in.",
    "Latest means the newest record, or the newest year whose results are due; previous means the one before. Where it is missing, no older one takes its place.",
    "A parameter given by year counts in the year of the results it is compared with.",
    "A clause that gives way to another does not hold where the other holds, and is undetermined while the other is.",
    "Unmatched, that no class describes the subject, is an outcome like the classes. An outcome is still possible where some values of all that is missing, taken together, bring it about.",
)

_VALUES = "A value that is worked out is unknown while a part of it is missing, none where a part is none, and does not apply where a part does not; in a sum, mean, lowest or highest of several, what does not apply is left out. Only rounded to rounds, and a half goes away from zero."
_TABLES = "A blank cell takes anything. Where no row of a table matches, the table does not apply; a sum or a number of rows is then nothing."
_RECORDS = "For every, for some and the number of ask all records known by then; where there is none, every and some do not apply."
_FIGURES = "A figure of a cohort leaves out whoever it does not apply to; what is not known of a member leaves the figure between two limits, and without a cohort it is unknown."
_EXCEPTIONS = "A rule does not hold where an exception to it holds, and is undetermined while the exception is."
_PATHWAYS = "An event that is not in a history has not happened. What is done upon an event counts on its day; a length of time does not count the day it is counted from; what is required and lacking, and what is not described, is told and never refused."
_ACCEPTED = "Evidence older than it is accepted for is missing. Of disputed evidence each value is still possible, unless its origin is preferred."
_COUNTED = "Records and results of another subject that came before count only where it says so, and the subject's own of the same day or year go before them."

# What a legend says only where the file has such forms.
_WHERE_USED: tuple[tuple[str, tuple[type[object], ...]], ...] = (
    (_VALUES, (tree.ValueFact, tree.Score, tree.Adjusted, tree.Aggregate, tree.OverYears, tree.CountYears, tree.Steps)),
    (_TABLES, (tree.Table, tree.Matrix)),
    (_RECORDS, (tree.ForRecords, tree.OverRecords)),
    (_FIGURES, (tree.Figure,)),
    (_EXCEPTIONS, (tree.ExceptWhen,)),
    (_ACCEPTED, (tree.AcceptedFor, tree.Prefer)),
    (_COUNTED, (tree.Counts,)),
    (_PATHWAYS, (tree.Pathway,)),
)
LEGEND = (*ALWAYS, *(sentence for sentence, _ in _WHERE_USED))


def legend_of(file: tree.File) -> tuple[str, ...]:
    """The sentences that the legend of a file must have: those about every rule, and about the forms it uses."""
    met: set[type[object]] = set()
    waiting: list[object] = list(file.declarations)
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif not isinstance(node, tree.Word) and attrs.has(type(node)):
            form: Any = type(node)
            met.add(form)
            waiting.extend(getattr(node, name) for name in _fields(form))
    return (*ALWAYS, *(sentence for sentence, forms in _WHERE_USED if not met.isdisjoint(forms)))


@cache
def _fields(node: Any) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(node) if field.name not in ("span", "source"))


ValueDeclaration: TypeAlias = tree.ValueFact | tree.Score | tree.Table | tree.Matrix


@define
class Declared:
    """The declarations of an edition. Each is kept with the source it stands in."""

    headers: list[tuple[Source, tree.PolicyHeader]] = Factory(list)
    parts: list[tuple[Source, tree.Part]] = Factory(list)
    amendments: list[tuple[Source, tree.Amendment]] = Factory(list)
    legends: list[tuple[Source, tree.Legend]] = Factory(list)
    sources: dict[str, tuple[Source, tree.SourceDeclaration]] = Factory(dict)
    named: dict[str, dict[str, tuple[Source, tree.Named]]] = Factory(
        lambda: {"party": {}, "occasion": {}, "action": {}, "audience": {}, "unit": {}, "origin": {}}
    )
    restated: dict[str, tuple[Source, tree.Evidence | tree.Records | tree.Results | tree.Group]] = Factory(dict)
    judgements: dict[str, tuple[Source, tree.Judgement]] = Factory(dict)
    parameters: dict[str, tuple[Source, tree.Parameter]] = Factory(dict)
    rules: dict[str, tuple[Source, tree.Rule]] = Factory(dict)
    values: dict[str, tuple[Source, ValueDeclaration]] = Factory(dict)
    figures: dict[str, tuple[Source, tree.Figure]] = Factory(dict)
    preferences: list[tuple[Source, tree.Prefer]] = Factory(list)
    classifications: dict[str, tuple[Source, tree.Classification]] = Factory(dict)
    events: dict[str, tuple[Source, tree.Event]] = Factory(dict)
    pathways: dict[str, tuple[Source, tree.Pathway]] = Factory(dict)
    damaged: set[str] = Factory(set)

    def add(self, file: tree.File, report: Report) -> None:
        """Take in the declarations of one file."""
        report.source = file.source
        self.damaged |= file.damaged
        for item in file.declarations:
            self._add(item, file.source, report)

    def _add(self, item: tree.Declaration, source: Source, report: Report) -> None:
        check_once(item, report)
        match item:
            case tree.PolicyHeader():
                self.headers.append((source, item))
            case tree.Part():
                self.parts.append((source, item))
            case tree.Amendment():
                self.amendments.append((source, item))
            case tree.Changes():
                if not self.amendments or self.amendments[-1][0] is not source:
                    report.error("SI602", "only an amendment changes a part of a rule", item.span,
                             "change the rule where it stands, or write a file of its own: amendment of ID EDITION")  # fmt: skip
            case tree.Legend():
                self.legends.append((source, item))
            case tree.VocabularyHeader():
                report.error("SI602", "a policy file declares no vocabulary", item.span,
                             "put it into a file of its own that ends in .vocabulary")  # fmt: skip
            case tree.SourceDeclaration():
                self._place(self.sources, item.id, item, source, report)
            case tree.Named():
                if item.sort in ("audience", "unit", "origin"):
                    report.error("SI602", f"a policy declares no {item.sort}", item.span,
                                 "it belongs to the vocabulary")  # fmt: skip
                self._place(self.named[item.sort], item.name, item, source, report)
            case tree.Evidence() | tree.Records() | tree.Results() | tree.Group():
                self._place(self.restated, item.name, item, source, report)
            case tree.Judgement():
                self._place(self.judgements, item.name, item, source, report)
            case tree.Prefer():
                self.preferences.append((source, item))
            case tree.Parameter():
                self._place(self.parameters, item.name, item, source, report, *self._others(self.parameters))
            case tree.Rule():
                self._place(self.rules, item.name, item, source, report, *self._others(self.rules))
            case tree.ValueFact() | tree.Score() | tree.Table() | tree.Matrix():
                self._place(self.values, item.name, item, source, report, *self._others(self.values))
            case tree.Figure():
                self._place(self.figures, item.name, item, source, report, *self._others(self.figures))
            case tree.Classification():
                self._place(self.classifications, item.name, item, source, report, *self._others(self.classifications))

            case tree.Event():
                self._place(self.events, item.name, item, source, report, *self._others(self.events))
            case tree.Pathway():
                self._place(self.pathways, item.name, item, source, report)
            case tree.CalendarDeclaration():
                report.error("SI602", "a policy declares no calendar", item.span,
                             "put it into a file of its own that ends in .calendar")  # fmt: skip

    def _others(self, own: dict[str, Any]) -> list[dict[str, Any]]:
        """The tables with which a name must not clash: whatever conditions and terms refer to by name alone."""
        tables: list[dict[str, Any]] = [
            self.parameters, self.rules, self.values, self.figures, self.classifications, self.events,
        ]  # fmt: skip
        return [table for table in tables if table is not own]

    @staticmethod
    def _place(table: dict[str, Any], name: tree.Word, item: Any, source: Source, report: Report,
               *others: dict[str, Any]) -> None:  # fmt: skip
        for known in (table, *others):
            if name.text in known:
                first_source, first = known[name.text]
                first_name = first.id if isinstance(first, tree.SourceDeclaration) else first.name
                label = (first_source, first_name.span, "it is first declared here")
                help_ = "give one of the two another name, or delete it"
                report.error("SI302", f"`{name.text}` is declared twice", name.span, help_, [label])
                return
        table[name.text] = (source, item)
