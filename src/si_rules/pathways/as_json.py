"""A case as JSON, `si-rules/case/1`: names and order are a published contract."""

import datetime
import json
from typing import Any, Final

from si_rules.pathways.case import Case, DutyInstance, PowerResult, Track
from si_rules.semantics.pathway_forms import Owned

FORMAT: Final = "si-rules/case/1"


def as_text(case: Case, indent: int | None = 2) -> str:
    """The JSON text; without indentation, on one line."""
    separators = (",", ":") if indent is None else None
    return json.dumps(as_dict(case), ensure_ascii=False, indent=indent, separators=separators)


def as_dict(case: Case) -> dict[str, Any]:
    """The case in the published order. Dates are texts; what is not known is null."""
    policy_id, edition, digest = case.policy
    return {
        "format": FORMAT,
        "language": case.language,
        "policy": {"id": policy_id, "edition": edition, "digest": digest},
        "subject": {"id": case.subject, "label": case.label},
        "on": str(case.on),
        "known_at": str(case.known_at),
        "audience": list(case.audience),
        "calendars": [{"id": name, "version": version, "digest": found} for name, version, found in case.calendars],
        "history_digest": case.history_digest,
        "evidence_digest": case.evidence_digest,
        "pathways": [_track(track) for track in case.tracks],
        "ignored": [{"path": item.path, "reason": item.reason} for item in case.ignored],
        "refused": [{"place": item.place, "path": item.path, "reason": item.reason} for item in case.refused],
    }


def _track(track: Track) -> dict[str, Any]:
    return {
        "id": track.pathway,
        "title": track.title,
        "applies": track.applies,
        "begun": track.begun,
        "states": [
            {
                "state": item.state, "title": item.title, "stages": list(item.stages), "since": str(item.since),
                "hangs_on": list(item.hangs_on),
            }
            for item in track.states
        ],
        "exact": track.exact,
        "steps": [
            {
                "date": str(item.date), "event": item.event, "title": item.title, "recorded": _day(item.recorded),
                "from": item.came_from, "to": item.to, "edition": item.edition, "certain": item.certain,
                **_owned(item.rests_on),
            }
            for item in track.steps
        ],
        "duties": [_duty(item) for item in track.duties],
        "powers": [_power(item) for item in track.powers],
        "expectations": [
            {
                "id": item.id, "bearer": item.bearer, "modality": item.modality, "action": item.action,
                "title": item.title, "status": item.truth, **_owned(item.rests_on),
            }
            for item in track.expectations
        ],
        "departures": [
            {
                "date": str(item.date), "event": item.event, "title": item.title, "sort": item.sort, "words": item.words,
                "certain": item.truth == "holds", "state": item.state, **_owned(item.rests_on),
            }
            for item in track.departures
        ],
        "forecast": {
            "if_nothing_happens": [
                {
                    "date": str(item.date), "sort": item.sort, "what": item.what, "title": item.title,
                    "bearer": item.bearer, **_owned(item.rests_on),
                }
                for item in track.forecast
            ],
            "if": [
                {
                    "event": item.event, "title": item.title, "given": dict(item.given), "to": item.to,
                    "becomes_available": list(item.becomes_available), "departures": list(item.departures),
                }
                for item in track.branches
            ],
        },
    }  # fmt: skip


def _duty(item: DutyInstance) -> dict[str, Any]:
    return {
        "id": item.id, "bearer": item.bearer, "modality": item.modality, "action": item.action, "title": item.title,
        "opened": str(item.opened), "due": _day(item.due), "status": item.status, "met_on": _day(item.met_on),
        "met_recorded": _day(item.met_recorded), "breached_on": _day(item.breached_on), "period": item.period,
        "certain": item.certain, "why": item.why, **_owned(item.rests_on),
    }  # fmt: skip


def _power(item: PowerResult) -> dict[str, Any]:
    return {
        "id": item.id, "bearer": item.bearer, "action": item.action, "title": item.title, "available": item.available,
        "requirements": [
            {"words": need.words, "binding": need.binding, "status": need.truth, **_owned(need.rests_on)}
            for need in item.requirements
        ],
        **_owned(item.rests_on),
    }  # fmt: skip


def _owned(rests_on: Owned) -> dict[str, Any]:
    return {
        "cites": [{"source": source, "place": place} for source, place in rests_on.cites],
        "rests_on": list(rests_on.interpretations),
    }


def _day(day: datetime.date | None) -> str | None:
    return None if day is None else str(day)
