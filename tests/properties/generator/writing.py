"""Writes a policy and its vocabulary as files."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tests.properties.generator.declarations import GROUP_FIELD, IN_FORCE, ORIGINS, Measure, Parameter
from tests.properties.generator.rules import (
    Class,
    Classification,
    Clause,
    Consequence,
    Figure,
    Matrix,
    Policy,
    Rule,
    Score,
    Table,
    ValueFact,
)
from tests.properties.generator.table_text import matrix_lines, table_lines
from tests.properties.generator.terms import Condition, Listing
from tests.properties.generator.wording import kind_text, line_text, quantity_text, term_text, year_text

from si_rules.semantics.declared import LEGEND

PARTIES = ("council", "place")
ACTIONS = ("visit", "praise", "repair")
MODALITIES = {"must": "must", "will": "will", "may": "may", "should": "should", "is_likely_to": "is likely to"}
HEADS = {"all": "all of", "any": "any of", "none": "none of"}
MONTHS = {12: "December", 3: "March", 9: "September"}
STANDS = {False: "the most serious stands", True: "all of them stand, the most serious as the headline"}


class Writer:
    """Writes a policy as text; with a seed, whatever may stand in another order does."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.declared = policy.declared
        self.order = random.Random(policy.shuffle) if policy.shuffle is not None else None

    def mixed(self, items: Sequence[Any]) -> list[Any]:
        found = list(items)
        if self.order is not None:
            self.order.shuffle(found)
        return found

    # ---- evidence
    def _field(self, item: Measure) -> Iterator[str]:
        yield f'evidence {item.path} "about {item.path}"'
        yield f"  {kind_text(item.kind)}{', or none' if item.optional else ''}"
        if item.first is not None:
            yield f"  first in {year_text(item.first)}"
        if item.last is not None:
            yield f"  last in {year_text(item.last)}"
        for year in item.breaks:
            yield f"  breaks in {year_text(year)}"
        if item.shown_to:
            yield f"  shown to {', '.join(item.shown_to)}"

    def _evidence(self, restated: bool) -> Iterator[list[str]]:
        for item in self.declared.fields:
            yield list(self._field(item))
        yield ['group grown "those that are grown"', f"  {GROUP_FIELD} is one of {', '.join(self.declared.group)}"]
        visits = ['records visit "a visit"', "  listed under visits", "  happened on day, became known on published"]
        if restated and self.declared.visits_accepted_months is not None:
            visits.append(f"  accepted for {self.declared.visits_accepted_months} months")
        yield visits
        for results in self.declared.results:
            block = [f'results {results.name} "results of {results.name}"',
                     "  each academic year, became known on published"]  # fmt: skip
            if restated:
                block.append(f"  due on {results.day} {MONTHS[results.month]} after the year ends on 31 August")
                block += [f"  for {year_text(year)}: due on {day}" for year, day in results.due_in]
            block += [f"  begins with the year of {results.begins_with}"] if results.begins_with else []
            yield block + (["  applies to places with grown"] if results.grouped else [])

    def vocabulary(self) -> str:
        head = ["vocabulary toy 1", "  subject place, plural places", "  identified by code", "  labelled by name"]
        blocks = [['audience public "everybody"'], ['audience officers "officers"'], ['audience chair "the chair"'],
                  ['unit heads "heads"'], *([f'origin {name} "the {name}"'] for name in ORIGINS)]  # fmt: skip
        # A group names a field and a field its records or results: these stand anywhere in the file.
        return _joined([head, *blocks, *self._evidence(restated=False)])

    def _judgement(self, item: Measure) -> list[str]:
        block = [f'judgement {item.path.partition(".")[2]} "judged {item.path}"', f"  {kind_text(item.kind)}"]
        if item.accepted_months is not None:
            block.append(f"  accepted for {item.accepted_months} months")
        return block + ([f"  shown to {', '.join(item.shown_to)}"] if item.shown_to else [])

    def _parameter(self, item: Parameter) -> Iterator[str]:
        yield f'parameter {item.name} "the {item.name}": {kind_text(item.kind)}'
        yield '  cites SRC "1"'
        yield f'  interpretation PAR-{item.name.upper()} "Chosen."'
        for year, value in self.mixed(item.by_year):
            yield f"  for {year_text(year)}: {quantity_text(value, item.kind.unit)}"
        for day, value in self.mixed(item.from_date):
            shown = str(value) if isinstance(value, date) else quantity_text(value, item.kind.unit)
            yield f"  from {day}: {shown}"

    # ---- the whole
    def policy_text(self) -> str:
        head = ["policy toy.policy", '  title "A toy policy"', "  edition 2015-16",
                f"  in force {IN_FORCE[0]} to {IN_FORCE[1]}", "  vocabulary toy 1"]  # fmt: skip
        blocks: list[list[str]] = [["legend", *(f'  "{sentence}"' for sentence in LEGEND)], ['source SRC "A source"']]
        blocks += [[f'party {name} "the {name}"'] for name in PARTIES]
        blocks += [[f'action {name} "{name} something"'] for name in ACTIONS]
        blocks += [['occasion fair "the fair"']]
        blocks += list(self._evidence(restated=True))
        blocks += [self._judgement(item) for item in self.declared.judgements]
        blocks += [list(self._parameter(item)) for item in self.declared.parameters]
        blocks += [[f"prefer {one} over {other}", f'  cites SRC "{one}"'] for one, other in self.declared.preferred]
        for item in self.policy.declarations:
            match item:
                case Rule():
                    blocks.append(list(self._rule(item)))
                case Classification():
                    blocks.append(list(self._classification(item)))
                case _:
                    blocks.append(list(self._value(item)))
        return _joined(self.mixed([head, *blocks]))

    # ---- values
    def _value(self, item: ValueFact | Score | Table | Matrix | Figure) -> Iterator[str]:
        sort = "fact" if isinstance(item, ValueFact) else type(item).__name__.lower()
        kind = "" if isinstance(item, Table) else f": {kind_text(item.kind)}"
        if isinstance(item, ValueFact) and item.scale_of is not None:
            kind = f": the scale of {item.scale_of}"
        yield f'{sort} {item.name} "about {item.name}"{kind}'
        yield f'  cites SRC "{item.name}"'
        grown = "places with grown"
        if isinstance(item, Figure):
            yield f"  over {grown}" if item.grouped else "  over every place"
        elif item.grouped:
            yield f"  applies to {grown}"
        match item:
            case ValueFact(term=term):
                yield f"  is {term_text(term)}"
            case Score(items=items):
                yield "  adds up"
                for term, condition in self.mixed(items):
                    asked = "" if condition is None else f" when {line_text(condition)}"
                    yield f"    - {term_text(term, 2)}{asked}"
            case Table():
                yield from table_lines(item, self.mixed)
            case Matrix():
                yield from matrix_lines(item)
            case Figure():
                yield from _figure_lines(item)

    # ---- rules
    def head(self, listing: Listing) -> str:
        return HEADS.get(listing.quantifier, f"at least {listing.count} of")

    def items(self, listing: Listing, depth: int) -> Iterator[str]:
        pad = "  " * depth
        for item in self.mixed(listing.items):
            if isinstance(item.condition, Listing) and not item.condition.inline:
                yield f"{pad}- {self.head(item.condition)}"
                yield from self.items(item.condition, depth + 1)
            else:
                left_out = ", left out where it does not apply" if item.left_out else ""
                yield f"{pad}- {line_text(item.condition)}{left_out}"

    def _exceptions(self, exceptions: Sequence[Condition], depth: int) -> Iterator[str]:
        pad = "  " * depth
        for condition in self.mixed(exceptions):
            if isinstance(condition, Listing) and not condition.inline:
                yield f"{pad}except when {self.head(condition)}"
                yield f'{pad}  because "it is otherwise"'
                yield from self.items(condition, depth + 1)
            else:
                yield f"{pad}except when {line_text(condition)}"
                yield f'{pad}  because "it is otherwise"'

    def _then(self, items: tuple[Consequence, ...], depth: int, head: str = "what follows") -> Iterator[str]:
        if not items:
            return
        pad = "  " * depth
        yield f"{pad}{head}"
        yield f'{pad}  cites SRC "what follows"'
        for item in self.mixed(items):
            text = f"{pad}  {item.party} {MODALITIES[item.modality]} {item.action}"
            text += ", for grown places" if item.grouped else ""
            text += f", {item.timing}" if item.timing else ""
            text += f", if {line_text(item.condition)}" if item.condition is not None else ""
            yield text

    def _rule(self, rule: Rule) -> Iterator[str]:
        yield f'{rule.sort} {rule.name} "about {rule.name}"'
        yield f'  cites SRC "{rule.name}"'
        if rule.grouped:
            yield "  applies to places with grown"
        if rule.shown_to:
            yield f"  shown to {', '.join(rule.shown_to)}"
        if rule.released_to:
            yield f'  released to {", ".join(rule.released_to)} because "they may know whether"'
        if isinstance(rule.condition, Listing) and not rule.condition.inline:
            yield f"  holds when {self.head(rule.condition)}"
            yield from self.items(rule.condition, 2)
        else:
            yield f"  holds when {line_text(rule.condition)}"
        yield from self._exceptions(rule.exceptions, 1)
        yield from self._then(rule.then, 1)

    # ---- classifications
    def _classification(self, item: Classification) -> Iterator[str]:
        yield f'classification {item.name} "The {item.name}"'
        yield f'  cites SRC "{item.name}"'
        yield "  applies to grown places" if item.guarded else "  applies to every place"
        labels = ", ".join(described.label for described in item.classes)
        yield f"  when several classes hold, {STANDS[item.all_stand]}: {labels}"
        yield "  when no class holds, unmatched"
        yield "  when evidence is missing, undetermined between the outcomes still possible, unless only one is left"
        for described in item.blocks():
            yield from self._class(described, described is item.invalid)
        yield from self._then(item.unmatched, 1, "when unmatched")
        yield from self._then(item.whatever, 1, "whatever the outcome")

    def _class(self, described: Class, invalid: bool) -> Iterator[str]:
        yield (
            '  invalid "It was never looked at"' if invalid else f'  class {described.label} "Class {described.label}"'
        )
        yield f'    cites SRC "class {described.label}"'
        for position, clause in enumerate(self.mixed(described.clauses)):
            yield from self._clause(clause, position)
        yield from self._then(described.then, 2)

    def _clause(self, clause: Clause, position: int) -> Iterator[str]:
        head = f"    {'or ' if position else ''}clause {clause.label}"
        if isinstance(clause.condition, Listing) and not clause.condition.inline:
            yield f"{head}, {self.head(clause.condition)}"
            yield f'      interpretation CL-{clause.label.upper().replace("_", "-")} "Read so."'
            yield from self.items(clause.condition, 3)
        else:
            yield f"{head}, when {line_text(clause.condition)}"
        yield from (f"      gives way to clause {label}" for label in clause.gives_way)
        yield from self._exceptions(clause.exceptions, 3)


def _figure_lines(item: Figure) -> Iterator[str]:
    if item.where is not None:
        yield f"  where {line_text(item.where)}"
    if item.condition is not None:
        yield f"  is the {item.measure} for which {line_text(item.condition)}"
        return
    assert item.term is not None
    text = term_text(item.term, 1)
    if item.measure in ("rank", "percentile"):
        order = f", {'highest' if item.highest_first else 'lowest'} first" if item.measure == "rank" else ""
        yield f"  is the {item.measure} by {text}{order}"
    else:
        weighted = "" if item.weight is None else f", weighted by {term_text(item.weight, 1)}"
        yield f"  is the {item.measure} of {text}{weighted}"


def _joined(blocks: list[list[str]]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"
