"""Puts amendments into the trees of an edition: what they declare takes the place of what they name.

It is done on the trees, before any name is looked up, so an edition as amended is read and checked like any other.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from attrs import evolve

from si_rules.semantics.report import Report
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.nearest import nearest
from si_rules.source.text import Source
from si_rules.syntax import tree

_REPLACEABLE: Final = (
    tree.Parameter, tree.Rule, tree.ValueFact, tree.Score, tree.Table, tree.Matrix, tree.Figure, tree.Classification,
    tree.Event, tree.Judgement, tree.Pathway,
)  # fmt: skip
# What has names of its own, apart from those that conditions use.
_APART: Final[tuple[tuple[type[Any], str], ...]] = ((tree.Judgement, "judgement"), (tree.Pathway, "pathway"))

# What a name stands for: a judgement and a fact may have one name.
Key: TypeAlias = tuple[str, str]


def amended(files: Sequence[tree.File],
            amendments: Sequence[tree.File]) -> tuple[list[tree.File], list[Diagnostic]]:  # fmt: skip
    """The files of an edition with amendments put in, one after another, and what is wrong with these.

    The files of the amendments stand among those that are returned, so that what they add is read. What an amendment
    says wrongly is reported and left out.
    """
    if not amendments:
        return list(files), []
    report = Report(amendments[0].source)
    found = list(files)
    replaced: dict[Key, str] = {}
    period = _period(files)
    for file in amendments:
        report.source = file.source
        found = _Amending(file, found, report, replaced, period).put_in()
    return found, in_order(report.diagnostics)


class _Amending:
    """One amendment, put into the files as they are before it. `replaced` says what was replaced by one from which day."""

    def __init__(self, file: tree.File, files: list[tree.File], report: Report, replaced: dict[Key, str],
                 in_force: tuple[datetime.date, datetime.date] | None) -> None:  # fmt: skip
        self.file = file
        self.files = files
        self.report = report
        self.replaced = replaced
        self.in_force = in_force
        self.known = {_key(item): (other, item) for other, item in _declared(files)}

    def put_in(self) -> list[tree.File]:
        headers = [item for item in self.file.declarations if isinstance(item, tree.Amendment)]
        if not headers:
            return [*self.files, self.file]  # its header could not be read, which is told
        header, own = headers[0], {_key(item): item for _, item in _declared([self.file])}
        if len(headers) > 1:
            self.report.error("SI601", "a file has one amendment", headers[1].span, "put it into a file of its own")
        self._day(header)
        gone = self._set_aside(header, own)
        refused = {key for key in own if key in self.known and key not in gone}
        for key in sorted(refused):
            self._not_said(key, own[key])
        files = [_without(file, gone) for file in self.files]
        for item in self.file.declarations:
            if isinstance(item, tree.Changes):
                files = self._changed(item, files, header)
        return [*files, _without(self.file, refused)]

    def _day(self, header: tree.Amendment) -> None:
        """Report a first day on which the edition is not in force: the amendment would change nothing, or all of it."""
        try:
            first = datetime.date.fromisoformat(header.first[0].text) if header.first else None
        except ValueError:
            return  # no such day, which is told
        if first is None or self.in_force is None or self.in_force[0] < first <= self.in_force[1]:
            return
        begin, end = self.in_force
        self.report.error("SI404", f"the amendment counts from {first}, and the edition is in force from {begin} to {end}",
                          header.first[0].span, "write a day within that period, after its first; what counts from the "
                          "first day on belongs into the edition itself")  # fmt: skip

    # ---- whole rules
    def _set_aside(self, header: tree.Amendment, own: Mapping[Key, Any]) -> set[Key]:
        """What the header says is replaced or withdrawn, as far as it is there."""
        gone: set[Key] = set()
        for word in header.replaces:
            alike = [key for key in own if key[1] == word.text]
            there = [key for key in alike if key in self.known]
            if not alike and word.text not in self.file.damaged:
                self.report.error("SI608", f"`{word.text}` is to be replaced, and does not stand here", word.span,
                                  "write below how it reads from then on, or say: withdraws " + word.text)  # fmt: skip
            elif alike and not there:
                self._unknown(word)
            gone.update(there)
            self._once(there, word, header)
        for word in header.withdraws:
            there = [key for key in self.known if key[1] == word.text]
            if word.text in (key[1] for key in own):
                self.report.error("SI608", f"`{word.text}` is withdrawn, and stands here", word.span,
                                  f"to put another in its place: replaces {word.text}")  # fmt: skip
            elif not there:
                self._unknown(word)
            gone.update(there)
            self._once(there, word, header)
        return gone

    def _unknown(self, word: tree.Word) -> None:
        if any(word.text in file.damaged for file in self.files):
            return
        near = nearest(word.text, {name for _, name in self.known})
        help_ = f"did you mean `{near}`?" if near else "leave it out of this line: what is new needs no word"
        self.report.error("SI608", f"the edition has no `{word.text}`", word.span, help_)

    def _not_said(self, key: Key, item: Any) -> None:
        other, first = self.known[key]
        self.report.error("SI608", f"`{key[1]}` stands in the edition already", item.name.span,
                          f"to replace it, add to the header: replaces {key[1]}",
                          [(other.source, first.name.span, "it stands here")])  # fmt: skip

    def _once(self, keys: Iterable[Key], word: tree.Word, header: tree.Amendment) -> None:
        """Report what two amendments change from the same day: nothing says which of them counts."""
        first = header.first[0].text if header.first else ""
        for key in keys:
            if self.replaced.get(key) == first:
                self.report.error("SI608", f"two amendments change `{word.text}` from {first}", word.span,
                                  "put both changes into one of them")  # fmt: skip
            self.replaced[key] = first

    # ---- parts of rules
    def _changed(self, changes: tree.Changes, files: list[tree.File], header: tree.Amendment) -> list[tree.File]:
        """The files with the parts of one rule changed."""
        for number, file in enumerate(files):
            for place, item in enumerate(file.declarations):
                if not isinstance(item, tree.Classification | tree.Rule) or item.name.text != changes.name.text:
                    continue
                new: Any = (
                    self._classification(item, changes)
                    if isinstance(item, tree.Classification)
                    else self._rule(item, changes)
                )
                for key in _parts_of(changes):
                    self._once([key], tree.Word(key[1], changes.name.span), header)
                declarations = (*file.declarations[:place], new, *file.declarations[place + 1 :])
                return [*files[:number], evolve(file, declarations=declarations), *files[number + 1 :]]
        name = changes.name.text
        if not any(name in file.damaged for file in (*files, self.file)):
            known = {
                key[1] for key, (_, item) in self.known.items() if isinstance(item, tree.Classification | tree.Rule)
            }
            near = nearest(name, known)
            self.report.error("SI608", f"the edition has no classification, fact or trigger `{name}`", changes.name.span,
                              f"did you mean `{near}`?" if near else "name one that stands in the edition")  # fmt: skip
        return files

    def _rule(self, rule: tree.Rule, changes: tree.Changes) -> tree.Rule:
        """A fact or trigger from which something else follows."""
        stray: Sequence[Any] = (*changes.classes, *changes.clauses, *(label for label, _ in changes.of_classes))
        stray = (*stray, *(block for block in changes.thens if block.outcome != "then"))
        for item in stray:
            self.report.error("SI608", f"`{rule.name.text}` is a {rule.sort}, and has no classes", item.span,
                              "write what follows, or replace the whole of it")  # fmt: skip
        thens = tuple(evolve(block, source=self.file.source) for block in changes.thens if block.outcome == "then")
        return evolve(rule, thens=thens) if thens else rule

    def _classification(self, written: tree.Classification, changes: tree.Changes) -> tree.Classification:
        """A classification with classes, clauses and consequences changed; its order stays."""
        source = self.file.source
        blocks = {item.label.text: item for item in (*written.invalid, *written.classes)}
        for new in changes.classes:
            if self._has(new.label, blocks, "class", written):
                blocks[new.label.text] = evolve(new, source=source)
        for label, block in changes.of_classes:
            if self._has(label, blocks, "class", written):
                blocks[label.text] = evolve(blocks[label.text], thens=(evolve(block, source=source),))
        clauses = {clause.label.text: label for label, item in blocks.items() for clause in item.clauses}
        for clause in changes.clauses:
            if self._has(clause.label, clauses, "clause", written):
                owner = blocks[clauses[clause.label.text]]
                changed = tuple(_in_place(old, clause, source) for old in owner.clauses)
                blocks[owner.label.text] = evolve(owner, clauses=changed)
        thens = {block.outcome: block for block in written.thens}
        for block in changes.thens:
            if block.outcome == "then":
                self.report.error("SI608", f"what follows from which class of `{written.name.text}`?", block.span,
                                  "name it: what follows from class …")  # fmt: skip
            else:
                thens[block.outcome] = evolve(block, source=source)
        invalid = tuple(blocks[item.label.text] for item in written.invalid)
        classes = tuple(blocks[item.label.text] for item in written.classes)
        return evolve(written, invalid=invalid, classes=classes, thens=tuple(thens.values()))

    def _has(self, label: tree.Word, known: Mapping[str, object], what: str, of: tree.Classification) -> bool:
        if label.text in known:
            return True
        self.report.error("SI608", f"`{of.name.text}` has no {what} {label.text}", label.span,
                          f"it has {', '.join(known)}; to add one, replace the whole of it")  # fmt: skip
        return False


def _period(files: Iterable[tree.File]) -> tuple[datetime.date, datetime.date] | None:
    """When the edition is in force, as far as its header says so."""
    headers = (item for file in files for item in file.declarations if isinstance(item, tree.PolicyHeader))
    for first, last in (days for header in headers for days in header.in_force):
        try:
            return datetime.date.fromisoformat(first.text), datetime.date.fromisoformat(last.text)
        except ValueError:
            return None  # no such day, which is told
    return None


def _in_place(old: tree.Clause, new: tree.Clause, source: Source) -> tree.Clause:
    """A clause, or the one that takes its place; the first of a class stays the first, whatever it begins with."""
    return evolve(new, further=old.further, source=source) if old.label.text == new.label.text else old


def _parts_of(changes: tree.Changes) -> Iterator[Key]:
    """The parts that are changed, each as something of which it can be said that it was changed twice."""
    name = changes.name.text
    labels = [item.label for item in changes.classes] + [item.label for item in changes.clauses]
    for label in labels:
        yield "part", f"{name}.{label.text}"
    for label, _ in changes.of_classes:
        yield "part", f"what follows from {name}.{label.text}"
    for block in changes.thens:
        yield "part", f"what follows from {name}" if block.outcome == "then" else f"{block.outcome} of {name}"


def _key(item: Any) -> Key:
    family = next((word for sort, word in _APART if isinstance(item, sort)), "name")
    return family, item.name.text


def _declared(files: Iterable[tree.File]) -> Iterator[tuple[tree.File, Any]]:
    for file in files:
        for item in file.declarations:
            if isinstance(item, _REPLACEABLE):
                yield file, item


def _without(file: tree.File, keys: set[Key]) -> tree.File:
    kept = tuple(item for item in file.declarations if not isinstance(item, _REPLACEABLE) or _key(item) not in keys)
    return evolve(file, declarations=kept)
