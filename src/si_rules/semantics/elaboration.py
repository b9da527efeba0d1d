"""From the trees of an edition's files to the core: the one place where the stages of the semantics meet."""

import datetime
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from si_rules.semantics import core
from si_rules.semantics.acceptance import read_breaks, read_counted, read_periods, read_preferences
from si_rules.semantics.checks import check_core, nowhere
from si_rules.semantics.classes import ClassificationReader
from si_rules.semantics.cohort_figures import FigureReader
from si_rules.semantics.consequences import ConsequenceReader
from si_rules.semantics.declared import LEGEND, Declared, legend_of
from si_rules.semantics.events import read_events
from si_rules.semantics.interpretations import Ownership
from si_rules.semantics.invariants import is_whole
from si_rules.semantics.kind_reading import read_date, read_kind, read_number, read_year
from si_rules.semantics.kinds import Date, Kind, Number, described
from si_rules.semantics.named_kinds import NamedKinds, known_classifications
from si_rules.semantics.pathway_forms import Calendar, Event
from si_rules.semantics.pathway_reading import PathwayReader
from si_rules.semantics.report import Report
from si_rules.semantics.restating import check_restated
from si_rules.semantics.rule_parts import RuleParts
from si_rules.semantics.rules import RuleReader
from si_rules.semantics.scope import KnownClassification, KnownValue, Scope
from si_rules.semantics.using import group_of, joined, merged, under_its_id
from si_rules.semantics.value_parts import ValueParts
from si_rules.semantics.values import ValueReader
from si_rules.semantics.vocabulary import Field, Vocabulary
from si_rules.semantics.vocabulary_reading import only, read_audience
from si_rules.semantics.years import AcademicYear
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.nearest import nearest_sentence
from si_rules.source.text import Source, Span
from si_rules.syntax import tree

_NEED_A_LEGEND = (
    tree.Rule
    | tree.Classification
    | tree.ValueFact
    | tree.Score
    | tree.Table
    | tree.Matrix
    | tree.Figure
    | tree.Pathway
    | tree.Changes
)


def elaborate(files: Sequence[tree.File], vocabulary: Vocabulary, used: Sequence[core.Core] = (),
              calendars: Mapping[str, tuple[Calendar, ...]] | None = None) -> tuple[core.Core | None, list[Diagnostic]]:  # fmt: skip
    """The core of an edition, or None, and what is wrong with it.

    `used` are the policies it uses, each in the edition that is in force with it; `calendars` are those its pathways
    follow, by id. The files may come in any order. Declarations of which a part could not be read are not blamed for
    what they lack.
    """
    again = _second_header(files)
    if again is not None:
        return None, [again]  # everything would be declared twice, which is a consequence
    declared = Declared()
    report = Report(files[0].source, declared.damaged)
    for file in files:
        declared.add(file, report)
    policy = _Edition(declared, vocabulary, report, [under_its_id(other) for other in used], calendars or {}).read(
        files
    )
    failed = any(item.is_error for item in report.diagnostics)
    return (None if failed else policy), in_order(report.diagnostics)


def _second_header(files: Sequence[tree.File]) -> Diagnostic | None:
    """That an edition has more than one header, with where the first one stands."""
    found = [(file.source, item) for file in files for item in file.declarations if isinstance(item, tree.PolicyHeader)]
    if len(found) < 2:
        return None
    (first, header), (source, second) = found[0], found[1]
    report = Report(source)
    report.error("SI601", "an edition has one header", second.span, "keep one policy in a file, and one edition in a folder",
                 [(first, header.span, "it is here already")])  # fmt: skip
    return report.diagnostics[0]


