"""Case histories under the shipped policies, written shortly."""

from datetime import date
from typing import Any

from si_rules import PolicyLibrary, SchoolEvidence
from si_rules.pathways.case import Case, Track
from si_rules.pathways.history import History

LIBRARY = PolicyLibrary.bundled()
DONCASTER = "doncaster.school_improvement"


def school(**fields: Any) -> SchoolEvidence:
    """A fictional maintained primary school, with other fields as given."""
    return SchoolEvidence.model_validate({"urn": "990001", "legal_type": "community", "phase": "primary", **fields})


def history(*events: str | dict[str, Any]) -> History:
    """A history. `2015-10-08 concern_meeting progress=insufficient` is one event."""
    return History.model_validate({"subject": "990001", "events": [_event(item) for item in events]})


def _event(written: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(written, dict):
        return written
    day, name, *fields = written.split()
    return {"event": name, "date": day, **dict(field.split("=") for field in fields)}


def case(on: str, *events: str | dict[str, Any], evidence: SchoolEvidence | None = None, known_at: str | None = None,
         audience: set[str] | None = None, policy: str = DONCASTER) -> Case:  # fmt: skip
    """The case of a history on a day."""
    return LIBRARY.follow(
        policy,
        history(*events),
        on=date.fromisoformat(on),
        known_at=None if known_at is None else date.fromisoformat(known_at),
        evidence=school() if evidence is None else evidence,
        audience=audience,
    )


def track(found: Case, pathway: str) -> Track:
    """The case on one pathway."""
    return next(item for item in found.tracks if item.pathway == pathway)


def states(found: Track) -> list[str]:
    """The names of the states it is or may be in."""
    return [item.state for item in found.states]
