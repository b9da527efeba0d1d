"""Holds the case that a history comes to against what a scenario expects of it."""

from collections.abc import Iterable, Iterator

from si_rules.pathways.case import Case as Followed, Departure, Track
from si_rules.pathways.visible import visible
from si_rules.semantics.core import Core
from si_rules.semantics.pathway_forms import Owned
from si_rules.source.text import Span
from si_rules.syntax import history_tree as parts, scenario_tree as tree
from si_rules.syntax.tree import Word
from si_rules.tools.scenarios import case_words as said
from si_rules.tools.scenarios.comparison import Failure, failure
from si_rules.tools.scenarios.parts import Held, lines_of
from si_rules.tools.scenarios.reading import Case
from si_rules.tools.scenarios.statuses import check_duty, check_power, check_track


class CaseComparison:
    """One scenario and the case it comes to. `shown` is the policy as the audience of the scenario may see it."""

    def __init__(self, case: Case, whole: Core, found: Followed) -> None:
        self.case = case
        self.whole = whole
        self.shown = visible(whole, case.roles)
        self.found = found
        self.failures: list[Failure] = []

    def differs(self, span: Span, came: str, why: str = "", expected: str | None = None) -> None:
        """Add a failure; what was expected is what is written at `span`, unless it is given."""
        self.failures.append(failure(self.case, span, came, why, expected))

    def words(self, part: parts.Part) -> str:
        """What a line or a column speaks of, as it is written."""
        return self.case.source.words(part.span)

    def tracks(self, pathway: str | None) -> list[Track]:
        """The case on one pathway, or on every one."""
        return [track for track in self.found.tracks if pathway in (None, track.pathway)]

    def lines(self, part: parts.Part) -> tuple[Track, list[Held]]:
        """The lines that a duty, power or expectation speaks of, and the case on their pathway."""
        lines = lines_of(self.shown, part)
        return self.tracks(lines[0].pathway.id)[0], lines

    def is_shown(self, part: parts.Part) -> bool:
        """Whether the audience may see what a line speaks of."""
        if part.sort == "pathway":
            return part.name.text in self.shown.pathways
        if part.sort == "departure":
            return part.name.text in self.shown.events
        return bool(lines_of(self.shown, part))

    def seen(self, part: parts.Part, span: Span) -> bool:
        """Whether the audience may see it; a failure is added where it may not."""
        if not self.is_shown(part):
            self.differs(span, f"{self.words(part)} is not shown to {said.listed(sorted(self.case.roles or ()))}")
            return False
        return True


def check_case(expected: tree.Expectation, at: CaseComparison) -> None:
    """Check one expectation of a case; where it is not met a failure is added."""
    match expected:
        case parts.ExpectStatus(part=part, status=status):
            if at.seen(part, expected.span):
                _status(part, status, expected, at)
        case parts.ExpectAhead():
            if at.seen(expected.part, expected.span):
                _ahead(expected, at)
        case parts.ExpectExpected():
            if at.seen(expected.part, expected.span):
                _expected(expected, at)
        case parts.ExpectDeparture():
            if at.seen(expected.part, expected.span):
                _departure(expected, at)
        case parts.ExpectNone():
            _none(expected, at)
        case tree.ExpectCited() | tree.ExpectRests():
            assert isinstance(expected.target, parts.Part), "what a decision says has a check of its own"
            if at.seen(expected.target, expected.span):
                _grounds(expected, expected.target, at)
        case tree.ExpectUnsaid():
            _unsaid(expected, at)
        case tree.ExpectUnused():
            _unused(expected, at)
        case _:
            raise TypeError(f"{type(expected).__name__} is expected of a decision, not of a case")


# ---- where it stands, what became of a duty, whether a power is there
def _status(part: parts.Part, status: parts.Status, expected: parts.ExpectStatus, at: CaseComparison) -> None:
    match status:
        case parts.TrackStatus():
            track = at.tracks(part.name.text)[0]
            differs, why = check_track(status, track), said.way(track, at.found)
        case parts.DutyStatus():
            track, lines = at.lines(part)
            differs, why = check_duty(status, track, lines), said.why_duty(track, lines)
        case parts.PowerStatus():
            track, lines = at.lines(part)
            differs, why = check_power(status, track, lines, at.shown), said.why_power(track, lines)
    if differs is not None:
        at.differs(expected.span, differs, why, f"{at.words(part)} is {at.case.source.words(status.span)}")


def _ahead(expected: parts.ExpectAhead, at: CaseComparison) -> None:
    if expected.state is not None:
        track, wanted = at.tracks(expected.part.name.text)[0], [expected.state.text]
    else:
        track, lines = at.lines(expected.part)
        wanted = [item.line.id for item in lines]
    sort = "breach" if expected.state is None else "state"
    if not any(f.sort == sort and f.what in wanted and str(f.date) == expected.day.text for f in track.forecast):
        came = "; ".join(said.ahead(item) for item in track.forecast)
        at.differs(expected.span, f"what comes is: {came}" if came else "nothing comes", said.way(track, at.found))


