"""A case as text: where it stands, how it came there, what is due, what may be done, what comes next."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from si_rules.pathways.case import Case, Departure, DutyInstance, Forecast, PowerResult, Track
from si_rules.semantics.pathway_forms import Owned

_MODALITIES: Final = {
    "must": "must", "will": "will", "should": "should", "is_likely_to": "is likely to",
    "is_expected_to": "is expected to", "is_a_candidate_for": "is a candidate for:",
}  # fmt: skip
_AVAILABLE: Final = {
    "holds": "may now", "does_not_hold": "may not yet", "undetermined": "may perhaps (not known)", "not_applicable": "may",
}  # fmt: skip
_SORTS: Final = {
    "not_described": "not described here",
    "not_available": "before it was there",
    "requirement": "a requirement was lacking",
    "order": "outside the described order",
}


def written(case: Case, parties: Mapping[str, str], interpretations: Mapping[str, str]) -> str:
    """The whole text, ending in a newline. `parties` gives the title of a bearer; parts with nothing to say are left out."""
    return "\n".join(_Writer(case, parties, interpretations).lines()) + "\n"


class _Writer:
    def __init__(self, case: Case, parties: Mapping[str, str], interpretations: Mapping[str, str]) -> None:
        self.case = case
        self.parties = parties
        self.interpretations = interpretations
        self.rests_on: set[str] = set()

    def lines(self) -> Iterator[str]:
        case = self.case
        known = "" if case.known_at == case.on else f", as known at {case.known_at}"
        yield f"{case.label or 'The case'} ({case.subject}), on {case.on}{known}"
        yield f"Policy {case.policy[0]} {case.policy[1]}; shown to {', '.join(case.audience)}"
        for track in case.tracks:
            if track.applies == "does_not_hold" or track.applies == "not_applicable":
                continue
            yield ""
            yield from self._track(track)
        reasons = [f"{name}: {self.interpretations.get(name, '')}" for name in sorted(self.rests_on)]
        yield from _section("Interpretations this rests on", reasons)
        yield from _section("Events not used", (f"{item.path}: {item.reason}" for item in case.ignored))
        yield from _section("Events refused", map(str, case.refused))

    def _track(self, track: Track) -> Iterator[str]:
        yield track.title
        if not track.begun:
            yield "  Not begun."
        for state in track.states:
            around = f" ({', '.join(state.stages)})" if state.stages else ""
            may = "Perhaps " if len(track.states) > 1 else ""
            yield f"  {may}{state.title}{around}, since {state.since}"
            yield from (f"    if {guard}" for guard in state.hangs_on)
        if not track.exact:
            yield "  So many courses are possible that only the states are told."
        yield from _section("How it came there", (self._step(track, place) for place in range(len(track.steps))), 1)
        yield from _section("Not as described", map(self._departure, track.departures), 1)
        shown = [duty for duty in track.duties if duty.status != "ended"]
        yield from _section("What was and is due", map(self._duty, shown), 1)
        yield from _section("What may be done", (line for power in track.powers for line in self._power(power)), 1)
        expected = (
            f"{self._party(item.bearer)} {_MODALITIES[item.modality]} {item.title}{self._cited(item.rests_on)}"
            for item in track.expectations
        )
        yield from _section("What is expected", expected, 1)
        yield from _section("If nothing happens", map(self._forecast, track.forecast), 1)
        yield from _section("If this happened now", self._branches(track), 1)

    def _step(self, track: Track, place: int) -> str:
        step = track.steps[place]
        sure = "" if step.certain else " (perhaps)"
        late = f", recorded {step.recorded}" if step.recorded and step.recorded != step.date else ""
        return f"{step.date}  {step.title}{late} → {step.to.replace('_', ' ')}{sure}{self._cited(step.rests_on)}"

    def _departure(self, item: Departure) -> str:
        sure = "" if item.truth == "holds" else ", perhaps"
        return f"{item.date}  {item.title}: {_SORTS[item.sort]}{sure}: {item.words}{self._cited(item.rests_on)}"

    def _duty(self, item: DutyInstance) -> str:
        what = f"{self._party(item.bearer)} {_MODALITIES[item.modality]} {item.title}"
        when = f" in {item.period}" if item.period else ""
        due = f", due {item.due}" if item.due else ""
        recorded = f", recorded {item.met_recorded}" if item.met_recorded and item.met_recorded != item.met_on else ""
        match item.status:
            case "met":
                became = f"met {item.met_on}{recorded}"
            case "late":
                became = f"breached {item.breached_on}, met late {item.met_on}{recorded}"
            case "breached":
                became = f"BREACHED {item.breached_on}"
            case "undetermined":
                became = f"not known: {item.why}"
            case other:
                became = other
        sure = "" if item.certain else " (perhaps)"
        return f"{what}{when}{due}: {became}{sure}{self._cited(item.rests_on)}"

    def _power(self, item: PowerResult) -> Iterator[str]:
        yield f"{self._party(item.bearer)} {_AVAILABLE[item.available]} {item.title}{self._cited(item.rests_on)}"
        for need in item.requirements:
            met = {"holds": "met", "does_not_hold": "not met", "undetermined": "not known"}.get(
                need.truth, "does not apply"
            )
            yield f"  {'requires' if need.binding else 'in the described order'}: {need.words}: {met}{self._cited(need.rests_on)}"

    def _forecast(self, item: Forecast) -> str:
        if item.sort == "state":
            return f"{item.date}  the case becomes {item.title}{self._cited(item.rests_on)}"
        return f"{item.date}  {self._party(item.bearer or '')} is in breach: {item.title}{self._cited(item.rests_on)}"

    def _branches(self, track: Track) -> Iterator[str]:
        for item in track.branches:
            given = "".join(f", {name.replace('_', ' ')} {value.replace('_', ' ')}" for name, value in item.given)
            to = [f"the case becomes {item.to.replace('_', ' ')}"] if item.to else []
            powers = [f"there may be done: {'; '.join(item.becomes_available)}"] if item.becomes_available else []
            wrong = [f"not as described: {'; '.join(item.departures)}"] if item.departures else []
            yield f"{item.title}{given}: {'; '.join([*to, *powers, *wrong])}"

    def _party(self, name: str) -> str:
        title = self.parties.get(name, name.replace("_", " "))
        return title[:1].upper() + title[1:]

    def _cited(self, rests_on: Owned) -> str:
        self.rests_on |= set(rests_on.interpretations)
        places = "; ".join(f"{source} {place}" for source, place in rests_on.cites)
        return f"  [{places}]" if places else ""


def _section(title: str, lines: Iterable[str], depth: int = 0) -> Iterator[str]:
    found = list(lines)
    if found:
        yield ""
        yield f"{'  ' * depth}{title}"
        yield from (f"{'  ' * (depth + 1)}{line}" for line in found)
