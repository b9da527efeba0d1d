"""From what the parser reduces to the tree of a scenario file."""

import re
from typing import Any, Final, Literal

from attrs import frozen
from lark import Token, v_args

from si_rules.source.text import Span
from si_rules.syntax import scenario_tree as tree
from si_rules.syntax.builder import MODALITIES
from si_rules.syntax.history_builder import HistoryBuilder
from si_rules.syntax.history_tree import Happening
from si_rules.syntax.pieces import quoted, span_of, unit_of, word
from si_rules.syntax.tree import Timing, Word

_TRUTHS = {
    "HOLDS": "holds",
    "DOES_NOT_HOLD": "does_not_hold",
    "IS_UNDETERMINED": "undetermined",
    "DOES_NOT_APPLY": "not_applicable",
    "NOT_APPLICABLE": "not_applicable",
}
_PIECE: Final = re.compile(r'"[^"]*"|\|\|?|, *(?=[a-z])|[^\s|",]+|,')


@v_args(inline=True)
class ScenarioBuilder(HistoryBuilder):
    """Builds the nodes of `si_rules.syntax.scenario_tree` while the parser runs."""

    def scenarios(self, key: Token, policy: Token, edition: Token, on: tree.At,
                  known_at: Word | None) -> tree.ScenariosHeader:  # fmt: skip
        return tree.ScenariosHeader(word(policy), word(edition), on, known_at, span_of(key, edition))

    def known_at(self, _key: Token, day: Token) -> Word:
        return word(day)

    def at(self, _key: Token, day: Token, as_if: Token | None) -> tree.At:
        return tree.At(word(day), as_if is not None)

    def background(self, key: Token, name: Token, *parts: Any) -> tree.Background:
        given = tuple(part for part in parts if isinstance(part, tree.Given))
        history: tuple[Happening, ...] = next((part for part in parts if isinstance(part, tuple)), ())
        return tree.Background(word(name), given, span_of(key, name), history)

    def scenario(self, key: Token, title: Token, on: tree.At | None, known_at: Word | None,
                 shown_to: tuple[Word, ...] | None, among: tuple[Word, ...] | None, given: Any,
                 history: tuple[Happening, ...] | None, *parts: Any) -> tree.Scenario:  # fmt: skip
        names, lines = given or ((), ())
        rows = next((part.lines for part in parts if isinstance(part, _Cases)), ())
        expected = next((part for part in parts if isinstance(part, tuple)), ())
        span = span_of(key, title)
        told = (shown_to or (), among or (), rows)
        return tree.Scenario(quoted(title), on, known_at, names, lines, expected, *told, span, history or ())

    def shown_to(self, _key: Token, names: tuple[Word, ...]) -> tuple[Word, ...]:
        return names

    def among(self, _key: Token, names: tuple[Word, ...]) -> tuple[Word, ...]:
        return names

    def cases(self, _key: Token, *rows: Token) -> "_Cases":
        return _Cases(tuple(_line(row) for row in rows))

    def given(self, _key: Token, names: tuple[Word, ...] | None, *lines: Any) -> Any:
        return names or (), tuple(line for line in lines if line is not None)

    def names(self, *names: Token) -> tuple[Word, ...]:
        return tuple(word(name) for name in names)

    # ---- what is known
    def given_value(self, place: tree.Place, _is: Token, value: tuple[Any, str, str | None, Token]) -> tree.Given:
        sort, text, unit, token = value
        return tree.Given(place, sort, text, unit, span_of(place, token))

    def candidate(self, value: tuple[Any, str, str | None, Token], _from: Token | None,
                  origin: Token | None) -> tree.Candidate:  # fmt: skip
        sort, text, unit, token = value
        told = word(origin) if origin is not None else None
        return tree.Candidate(sort, text, unit, told, span_of(token, origin))

    def given_disputed(self, place: tree.Place, _key: Token, *candidates: Any) -> tree.Given:
        found = tuple(candidate for candidate in candidates if isinstance(candidate, tree.Candidate))
        return tree.Given(place, "disputed", "", None, span_of(place, *found), found)

    def known_later(self, place: tree.Place, _key: Token, day: Token) -> tree.Given:
        return tree.Given(place, "known_on", str(day), None, span_of(place, day))

    def no_records(self, name: Token, key: Token) -> tree.Given:
        place = tree.Place(word(name), False, None, False, False, None, span_of(name))
        return tree.Given(place, "no_records", "", None, span_of(name, key))

    def evidence_place(self, which: Token | None, name: Token, key: Token | None, when: Token | None) -> tree.Place:
        sort = which.type if which is not None else ""
        at = word(when) if when is not None else None
        year, day = (at, None) if key is None or key.type == "IN" else (None, at)
        span = span_of(which, name, key, when)
        return tree.Place(word(name), False, year, sort == "PREVIOUS", sort == "LATEST", day, span)

    def judgement_place(self, key: Token, name: Token, _of: Token | None, day: Token | None) -> tree.Place:
        made = word(day) if day is not None else None
        return tree.Place(word(name), True, None, False, False, made, span_of(key, name, day))

    def figure_place(self, key: Token, name: Token) -> tree.Place:
        called = Word(f"figures.{name}", span_of(name))
        return tree.Place(called, False, None, False, False, None, span_of(key, name))

    def name_value(self, token: Token) -> Any:
        return "name", str(token), None, token

    def flag_value(self, token: Token) -> Any:
        return "flag", str(token), None, token

    def percent_value(self, token: Token) -> Any:
        return "percent", token[:-1], "percent", token

    def number_value(self, token: Token, unit: Token | None) -> Any:
        if unit is None:
            return "number", str(token), "number", token
        name = unit_of(unit) if unit.type == "NAME" else "percentage_points"
        return "number", str(token), name, token

    def date_value(self, token: Token) -> Any:
        return "date", str(token), None, token

    def absent_value(self, token: Token) -> Any:
        return "absent", "_".join(token.split()), None, token

    def none_value(self, token: Token) -> Any:
        return "none", "", None, token

    def no_records_value(self, token: Token) -> Any:
        return "no_records", "", None, token

    # ---- cells of a table
    def case_column(self, _key: Token) -> None:
        return None

    def day_column(self, key: Token) -> tree.Day:
        of: Literal["on", "known_at"] = "on" if key.type == "ON" else "known_at"
        return tree.Day(of, span_of(key))

    def cell_class(self, label: Token, *because: Token | None) -> tree.ExpectedCell:
        clauses = tuple(word(token) for token in because if token is not None and token.type in _LABELS)
        span = span_of(label, *because)
        if label.type == "UNMATCHED":
            return tree.ExpectedCell(None, "unmatched", (), clauses, False, span)
        return tree.ExpectedCell(None, "determined", (word(label),), clauses, False, span)

    def cell_settled(self, label: Token, key: Token) -> tree.ExpectedCell:
        return tree.ExpectedCell(None, "determined", (word(label),), (), True, span_of(label, key))

    def cell_undetermined(self, key: Token, *labels: Token | None) -> tree.ExpectedCell:
        between = tuple(word(t) for t in labels if t is not None and t.type in _LABELS)
        return tree.ExpectedCell("undetermined", "undetermined", between, (), False, span_of(key, *labels))

    def cell_truth(self, key: Token) -> tree.ExpectedCell:
        status: Literal["not_applicable"] | None = "not_applicable" if key.type == "NOT_APPLICABLE" else None
        return tree.ExpectedCell(_TRUTHS[key.type], status, (), (), False, span_of(key))

    # ---- what is expected
    def expect(self, _key: Token, *lines: tree.Expectation) -> tuple[tree.Expectation, ...]:
        return lines

    def expect_class(self, name: Token, _is: Token, label: Token, *because: Token | None) -> tree.ExpectOutcome:
        clauses = tuple(word(token) for token in because if token is not None and token.type in _LABELS)
        if label.type == "UNMATCHED":
            return tree.ExpectOutcome(word(name), "unmatched", (), (), False, span_of(name, label))
        return tree.ExpectOutcome(word(name), "determined", (word(label),), clauses, False, span_of(name, label))

    def expect_settled(self, name: Token, _is: Token, label: Token, key: Token) -> tree.ExpectOutcome:
        return tree.ExpectOutcome(word(name), "determined", (word(label),), (), True, span_of(name, key))

    def expect_undetermined(self, name: Token, key: Token, *labels: Token | None) -> tree.ExpectOutcome:
        between = tuple(word(t) for t in labels if t is not None and t.type in _LABELS)
        return tree.ExpectOutcome(word(name), "undetermined", between, (), False, span_of(name, key, *labels))

    def expect_status(self, name: Token, key: Token) -> tree.ExpectOutcome:
        status: Literal["unmatched", "not_applicable"] = "not_applicable"
        if key.type == "IS_UNMATCHED":
            status = "unmatched"
        return tree.ExpectOutcome(word(name), status, (), (), False, span_of(name, key))

    def expect_rule(self, rule: tree.Target, truth: Token) -> tree.ExpectRule:
        sort: Any = rule.sort
        return tree.ExpectRule(sort, rule.name, _TRUTHS[truth.type], span_of(rule, truth))

    def value_target(self, key: Token, name: Token) -> tree.Target:
        return tree.Target("value", word(name), span_of(key, name))

    def cell_known(self, value: tuple[Any, str, str | None, Token]) -> tree.ValueCell:
        sort, text, unit, token = value
        return tree.ValueCell("none" if sort == "none" else "known", sort, text, unit, span_of(token))

    def cell_open(self, key: Token) -> tree.ValueCell:
        status: Any = "undetermined" if key.type == "UNDETERMINED" else "not_applicable"
        return tree.ValueCell(status, "absent", "", None, span_of(key))

    def expect_value(self, key: Token, name: Token, *told: Any) -> tree.ExpectValue:
        status: Any
        if len(told) == 2:
            sort, text, unit, token = told[1]
            status = "none" if sort == "none" else "known"
            return tree.ExpectValue(word(name), status, sort, text, unit, span_of(key, name, token))
        if len(told) == 4:
            low, high = (tree.Candidate(v[0], v[1], v[2], None, span_of(v[3])) for v in (told[1], told[3]))
            return tree.ExpectValue(
                word(name), "undetermined", "absent", "", None, span_of(key, name, told[3][3]), (low, high)
            )
        status = _TRUTHS[told[0].type]
        return tree.ExpectValue(word(name), status, "absent", "", None, span_of(key, name, told[0]))

    def expect_consequence(self, key: Token, party: Token, modality: str, action: Token,
                           *timing: Timing) -> tree.ExpectConsequence:  # fmt: skip
        sure = key.type in ("IT_FOLLOWS", "IT_DOES_NOT_FOLLOW")
        negated = key.type in ("IT_DOES_NOT_FOLLOW", "IT_IS_NOT_SAID")
        return tree.ExpectConsequence(
            sure, negated, word(party), modality, word(action), timing, span_of(key, action, *timing)
        )

    def modality(self, token: Token) -> str:
        return MODALITIES[token.type]

    def expect_need(self, name: Token, key: Token, place: tree.Place) -> tree.ExpectNeed:
        return tree.ExpectNeed(word(name), key.type == "NEEDS", place, span_of(name, place))

    def expect_settling(self, name: Token, key: Token, *places: Any) -> tree.ExpectSettling:
        found = tuple(place for place in places if isinstance(place, tree.Place))
        return tree.ExpectSettling(word(name), key.type == "WILL_BE_SETTLED_BY", found, span_of(name, *found))

    def expect_near_miss(self, name: Token, _key: Token, label: Token, _by: Token,
                         place: tree.Place) -> tree.ExpectNearMiss:  # fmt: skip
        return tree.ExpectNearMiss(word(name), word(label), place, span_of(name, place))

    def classification_target(self, name: Token) -> tree.Target:
        return tree.Target("classification", word(name), span_of(name))

    def rule(self, sort: Token, name: Token, _of: Token | None, owner: Token | None) -> tree.Target:
        called = word(name) if owner is None else Word(f"{owner}.{name}", span_of(name, owner))
        return tree.Target(sort.type.lower(), called, span_of(sort, name, owner))  # type: ignore[arg-type]

    def expect_cited(self, target: tree.Target, _key: Token, source: Token, place: Token) -> tree.ExpectCited:
        return tree.ExpectCited(target, word(source), quoted(place), span_of(target, place))

    def expect_rests(self, target: tree.Target, key: Token, *ids: Token) -> tree.ExpectRests:
        return self._rests(target, key, ids, span_of(target, *ids))

    def expect_all_rests(self, key: Token, *ids: Token) -> tree.ExpectRests:
        return self._rests(None, key, ids, span_of(key, *ids))

    @staticmethod
    def _rests(target: tree.Target | None, key: Token, ids: tuple[Token, ...], span: Span) -> tree.ExpectRests:
        named = tuple(word(token) for token in ids if token.type == "ID")
        return tree.ExpectRests(target, "NOT" in key.type, named, span)

    def expect_unused(self, key: Token, place: tree.Place) -> tree.ExpectUnused:
        return tree.ExpectUnused(place, span_of(key, place))

    def expect_unsaid(self, key: Token, target: tree.Target) -> tree.ExpectUnsaid:
        return tree.ExpectUnsaid(target, span_of(key, target))


@frozen
class _Cases:
    """The lines of a table, on their way into the scenario."""

    lines: tuple[Word, ...]


def _line(row: Token) -> Word:
    """A row without the spaces around its pieces, so that rows which say the same are equal however they are spaced."""
    pieces = (" ".join(piece.group().replace('"', ' " ').split()) for piece in _PIECE.finditer(row))
    start = row.start_pos or 0
    return Word(" ".join(pieces), Span(start, start + len(row.rstrip())))


_LABELS = {"NUMBER", "NAME", "LABEL", "UNMATCHED"}