def _expected(expected: parts.ExpectExpected, at: CaseComparison) -> None:
    track, lines = at.lines(expected.part)
    ids = {item.line.id for item in lines}
    truths = [item.truth for item in track.expectations if item.id in ids]
    truth = "holds" if "holds" in truths else "undetermined" if "undetermined" in truths else "does_not_hold"
    if truth != expected.truth:
        at.differs(expected.span, f"it {said.TRUTHS[truth]}", said.way(track, at.found))


# ---- departures and breaches
def _departure(expected: parts.ExpectDeparture, at: CaseComparison) -> None:
    part = expected.part
    of_event = [item for item in _departures(part.pathway, at) if item.event == part.name.text]
    of_event = [item for item in of_event if part.day is None or str(item.date) == part.day.text]
    alike = [item for item in of_event if expected.sort in (None, item.sort)]
    found = [item for item in alike if item.truth == ("holds" if expected.sure else "undetermined")]
    if expected.negated:
        found = alike
    if bool(found) == expected.negated:
        came = "; ".join(said.departed(item) for item in (found if expected.negated else of_event))
        happened = any(entry.event == part.name.text for entry in at.case.history)
        nothing = "it is as the policy describes" if happened else "there is no such event in the history"
        why = " | ".join(said.way(track, at.found) for track in _told(part, at))
        at.differs(expected.span, f"what departs is: {came}" if came else nothing, why)


def _told(part: parts.Part, at: CaseComparison) -> list[Track]:
    return [track for track in at.tracks(None if part.pathway is None else part.pathway.text) if track.begun]


def _departures(pathway: Word | None, at: CaseComparison) -> list[Departure]:
    tracks = at.tracks(None if pathway is None else pathway.text)
    return [item for track in tracks for item in track.departures]


def _none(expected: parts.ExpectNone, at: CaseComparison) -> None:
    if expected.of == "departures":
        came = [said.departed(item) for item in _departures(expected.pathway, at)]
    else:
        tracks = at.tracks(None if expected.pathway is None else expected.pathway.text)
        duties = [item for track in tracks for item in track.duties]
        came = [f"{item.action} of {item.bearer} {said.became(item)}" for item in duties if item.breached_on]
    if came:
        at.differs(expected.span, f"there is: {'; '.join(came)}")


# ---- grounds, and what is left out
def _grounds(expected: tree.ExpectCited | tree.ExpectRests, part: parts.Part, at: CaseComparison) -> None:
    owned = list(_owned(part, at))
    cites = {cite for item in owned for cite in item.cites}
    rests = {name for item in owned for name in item.interpretations}
    if isinstance(expected, tree.ExpectCited):
        if (expected.source.text, expected.place.text) not in cites:
            shown = " and ".join(f'{source} "{place}"' for source, place in sorted(cites))
            at.differs(expected.span, f"it cites {shown or 'nothing'}")
        return
    wrong = [word.text for word in expected.ids if (word.text in rests) == expected.negated]
    if wrong:
        verb = "it rests on" if expected.negated else "it does not rest on"
        rest = f"it rests on {', '.join(sorted(rests)) or 'no interpretation'}"
        at.differs(expected.span, f"{verb} {' and '.join(wrong)}", rest)


def _owned(part: parts.Part, at: CaseComparison) -> Iterator[Owned]:
    """What a part of a case rests on: a pathway with the steps taken on it, a line with its requirements."""
    if part.sort == "departure":
        day = None if part.day is None else part.day.text
        for item in _departures(part.pathway, at):
            if item.event == part.name.text and day in (None, str(item.date)):
                yield item.rests_on
        return
    if part.sort == "pathway":
        yield at.shown.pathways[part.name.text].rests_on
        for step in at.tracks(part.name.text)[0].steps:
            yield step.rests_on
        return
    _, lines = at.lines(part)
    for held in lines:
        yield held.line.rests_on
        yield from (need.rests_on for need in getattr(held.line, "requirements", ()))


def _unsaid(expected: tree.ExpectUnsaid, at: CaseComparison) -> None:
    assert isinstance(expected.target, parts.Part), "what a decision says has a check of its own"
    if at.is_shown(expected.target):
        who = said.listed(sorted(at.case.roles or ())) or "whoever may see everything, for whom this is followed"
        why = "" if at.case.roles else "say for whom it is followed, under the title: shown to ROLES"
        at.differs(expected.span, f"it is shown to {who}", why)


def _unused(expected: tree.ExpectUnused, at: CaseComparison) -> None:
    place = expected.place
    path = f"events.{place.name.text}.{place.day.text if place.day is not None else ''}"
    unused: Iterable[str] = [f"{item.path.removeprefix('events.')} ({item.reason})" for item in at.found.ignored]
    if not any(item.path == path for item in at.found.ignored):
        shown = "; ".join(unused)
        at.differs(expected.span, f"what is not used is {shown}" if shown else "everything that is given is used")
