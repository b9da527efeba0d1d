"""The kinds of values with a name, known before any rule is read: an author declares the kind of each."""

from si_rules.semantics import core
from si_rules.semantics.declared import Declared, ValueDeclaration
from si_rules.semantics.kind_reading import read_kind
from si_rules.semantics.kinds import Choice, Kind, Number, Scale
from si_rules.semantics.report import Report
from si_rules.semantics.scope import KnownClassification, KnownValue
from si_rules.semantics.vocabulary import Vocabulary
from si_rules.source.text import Source
from si_rules.syntax import tree


class NamedKinds:
    """The kinds of facts that are values, of scores, tables, matrices and figures."""

    def __init__(self, declared: Declared, vocabulary: Vocabulary, judgements: dict[str, core.Judgement],
                 report: Report) -> None:  # fmt: skip
        self._declared = declared
        self._vocabulary = vocabulary
        self._judgements = judgements
        self._report = report
        self.values: dict[str, KnownValue] = {}
        self.figures: dict[str, Kind] = {}
        self.listings: dict[str, KnownValue] = {}

    def read(self) -> None:
        """Read all kinds; those that name the scale of another are read once that is known."""
        waiting = dict(self._declared.values)
        while ready := [name for name, (_, written) in waiting.items() if self._ready(written)]:
            for name in ready:
                self._read(name, *waiting.pop(name))
        for name, (source, written) in waiting.items():
            self._read(name, source, written)
        for name, (source, figure) in self._declared.figures.items():
            self._report.source = source
            kind = self._kind(figure.kind)
            if kind is not None:
                self.figures[name] = _unlimited(kind)

    def _read(self, name: str, source: Source, written: ValueDeclaration) -> None:
        self._report.source = source
        if isinstance(written, tree.Table):
            self._table(written)
        else:
            self._value(name, written)

    def _ready(self, written: ValueDeclaration) -> bool:
        lines = [line for _, line in written.gives] if isinstance(written, tree.Table) else [written.kind]
        return all(line.sort != "kind_of" or self._known(line.names[0].text) is not None for line in lines)

    def _known(self, name: str) -> Kind | None:
        if name in self._vocabulary.fields:
            return self._vocabulary.fields[name].kind
        if name in self._judgements:
            return self._judgements[name].field.kind
        return self.values[name].kind if name in self.values else None

    def _kind(self, line: tree.KindExpression) -> Kind | None:
        return read_kind(line, self._vocabulary.units, self._report, self._known, self._vocabulary.in_decimals)

    def _value(self, name: str, written: tree.ValueFact | tree.Score | tree.Matrix) -> None:
        self._report.source = self._declared.values[name][0]
        kind = self._kind(written.kind)
        if kind is not None:
            self.values[name] = KnownValue(_unlimited(kind), _group(written.owned))
        else:
            self._declared.damaged.add(name)

    def _table(self, written: tree.Table) -> None:
        name = written.name.text
        policies = [word.text for word in written.policies]
        if policies == ["number_of_rows"]:
            self.values[name] = KnownValue(Number("number"), _group(written.owned))
        for word, line in written.gives:
            kind = self._kind(line)
            if kind is None:
                self._declared.damaged |= {name, f"{name}.{word.text}"}
            elif policies == ["every_row"]:
                self._listing(written, kind, line)
            elif f"{name}.{word.text}" in self.values:
                self._report.error("SI302", f"the table gives `{word.text}` twice", word.span, "keep one of them")
            else:
                self.values[f"{name}.{word.text}"] = KnownValue(_unlimited(kind), _group(written.owned))

    def _listing(self, written: tree.Table, kind: Kind, line: tree.KindExpression) -> None:
        if not isinstance(kind, Choice | Scale) or len(written.gives) != 1:
            self._report.once("SI407", "where every row counts, the table gives one of several named values", line.span,
                              "give one column: gives package : one of …")  # fmt: skip
            self._declared.damaged.add(written.name.text)
        else:
            self.listings[written.name.text] = KnownValue(kind, _group(written.owned))


def known_classifications(declared: Declared) -> dict[str, KnownClassification]:
    """What conditions may ask of each classification."""
    found = {}
    for name, (_, written) in declared.classifications.items():
        labels = tuple(item.label.text for item in written.classes)
        group = written.applies_to[0].group.text if written.applies_to and written.applies_to[0].group else None
        found[name] = KnownClassification(labels, group, written.all_stand, bool(written.invalid))
    return found


def _group(owned: tree.Owned) -> str | None:
    group = owned.applies_to[0].group if owned.applies_to else None
    return group.text if group is not None else None


def _unlimited(kind: Kind) -> Kind:
    """Limits belong to evidence; what a policy works out has none."""
    return kind.unbounded if isinstance(kind, Number) else kind
