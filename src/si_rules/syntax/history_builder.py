"""Builds what scenarios say of a case: its history, and what is expected to come of it."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final, Literal

from attrs import evolve
from lark import Token, v_args

from si_rules.syntax import history_tree as tree
from si_rules.syntax.pieces import span_of, word
from si_rules.syntax.timing_builder import TimingBuilder
from si_rules.syntax.tree import Word

_DEPARTED: Final[dict[str, tree.DepartureSort]] = {
    "THEN_OUT_OF_ORDER": "order",
    "THEN_LACKING": "requirement",
    "THEN_NOT_DESCRIBED": "not_described",
    "THEN_NOT_AVAILABLE": "not_available",
}
_POSSIBLE: Final = {"NOT_ENTERED": tree.NOT_ENTERED, "NOT_APPLICABLE": tree.NOT_APPLICABLE}
_TRUTHS: Final = {"HOLDS": "holds", "DOES_NOT_HOLD": "does_not_hold", "IS_UNDETERMINED": "undetermined"}


@v_args(inline=True)
class HistoryBuilder(TimingBuilder):
    """Builds the nodes of `si_rules.syntax.history_tree`; the rest of a scenario is built by who is built on it."""

    # ---- what has happened
    def history(self, _key: Token, *lines: tree.Happening) -> tuple[tree.Happening, ...]:
        return lines

    def happening(self, day: Token, event: Token, *further: Any) -> tree.Happening:
        details = tuple(part for part in further if isinstance(part, tree.Detail))
        after = {key.type: word(told) for key, told in _pairs(further)}
        return tree.Happening(
            word(day), word(event), details, after.get("THEN_RECORDED"), after.get("THEN_NUMBER"),
            span_of(day, event, *further),
        )  # fmt: skip

    def detail(self, name: Token, value: tuple[Any, str, str | None, Token]) -> tree.Detail:
        sort, text, unit, token = value
        return tree.Detail(word(name), sort, text, unit, span_of(name, token))

    # ---- what a line speaks of
    def track(self, key: Token, name: Token) -> tree.Part:
        return tree.Part("pathway", word(name), None, None, None, span_of(key, name))

    def duty(self, key: Token, name: Token, *which: Token | None) -> tree.Part:
        return self._part("duty", key, name, which)

    def power(self, key: Token, name: Token, *which: Token | None) -> tree.Part:
        return self._part("power", key, name, which)

    def expected(self, key: Token, name: Token, *which: Token | None) -> tree.Part:
        return self._part("expectation", key, name, which)

    def departure(self, key: Token, name: Token, *which: Token | None) -> tree.Part:
        return self._part("departure", key, name, which)

    def other_departure(self, key: Token, name: Token, *which: Token | None) -> tree.ExpectDeparture:
        part = self._part("departure", key, name, which)
        negated = key.type == "NO_DEPARTURE"
        return tree.ExpectDeparture(part, None, negated, negated, part.span)

    @staticmethod
    def _part(sort: tree.PartSort, key: Token, name: Token, which: tuple[Token | None, ...]) -> tree.Part:
        told = {(first.type, last.type): word(last) for first, last in _pairs(which)}
        party, day, pathway = told.get(("OF", "NAME")), told.get(("OF", "DATE")), told.get(("IN", "NAME"))
        return tree.Part(sort, word(name), party, day, pathway, span_of(key, name, *which))

    # ---- what it comes to, after `is` and in a cell
    def in_state(self, state: Token, _since: Token | None, day: Token | None) -> tree.TrackStatus:
        since = None if day is None else word(day)
        return tree.TrackStatus("in_state", (word(state),), since, span_of(state, day))

    def in_some_state(self, key: Token, *states: Token | None) -> tree.TrackStatus:
        named = tuple(
            Word(_POSSIBLE.get(token.type, str(token)), span_of(token))
            for token in states
            if token is not None and token.type in ("NAME", *_POSSIBLE)
        )
        return tree.TrackStatus("undetermined", named, None, span_of(key, *states))

    def in_no_state(self, key: Token) -> tree.TrackStatus:
        status: Literal["not_entered", "not_applicable"] = "not_applicable"
        if key.type == "NOT_ENTERED":
            status = "not_entered"
        return tree.TrackStatus(status, (), None, span_of(key))

    def duty_met(self, key: Token, *days: Token | None) -> tree.DutyStatus:
        told = {first.type: word(last) for first, last in _pairs(days)}
        status: Literal["met", "late"] = "met" if key.type == "MET" else "late"
        return tree.DutyStatus(status, told.get("ON"), told.get("THEN_RECORDED"), span_of(key, *days))

    def duty_breached(self, key: Token, _on: Token | None, day: Token | None) -> tree.DutyStatus:
        return tree.DutyStatus("breached", None if day is None else word(day), None, span_of(key, day))

    def duty_open(self, key: Token, _until: Token | None, day: Token | None) -> tree.DutyStatus:
        return tree.DutyStatus("open", None if day is None else word(day), None, span_of(key, day))

    def duty_other(self, key: Token) -> tree.DutyStatus:
        status: Any = {"NO_LONGER_DUE": "ended", "NOT_DUE": "not_due", "UNDETERMINED": "undetermined"}[key.type]
        return tree.DutyStatus(status, None, None, span_of(key))

    def power_status(self, key: Token, *because: Token | None) -> tree.PowerStatus:
        names = tuple(word(token) for token in because if token is not None and token.type == "NAME")
        status: Any = key.type.lower()
        return tree.PowerStatus(status, names, span_of(key, *names))

    # ---- what is expected
    def expect_track(self, part: tree.Part, _is: Token, status: tree.TrackStatus) -> tree.ExpectStatus:
        return tree.ExpectStatus(part, status, span_of(part, status))

    expect_duty = expect_power = expect_track

    def expect_state_ahead(
        self, part: tree.Part, _key: Token, state: Token, _on: Token, day: Token
    ) -> tree.ExpectAhead:
        return tree.ExpectAhead(part, word(state), word(day), span_of(part, day))

    def expect_breach_ahead(
        self, part: tree.Part, _key: Token, _breached: Token, _on: Token, day: Token
    ) -> tree.ExpectAhead:
        return tree.ExpectAhead(part, None, word(day), span_of(part, day))

    def expect_expected(self, part: tree.Part, truth: Token) -> tree.ExpectExpected:
        return tree.ExpectExpected(part, _TRUTHS[truth.type], span_of(part, truth))

    def expect_departure(self, told: tree.Part | tree.ExpectDeparture, *sort: Token) -> tree.ExpectDeparture:
        found = tree.ExpectDeparture(told, None, True, False, told.span) if isinstance(told, tree.Part) else told
        return evolve(found, sort=_DEPARTED[sort[0].type] if sort else None, span=span_of(told, *sort))

    def expect_none(self, key: Token, _in: Token | None, pathway: Token | None) -> tree.ExpectNone:
        of: Literal["departures", "breaches"] = "departures" if key.type == "NO_DEPARTURES" else "breaches"
        return tree.ExpectNone(of, None if pathway is None else word(pathway), span_of(key, pathway))


def _pairs(parts: Iterable[Any]) -> Iterator[tuple[Token, Token]]:
    """The tokens among some parts, each with the one after it."""
    return pairwise(part for part in parts if isinstance(part, Token))
