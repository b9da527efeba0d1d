"""Whether a case stands where a scenario expects: its state on a pathway, a duty, a power. Each check says what came."""

from collections.abc import Iterable

from si_rules.pathways.case import DutyInstance, PowerResult, Track
from si_rules.semantics.core import Core
from si_rules.semantics.pathway_forms import Power
from si_rules.syntax.history_tree import NOT_APPLICABLE, NOT_ENTERED, DutyStatus, PowerStatus, TrackStatus
from si_rules.tools.scenarios import case_words as said
from si_rules.tools.scenarios.parts import Held, names_read, read_by


def possible(track: Track) -> list[str]:
    """Every state a case may be in on a pathway; that it may not have begun, or not apply, stands among them."""
    if track.applies in ("does_not_hold", "not_applicable"):
        return [NOT_APPLICABLE]
    states = list(dict.fromkeys(item.state for item in track.states))
    begun = track.begun and any(step.came_from is None and step.certain for step in track.steps)
    if not begun and (track.exact or not states):
        states.append(NOT_ENTERED)
    return [*states, NOT_APPLICABLE] if track.applies == "undetermined" else states


def check_track(status: TrackStatus, track: Track) -> str | None:
    """What came instead of a state, or of the states it may be in; None where it is as expected."""
    found = possible(track)
    wanted = [word.text for word in status.states]
    match status.status:
        case "in_state":
            met = found == wanted
            since = [str(item.since) for item in track.states]
            met = met and (status.since is None or since == [status.since.text])
        case "undetermined":
            met = len(found) > 1 and (not wanted or set(wanted) == set(found))
        case other:
            met = found == [other]
    return None if met else said.standing(track, found)


# ---- duties
def check_duty(status: DutyStatus, track: Track, lines: list[Held]) -> str | None:
    """What came instead of what should have become of a duty. With a day one of the times it fell due is meant,
    without one every time.
    """
    ids = {item.line.id for item in lines}
    found = [item for item in track.duties if item.id in ids]
    if status.status == "not_due":
        met = not found
    else:
        alike = [_is(item, status) for item in found]
        met = any(alike) if status.day is not None else bool(alike) and all(alike)
    return None if met else said.became_of(found)


def _is(item: DutyInstance, status: DutyStatus) -> bool:
    if not item.certain or item.status == "undetermined":
        return status.status == "undetermined"
    recorded = status.recorded is None or status.recorded.text == str(item.met_recorded)
    match status.status:
        case "met" | "late":
            return item.status == status.status and _on(status, item.met_on) and recorded
        case "breached":
            return item.breached_on is not None and _on(status, item.breached_on)
        case "open":
            return item.status == "open" and _on(status, item.due)
        case other:
            return item.status == other


def _on(status: DutyStatus, day: object) -> bool:
    return status.day is None or status.day.text == str(day)


# ---- powers
def present(track: Track, lines: Iterable[Held]) -> list[tuple[Power, PowerResult]]:
    """The powers among some lines that a present state gives."""
    by_id = {item.line.id: item.line for item in lines}
    found = [(by_id.get(result.id), result) for result in track.powers]
    return [(line, result) for line, result in found if isinstance(line, Power)]


def available(track: Track, lines: Iterable[Held]) -> str:
    """Whether a power is there: `available`, `not_available` or `undetermined`."""
    truths = [result.available for _, result in present(track, lines)]
    return "available" if "holds" in truths else "undetermined" if "undetermined" in truths else "not_available"


def check_power(status: PowerStatus, track: Track, lines: list[Held], policy: Core) -> str | None:
    """What came instead of whether a power is available, or of what keeps it from being so."""
    found = available(track, lines)
    came = f"it is {found.replace('_', ' ')}"
    if found != status.status:
        return came
    wanted = {word.text for word in status.because}
    if not wanted:
        return None
    powers = present(track, lines)
    if not powers:
        return f"{came}: no present state gives it"
    lacking = [names for line, result in powers for names in _lacking(line, result, policy)]
    if all(wanted & set(names) for names in lacking) and all(any(w in names for names in lacking) for w in wanted):
        return None
    return f"{came}, because of {' and '.join(' or '.join(names) for names in lacking) or 'nothing'}"


def _lacking(line: Power, result: PowerResult, policy: Core) -> list[list[str]]:
    """What each condition reads that keeps a power from being available: its requirements, else its own condition."""
    unmet = [
        names_read(policy, need.condition)
        for need, came in zip(line.requirements, result.requirements, strict=True)
        if came.binding and came.truth in ("does_not_hold", "undetermined")
    ]
    return unmet or ([read_by(policy, line)] if result.available != "holds" else [])