class _Edition:
    def __init__(self, declared: Declared, vocabulary: Vocabulary, report: Report, used: list[core.Core],
                 calendars: Mapping[str, tuple[Calendar, ...]]) -> None:  # fmt: skip
        self.used = used
        self.calendars = calendars
        self.declared = declared
        self.vocabulary = vocabulary
        self.report = report
        self.ownership = Ownership(set(declared.sources), report, declared.damaged)

    def read(self, files: Sequence[tree.File]) -> core.Core | None:
        header = self._header(files)
        self._one_name_each()
        self._legends(files)
        events, self.vocabulary = read_events(self.declared, self.vocabulary, self.ownership, self.report)
        due = check_restated(self.declared, self.vocabulary, self.ownership, self.report)
        judgements = self._judgements()
        self._check_used(judgements)
        parameters = self._parameters()
        scope = self._scope(judgements, parameters, events)
        parts = RuleParts(self.declared, scope, self.ownership, self.report)
        consequences = ConsequenceReader(parts)
        RuleReader(parts, consequences).read_all()
        classifications = ClassificationReader(parts, consequences)
        classifications.read_all()
        values = ValueParts(parts)
        ValueReader(values).read_all()
        figures = FigureReader(values)
        figures.read_all()
        pathways = PathwayReader(parts, events, self.calendars)
        pathways.read_all()
        periods = read_periods(self.declared, self.ownership, self.report)
        breaks = read_breaks(self.declared, self.ownership, self.report)
        preferences = read_preferences(self.declared, self.vocabulary, self.ownership, self.report)
        counted = read_counted(self.declared, self.vocabulary, self.ownership, self.used, self.report)
        self.ownership.check_references()
        if header is None:
            return None
        policy = core.Core(
            *header,
            self.vocabulary,
            {name: item.title.text for name, (_, item) in self.declared.sources.items()},
            dict(sorted(self.ownership.reasons.items())),
            {name: item.title.text for name, (_, item) in self.declared.named["party"].items()},
            parameters,
            judgements,
            due,
            parts.rules,
            classifications.found,
            tuple(consequences.found),
            values.definitions,
            figures.found,
            periods,
            preferences,
            {name: listing.kind for name, listing in scope.listings.items()},
            counted,
            events,
            pathways.pathways,
            dict(self.calendars),
            {name: item.title.text for name, (_, item) in self.declared.named["occasion"].items()},
            breaks,
        )
        if any(item.is_error for item in self.report.diagnostics) or not is_whole(merged(policy, self.used)):
            return None  # something could not be read, which is told
        whole = joined(policy, self.used) if self.used else policy
        check_core(whole, self.declared, self.report)
        return whole

    def _scope(self, judgements: dict[str, core.Judgement], parameters: dict[str, core.Parameter],
               events: Mapping[str, Event]) -> Scope:  # fmt: skip
        groups: dict[str, str | None] = {}
        for name, (_, rule) in self.declared.rules.items():
            group = rule.applies_to[0].group if rule.applies_to else None
            groups[name] = group.text if group is not None else None
        values: dict[str, KnownValue] = {}
        figures: dict[str, Kind] = {}
        listings: dict[str, KnownValue] = {}
        classifications: dict[str, KnownClassification] = {}
        for other in self.used:
            groups |= {n: group_of(rule.condition) for n, rule in other.rules.items() if rule.sort == "fact"}
            parameters = {**parameters, **other.parameters}
            values |= {n: KnownValue(item.kind, group_of(item.guard)) for n, item in other.definitions.items()}
            figures |= {n: item.kind for n, item in other.figures.items()}
            for name, kind in other.listings.items():
                limited = next(
                    (group_of(rule.condition) for n, rule in other.rules.items() if n.startswith(f"{name}.")), None
                )
                listings[name] = KnownValue(kind, limited)
            for name, found in other.classifications.items():
                labels = tuple(item.label for item in found.classes if item.label != core.INVALID)
                invalid = any(item.label == core.INVALID for item in found.classes)
                classifications[name] = KnownClassification(labels, group_of(found.guard), found.all_stand, invalid)
        damaged, headers = self.declared.damaged, self.declared.headers
        named = NamedKinds(self.declared, self.vocabulary, judgements, self.report)
        named.read()
        collections = self.vocabulary.collections.values()
        days = [f"{c.name}.{c.dated_by}" for c in collections if c.name in self.declared.restated or c.name in events]
        return Scope(
            self.vocabulary,
            frozenset((*self.declared.restated, *days, *events)),
            judgements,
            parameters,
            groups,
            frozenset(self.declared.damaged),
            {**named.values, **values},
            {**named.figures, **figures},
            {**known_classifications(self.declared), **classifications},
            {**named.listings, **listings},
            frozenset(events),
            not headers or any(header.id.text in damaged for _, header in headers),
            tuple(word.text for _, header in headers for word in header.uses if word.text in damaged),
        )

    def _one_name_each(self) -> None:
        """Names that terms and conditions use must not be those of evidence, nor those of clauses and classes."""
        ids: dict[str, tuple[Source, Span]] = {}
        for name, (source, classification) in self.declared.classifications.items():
            for block in (*classification.invalid, *classification.classes):
                for label in (block.label, *(clause.label for clause in block.clauses)):
                    ids[f"{name}.{label.text}"] = (source, label.span)
        declared = self.declared
        tables: tuple[dict[str, Any], ...] = (
            declared.parameters, declared.rules, declared.values, declared.figures, declared.classifications,
        )  # fmt: skip
        for table in tables:
            for name, (source, item) in table.items():
                self.report.source = source
                if name in self.vocabulary.fields:
                    self.report.error("SI302", f"`{name}` is the name of evidence in the vocabulary", item.name.span,
                                      "give it another name")  # fmt: skip
                elif name in ids:
                    first = (*ids[name], "it is the name of this clause or class")
                    self.report.error("SI302", f"`{name}` is declared twice", item.name.span,
                                      "give it another name", [first])  # fmt: skip

    # ---- the header and the legend
    def _header(self, files: Sequence[tree.File]) -> tuple[str, str, str, tuple[datetime.date, datetime.date]] | None:
        headers = self.declared.headers
        if not headers and any(re.search(r"^policy\b", file.source.text, re.MULTILINE) for file in files):
            return None  # it could not be read, which is told already
        if not headers:
            help_ = "write once: policy, with its title, edition, in force and vocabulary"
            if self.declared.amendments:
                help_ = "this is an amendment: name the folder in which all of the edition stands"
            if self.declared.parts:
                help_ = "this is a part of an edition: name the folder in which all of it stands"
            self.report.error("SI601", "no file of the edition says which policy it is", nowhere(), help_)
            return None
        source, header = headers[0]
        self.report.source = source
        for part_source, part in self.declared.parts:
            self._check_part(part_source, part, header)
        for other, amendment in self.declared.amendments:
            self._check_part(other, amendment, header)
            self._check_amendment(other, amendment)
        self.report.source = source
        if header.id.text in self.declared.damaged:
            return None
        title = only(header.title, "title", header.span, self.report)
        edition = only(header.edition, "edition", header.span, self.report)
        in_force = only(header.in_force, "in force", header.span, self.report)
        named = only(header.vocabulary, "vocabulary", header.span, self.report)
        own = self.vocabulary.name, self.vocabulary.version
        if named is not None and (named[0].text, named[1].text) != own:
            self.report.error("SI604", f"the vocabulary is not `{named[0].text} {named[1].text}`",
                              named[0].span.to(named[1].span), f"did you mean `{' '.join(own)}`?")  # fmt: skip
        for word in {word.text: word for word in reversed(header.uses)}.values():
            if word.text not in {other.id for other in self.used}:
                self.declared.damaged.add(word.text)  # whose names are not blamed for it
                self.report.error("SI603", f"there is no policy `{word.text}` to use", word.span,
                                  "put it beside this one, in the same library")  # fmt: skip
        if title is None or edition is None or in_force is None:
            return None
        first, last = read_date(in_force[0], self.report), read_date(in_force[1], self.report)
        if first is None or last is None:
            return None
        if last < first:
            self.report.error("SI404", "the policy ends before it begins", in_force[1].span, "swap the two dates")
            return None
        return header.id.text, title.text, edition.text, (first, last)

    def _check_used(self, judged: dict[str, core.Judgement]) -> None:
        """Report a used policy that speaks of another vocabulary, or asks for a judgement of another kind."""
        for other in self.used if self.declared.headers else ():
            source, header = self.declared.headers[0]
            named = [word for word in header.uses if word.text == other.id]
            if not named:
                continue
            word = named[0]
            self.report.source = source
            own, theirs = self.vocabulary, other.vocabulary
            if (own.name, own.version) != (theirs.name, theirs.version):
                self.report.error("SI603", f"`{word.text}` speaks of the vocabulary {theirs.name} {theirs.version}",
                                  word.span, f"use a policy of the vocabulary {own.name} {own.version}")  # fmt: skip
            for name, judgement in other.judgements.items():
                mine = judged.get(name)
                if mine is not None and mine.field.kind != judgement.field.kind:
                    source, written = self.declared.judgements[name]
                    self.report.source = source
                    self.report.error("SI504", f"`{name}` is judged otherwise in `{word.text}`", written.name.span,
                                      f"there it is {described(judgement.field.kind)}")  # fmt: skip

    def _check_amendment(self, source: Source, written: tree.Amendment) -> None:
        """Report what the header of an amendment lacks. Whether it counts on a day is told by whoever loads it."""
        self.report.source = source
        damaged = written.id.text in self.declared.damaged
        for lines, called in ((written.title, "title"), (written.first, "from"), (written.adopted, "adopted")):
            if not damaged or lines:
                only(lines, called, written.span, self.report)
        for word in (*written.first, *written.adopted):
            read_date(word, self.report)
        self.ownership.cites(written.cites)
        self.ownership.interpretations(written.interpretations)
        self.ownership.need("the amendment", written.span, written.cites, written.interpretations, damaged)

    def _check_part(self, source: Source, part: tree.Part | tree.Amendment, header: tree.PolicyHeader) -> None:
        if header.id.text in self.declared.damaged:
            return
        edition = header.edition[0].text if header.edition else ""
        if (part.id.text, part.edition.text) != (header.id.text, edition):
            self.report.source = source
            what = "part of" if isinstance(part, tree.Part) else "an amendment of"
            self.report.error("SI601", f"this is {what} {part.id.text} {part.edition.text}, beside a file of "
                              f"{header.id.text} {edition}", part.span, "keep one edition in a folder")  # fmt: skip

    def _legends(self, files: Sequence[tree.File]) -> None:
        """Every file with rules carries the whole legend, so that it can be read by itself."""
        stated: dict[str, set[str]] = {}
        for source, legend in self.declared.legends:
            stated.setdefault(source.name, set()).update(word.text for word in legend.sentences)
        changed: dict[str, set[str]] = {}
        for source, legend in self.declared.legends:
            missing = {sentence for sentence in LEGEND if sentence not in stated[source.name]}
            changed.setdefault(source.name, set())
            changed[source.name] |= self._changed_sentences(source, legend, missing)
        for file in files:
            if not any(isinstance(item, _NEED_A_LEGEND) for item in file.declarations):
                continue
            needed = legend_of(file)
            found = stated.get(file.source.name, set()) | changed.get(file.source.name, set())
            lacking = [sentence for sentence in needed if sentence not in found]
            if lacking and "legend" not in file.damaged:
                self.report.source = file.source
                head = next((i.span for i in file.declarations if isinstance(i, tree.Legend)), nowhere())
                message = "the legend is missing" if len(lacking) == len(needed) else "the legend lacks a sentence"
                sentences = " ".join(f'"{sentence}"' for sentence in lacking)
                self.report.error("SI510", message, head, f"write under `legend`: {sentences}")

    def _changed_sentences(self, source: Source, legend: tree.Legend, missing: set[str]) -> set[str]:
        """Report sentences that the language does not keep; those of the legend that they stand in for."""
        meant: set[str] = set()
        for word in legend.sentences:
            if word.text in LEGEND:
                continue
            self.report.source = source
            near = nearest_sentence(word.text, sorted(missing - meant))
            help_ = f'the legend says: "{near}"' if near else "delete it: the sentences of the legend are fixed"
            self.report.error("SI510", "the language does not work as this sentence says", word.span, help_)
            meant |= {near} if near else set()
        return meant

    # ---- judgements and parameters
    def _kind(self, written: tree.KindExpression) -> Kind | None:
        return read_kind(written, self.vocabulary.units, self.report, in_decimals=self.vocabulary.in_decimals)

    def _judgements(self) -> dict[str, core.Judgement]:
        found = {}
        for name, (source, written) in self.declared.judgements.items():
            self.report.source = source
            line = None
            if name not in self.declared.damaged or written.kinds:
                line = only(written.kinds, "a kind", written.span, self.report)
            kind = self._kind(line.kind) if line is not None else None
            cites = self.ownership.cites(written.cites)
            interpretations = self.ownership.interpretations(written.interpretations)
            audience = read_audience(written.shown_to, self.vocabulary.audiences, self.report)
            if kind is None:
                self.declared.damaged.add(name)
                continue
            field = Field(f"judgements.{name}", written.title.text, kind, shown_to=audience)
            found[name] = core.Judgement(name, field, cites, interpretations)
        return found

    def _parameters(self) -> dict[str, core.Parameter]:
        found = {}
        for name, (source, written) in self.declared.parameters.items():
            self.report.source = source
            damaged = name in self.declared.damaged
            kind = self._kind(written.kind)
            cites = self.ownership.cites(written.cites)
            interpretations = self.ownership.interpretations(written.interpretations)
            self.ownership.need(
                f"the parameter `{name}`", written.span, written.cites, written.interpretations, damaged
            )
            if kind is None or not isinstance(kind, Number | Date):
                if kind is not None:
                    self.report.error("SI406", f"a parameter is a number, not {described(kind)}", written.kind.span,
                                      "name a unit such as percent")  # fmt: skip
                self.declared.damaged.add(name)
                continue
            by_year, from_date = self._values(written, kind)
            if by_year and from_date:
                self.report.error("SI406", f"`{name}` has values for years and from dates", written.name.span,
                                  "use one way for all of them")  # fmt: skip
            if not written.values and not damaged:
                self.report.error("SI508", f"the parameter `{name}` has no value", written.name.span,
                                  "add a line: for 2014-15: …, or from 2015-09-01: …")  # fmt: skip
            unlimited = kind.unbounded if isinstance(kind, Number) else kind
            found[name] = core.Parameter(
                name,
                written.title.text,
                unlimited,
                tuple(sorted(by_year.items())),
                tuple(sorted(from_date.items())),
                cites,
                interpretations,
            )
        return found

    def _values(self, written: tree.Parameter,
                kind: Kind) -> tuple[dict[AcademicYear, Fraction], dict[datetime.date, Fraction]]:  # fmt: skip
        by_year: dict[AcademicYear, Fraction] = {}
        from_date: dict[datetime.date, Fraction] = {}
        for line in written.values:
            value = self._value(line.value, kind)
            key = read_year(line.key, self.report) if line.by_year else read_date(line.key, self.report)
            if value is None or key is None:
                continue
            table: dict[object, Fraction] = by_year if line.by_year else from_date  # type: ignore[assignment]
            if key in table:
                self.report.error("SI508", f"`{written.name.text}` has two values for {key}", line.key.span,
                                  "keep one of them")  # fmt: skip
            table[key] = value
        return by_year, from_date

    def _value(self, written: tree.Quantity, kind: Kind) -> Fraction | None:
        if isinstance(kind, Date):
            day = read_date(tree.Word(written.text, written.span), self.report) if written.unit == "date" else None
            return None if day is None else Fraction(day.toordinal())
        if not isinstance(kind, Number) or written.unit != kind.unit:
            unit = kind.unit if isinstance(kind, Number) else "date"
            shown = f"{written.text}%" if unit == "percent" else f"{written.text} {unit.replace('_', ' ')}"
            self.report.error("SI401", f"the parameter is {described(kind)}, and this is not", written.span,
                              f"did you mean `{shown}`?")  # fmt: skip
            return None
        return read_number(written, self.report)
