"""From what the parser reduces to the tree of a scenario file."""

from typing import Any, Literal

from lark import Token, Transformer, v_args

from si_rules.syntax import scenario_tree as tree
from si_rules.syntax.builder import MODALITIES
from si_rules.syntax.pieces import quoted, span_of, word
from si_rules.syntax.tree import Word

_TRUTHS = {
    "HOLDS": "holds",
    "DOES_NOT_HOLD": "does_not_hold",
    "IS_UNDETERMINED": "undetermined",
    "DOES_NOT_APPLY": "not_applicable",
}


@v_args(inline=True)
class ScenarioBuilder(Transformer[Token, Any]):
    """Builds the nodes of `si_rules.syntax.scenario_tree` while the parser runs."""

    def scenarios(self, key: Token, policy: Token, edition: Token, _on: Token, day: Token,
                  known_at: Word | None) -> tree.ScenariosHeader:  # fmt: skip
        return tree.ScenariosHeader(word(policy), word(edition), word(day), known_at, span_of(key, edition))

    def known_at(self, _key: Token, day: Token) -> Word:
        return word(day)

    def at(self, _key: Token, day: Token) -> Word:
        return word(day)

    def background(self, key: Token, name: Token, *given: tree.Given) -> tree.Background:
        return tree.Background(word(name), given, span_of(key, name))

    def scenario(self, key: Token, title: Token, on: Word | None, known_at: Word | None, given: Any,
                 expected: tuple[tree.Expectation, ...]) -> tree.Scenario:  # fmt: skip
        names, lines = given or ((), ())
        return tree.Scenario(quoted(title), on, known_at, names, lines, expected, span_of(key, title))

    def given(self, _key: Token, names: tuple[Word, ...] | None, *lines: Any) -> Any:
        return names or (), tuple(line for line in lines if line is not None)

    def names(self, *names: Token) -> tuple[Word, ...]:
        return tuple(word(name) for name in names)

    # ---- what is known
    def given_value(self, place: tree.Place, _is: Token, value: tuple[Any, str, str | None, Token]) -> tree.Given:
        sort, text, unit, token = value
        return tree.Given(place, sort, text, unit, span_of(place, token))

    def no_records(self, name: Token, key: Token) -> tree.Given:
        place = tree.Place(word(name), False, None, False, span_of(name))
        return tree.Given(place, "no_records", "", None, span_of(name, key))

    def evidence_place(self, previous: Token | None, name: Token, in_: Token | None, year: Token | None) -> tree.Place:
        at = word(year) if year else None
        return tree.Place(word(name), False, at, previous is not None, span_of(previous, name, in_, year))

    def judgement_place(self, key: Token, name: Token) -> tree.Place:
        return tree.Place(word(name), True, None, False, span_of(key, name))

    def name_value(self, token: Token) -> Any:
        return "name", str(token), None, token

    def flag_value(self, token: Token) -> Any:
        return "flag", str(token), None, token

    def percent_value(self, token: Token) -> Any:
        return "percent", token[:-1], "percent", token

    def number_value(self, token: Token, unit: Token | None) -> Any:
        if unit is None:
            return "number", str(token), "number", token
        name = str(unit) if unit.type == "NAME" else "percentage_points"
        return "number", str(token), name, token

    def date_value(self, token: Token) -> Any:
        return "date", str(token), None, token

    def absent_value(self, token: Token) -> Any:
        return "absent", "_".join(token.split()), None, token

    def none_value(self, token: Token) -> Any:
        return "none", "", None, token

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

    def expect_rule(self, sort: Token, name: Token, truth: Token) -> tree.ExpectRule:
        return tree.ExpectRule(sort.type.lower(), word(name), _TRUTHS[truth.type], span_of(sort, truth))

    def expect_consequence(self, key: Token, party: Token, modality: str, action: Token) -> tree.ExpectConsequence:
        sure = key.type == "IT_FOLLOWS"
        return tree.ExpectConsequence(sure, word(party), modality, word(action), span_of(key, action))

    def modality(self, token: Token) -> str:
        return MODALITIES[token.type]

    def expect_need(self, name: Token, key: Token, place: tree.Place) -> tree.ExpectNeed:
        return tree.ExpectNeed(word(name), key.type == "NEEDS", place, span_of(name, place))


_LABELS = {"NUMBER", "NAME", "LABEL", "UNMATCHED"}
