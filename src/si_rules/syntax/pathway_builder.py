"""From what the parser reduces to the tree of events, pathways and calendars."""

from typing import Any

from lark import Token, v_args

from si_rules.syntax import tree
from si_rules.syntax.pieces import Head, Line, lines_of, of, quoted, span_of, word
from si_rules.syntax.value_builder import ValueBuilder


@v_args(inline=True)
class PathwayBuilder(ValueBuilder):
    """Builds the nodes of pathways; the rest of the tree is built by those it stands between."""

    def event(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Event:
        found = of(lines, tree.Cites), of(lines, tree.Interpretation), of(lines, tree.ShownTo)
        return tree.Event(word(name), quoted(title), *found, span_of(key, name))

    # ---- conditions on what has happened
    def since_event(self, _key: Token, name: Token) -> Line:
        return Line(("since", word(name)))

    def since_entry(self, _key: Token) -> Line:
        return Line(("here", None))

    def within_last(self, _key: Token, count: Token, unit: Token) -> Line:
        return Line(("within", (word(count), word(unit))))

    def happened(self, name: Token, key: Token, since: Line | None) -> tree.Happened:
        how = (since,) if since is not None else ()
        event, within = lines_of(how, "since"), lines_of(how, "within")
        return tree.Happened(
            word(name),
            key.type == "HAS_HAPPENED",
            event[0] if event else None,
            bool(lines_of(how, "here")),
            within[0] if within else None,
            span_of(name, key, *(content for _, content in how)),
        )

    # ---- when something is due
    def due_every(self, key: Token, rhythm: Token) -> tree.Due:
        return tree.Due("every", word(rhythm), None, None, span_of(key, rhythm))

    def due_within(
        self, key: Token, count: Token, unit: tree.Word, _after: Token | None, event: Token | None
    ) -> tree.Due:
        length = tree.Length(word(count), unit, span_of(count, unit))
        return tree.Due("within", None, length, word(event) if event else None, span_of(key, unit, event))

    def due_before(self, key: Token, count: Token, unit: tree.Word, _before: Token, event: Token) -> tree.Due:
        return tree.Due(
            "before", None, tree.Length(word(count), unit, span_of(count, unit)), word(event), span_of(key, event)
        )

    def shown_by(self, key: Token, *names: Token) -> Line:
        events = tuple(word(name) for name in names if name.type == "NAME")
        return Line(("shown_by", (key.type.removeprefix("THEN_").lower(), events)))

    # ---- what a state holds
    def needs_plain(self, key: Token, condition: tree.Condition, *lines: Any) -> tree.Requirement:
        found = of(lines, tree.Cites), of(lines, tree.Interpretation)
        return tree.Requirement(key.type == "REQUIRES", condition, *found, span_of(key, condition))

    def needs_list(self, key: Token, head: Head, *lines: Any) -> tree.Requirement:
        return self.needs_plain(key, head.over(of(lines, tree.Item)), *lines)

    def stands_still(self, key: Token, start: Token, _to: Token, end: Token) -> tree.StandsStill:
        return tree.StandsStill(word(start), word(end), span_of(key, end))

    def act(self, party: Token, modality: tree.Word, action: Token, *further: Any) -> tree.Act:
        group, due = of(further, tree.AppliesTo), of(further, tree.Due)
        shown_by, condition = lines_of(further, "shown_by"), lines_of(further, "if")
        return tree.Act(
            word(party),
            modality,
            word(action),
            group[0] if group else None,
            due[0] if due else None,
            shown_by[0] if shown_by else None,
            of(further, tree.ShownTo),
            condition[0] if condition else None,
            *_owned(further),
            span_of(party, modality, action),
        )

    def upon(self, key: Token, event: Token, _way: Token, *further: Any) -> tree.Move:
        to = next((word(part) for part in further if isinstance(part, Token) and part.type == "NAME"), None)
        condition = lines_of(further, "if")
        return tree.Move(
            word(event),
            to,
            of(further, tree.ShownTo),
            condition[0] if condition else None,
            *_owned(further),
            span_of(key, event),
        )

    def time_out(
        self, key: Token, count: Token, unit: tree.Word, _to: Token, state: Token, *further: Any
    ) -> tree.TimeOut:
        condition = lines_of(further, "if")
        length = tree.Length(word(count), unit, span_of(count, unit))
        shown = of(further, tree.ShownTo)
        return tree.TimeOut(
            length, word(state), shown, condition[0] if condition else None, *_owned(further), span_of(key, state)
        )

    def carries(self, _key: Token, names: tuple[tree.Word, ...]) -> Line:
        return Line(("carries", names))

    def stage(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.State:
        return _state(True, key, name, title, False, lines)

    def state(self, key: Token, name: Token, title: Token, ends: Token | None, *lines: Any) -> tree.State:
        return _state(False, key, name, title, ends is not None, lines)

    # ---- the pathway
    def follows(self, _key: Token, names: tuple[tree.Word, ...]) -> Line:
        return Line(("follows", names))

    def open_cases(self, _key: Token) -> Line:
        return Line(("open_cases", None))

    def begins_on(self, key: Token, event: Token, _in: Token, state: Token, *further: Any) -> tree.Begins:
        condition = lines_of(further, "if")
        found = of(further, tree.Cites), of(further, tree.Interpretation)
        return tree.Begins(word(event), word(state), condition[0] if condition else None, *found, span_of(key, state))

    def pathway(self, key: Token, name: Token, title: Token, *lines: Any) -> tree.Pathway:
        return tree.Pathway(
            word(name),
            quoted(title),
            of(lines, tree.Cites),
            of(lines, tree.Interpretation),
            of(lines, tree.AppliesTo),
            of(lines, tree.ShownTo),
            lines_of(lines, "follows"),
            bool(lines_of(lines, "open_cases")),
            of(lines, tree.Begins),
            of(lines, tree.State),
            span_of(key, name),
        )

    # ---- calendars
    def covers(self, _key: Token, first: Token, _to: Token, last: Token) -> Line:
        return Line(("covers", (word(first), word(last))))

    def holiday(self, _key: Token, day: Token, title: Token) -> Line:
        return Line(("holiday", (word(day), quoted(title))))

    def term_dates(self, key: Token, name: Token, year: Token, first: Token, _to: Token, last: Token,
                   _half: Token | None, begin: Token | None, _until: Token | None, end: Token | None) -> tree.TermDates:  # fmt: skip
        half = (word(begin), word(end)) if begin and end else None
        return tree.TermDates(word(name), word(year), (word(first), word(last)), half, span_of(key, last))

    def calendar(self, key: Token, name: Token, version: Token, title: Token, *lines: Any) -> tree.CalendarDeclaration:
        found = of(lines, tree.Cites), of(lines, tree.Interpretation)
        covers, holidays, terms = lines_of(lines, "covers"), lines_of(lines, "holiday"), of(lines, tree.TermDates)
        return tree.CalendarDeclaration(
            word(name), word(version), quoted(title), *found, covers, holidays, terms, span_of(key, version)
        )


_Owned = tuple[
    tuple[tree.Cites, ...], tuple[tree.Interpretation, ...], tuple[tree.Requirement, ...], tuple[tree.StandsStill, ...]
]


def _owned(lines: tuple[Any, ...]) -> _Owned:
    """What stands under an act, a move or a time-out."""
    return (
        of(lines, tree.Cites),
        of(lines, tree.Interpretation),
        of(lines, tree.Requirement),
        of(lines, tree.StandsStill),
    )


def _state(is_stage: bool, key: Token, name: Token, title: Token, ends: bool, lines: tuple[Any, ...]) -> tree.State:
    return tree.State(
        is_stage,
        word(name),
        quoted(title),
        ends,
        of(lines, tree.Cites),
        of(lines, tree.Interpretation),
        of(lines, tree.ShownTo),
        lines_of(lines, "carries"),
        of(lines, tree.Act),
        of(lines, tree.Move),
        of(lines, tree.TimeOut),
        of(lines, tree.State),
        span_of(key, name),
    )
