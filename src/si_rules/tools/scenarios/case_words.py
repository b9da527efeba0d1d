"""What came of a case, and why, in a line: for the report of an expectation that is not met."""

from collections.abc import Iterable
from typing import Final

from si_rules.pathways.case import Case, Departure, DutyInstance, Forecast, Track
from si_rules.semantics.kinds import words
from si_rules.tools.scenarios.parts import Held

TRUTHS: Final = {
    "holds": "holds", "does_not_hold": "does not hold", "undetermined": "is undetermined",
    "not_applicable": "does not apply",
}  # fmt: skip
DEPARTED: Final = {
    "order": "out of the described order", "requirement": "without what is required",
    "not_described": "not described", "not_available": "not available",
}  # fmt: skip
_MET: Final = {"holds": "met", "does_not_hold": "not met", "undetermined": "not known"}


def listed(names: Iterable[str]) -> str:
    """Names in words: `chair and vice chair`."""
    return " and ".join(words(name) for name in names)


def standing(track: Track, possible: list[str]) -> str:
    """Where a case stands: `it is warned since 2015-10-20`."""
    if len(possible) > 1:
        return f"it is undetermined, between {' and '.join(name.replace('_', ' ') if name.startswith('not_') else name for name in possible)}"
    if track.states and possible == [track.states[0].state]:
        return f"it is {possible[0]} since {track.states[0].since}"
    return f"it is {words(possible[0])}"


def way(track: Track, case: Case) -> str:
    """How a case came where it stands, what that hangs on, and what of the history was not used."""
    steps = [f"{step.date} {step.event or 'time passed'}, to {step.to}" for step in track.steps]
    hangs = [guard for state in track.states for guard in state.hangs_on]
    parts = [f"on {track.pathway}: {'; '.join(steps)}" if steps else f"nothing in the history begins {track.pathway}"]
    parts += [f"it hangs on whether {' and '.join(dict.fromkeys(hangs))}"] if hangs else []
    unused = [f"{item.path.removeprefix('events.')} ({item.reason})" for item in case.ignored]
    unused += [str(item) for item in case.refused]
    parts += [f"not used: {'; '.join(unused)}"] if unused else []
    return ". ".join(parts)


# ---- duties
def became(item: DutyInstance) -> str:
    """What became of a duty at one time: `is breached on 2015-10-16`."""
    recorded = f", recorded {item.met_recorded}" if item.met_recorded not in (None, item.met_on) else ""
    match item.status:
        case "met":
            text = f"is met on {item.met_on}{recorded}"
        case "late":
            text = f"is breached on {item.breached_on}, met late on {item.met_on}{recorded}"
        case "breached":
            text = f"is breached on {item.breached_on}"
        case "open":
            text = f"is open until {item.due}" if item.due else "is open"
        case "ended":
            text = "is no longer due"
        case _:
            text = f"is undetermined: {item.why}"
    return text if item.certain else f"perhaps {text}"


def became_of(found: Iterable[DutyInstance]) -> str:
    """What became of a duty each time it fell due."""
    shown = "; and ".join(f"it {became(item)}" for item in found)
    return shown or "it is not due"


def why_duty(track: Track, lines: list[Held]) -> str:
    """When a duty fell due, and until when; or where it would."""
    ids = {item.line.id for item in lines}
    found = [item for item in track.duties if item.id in ids]
    if found:
        due = [f"opened {item.opened}, due {item.due or 'as long as the state lasts'}" for item in found]
        return f"{found[0].bearer} {words(found[0].modality)} {found[0].action}: {'; '.join(due)}"
    return _where(track, lines)


def _where(track: Track, lines: list[Held]) -> str:
    """In which states something is due or may be done, and where the case stands."""
    states = " or ".join(dict.fromkeys(item.state.name for item in lines))
    conditions = " or ".join(dict.fromkeys(item.line.condition_words for item in lines if item.line.condition_words))
    only = f", if {conditions}" if conditions else ""
    now = " or ".join(item.state for item in track.states) or "in no state"
    return f"it belongs to {states}{only}; the case is {now}"


# ---- powers
def why_power(track: Track, lines: list[Held]) -> str:
    """What a power requires, and whether it is met."""
    ids = {item.line.id for item in lines}
    found = [result for result in track.powers if result.id in ids]
    needs = [
        f"{need.words}: {_MET.get(need.truth, 'does not apply')}" for result in found for need in result.requirements
    ]
    return "; ".join([*([_where(track, lines)]), *needs])


# ---- departures, and what comes
def departed(item: Departure) -> str:
    """`warning_notice of 2015-12-14, out of the described order: …`."""
    perhaps = "perhaps " if item.truth == "undetermined" else ""
    return f"{perhaps}{item.event} of {item.date}, {DEPARTED[item.sort]}: {item.words}"


def ahead(item: Forecast) -> str:
    """What comes if nothing more happens: `upload_report is breached on 2015-10-16`."""
    what = item.what.rpartition(".")[2]
    return f"{what} {'is breached on' if item.sort == 'breach' else 'on'} {item.date}"
