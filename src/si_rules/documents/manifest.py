"""The manifest of a run: what went in, by digest, what decided, and what came out, by digest. It holds no clock and no path
of a machine, so the same run gives the same manifest everywhere.
"""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from attrs import frozen
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from si_rules._version import __version__
from si_rules.documents.assessment import Assessment
from si_rules.evidence.exact_json import NotJson, loads
from si_rules.policy import Policy
from si_rules.semantics.core import LANGUAGE

FORMAT: Final = "si-rules/run/1"
NAME: Final = "manifest.json"
_SAFE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


class ManifestUnusable(ValueError):
    """A manifest cannot be read; the message says why."""


@frozen
class Input:
    """A file that went in: what it was used as, its name without its folder, its digest, and its size in bytes."""

    role: str
    name: str
    digest: str
    size: int


@frozen
class Output:
    """A file that came out: its path in the folder, its digest, and its size in bytes."""

    path: str
    digest: str
    size: int


def manifest(assessment: Assessment, inputs: Iterable[Input], outputs: Iterable[Output]) -> dict[str, Any]:
    """The manifest as JSON, of the form `si-rules/run/1`. Names and order are fixed."""
    run, letters = assessment.run, assessment.letters
    policy = run.policy
    others = {item.id: item for item in (letters.further(run.on).values() if letters else ())}
    others |= {item.id: item for item in run.further}
    counts = assessment.counts
    return {
        "format": FORMAT,
        "library": __version__,
        "language": LANGUAGE,
        "policy": {**_identity(policy), "as_if": run.as_if},
        "further_policies": [_identity(other) for _, other in sorted(others.items())],
        "vocabulary": {"id": policy.core.vocabulary.name, "version": policy.core.vocabulary.version},
        "on": str(run.on),
        "known_at": str(run.known_at),
        "audience": sorted(run.roles),
        "cohort": run.cohort_name,
        "inputs": [
            {"role": item.role, "name": item.name, "sha256": item.digest, "bytes": item.size} for item in inputs
        ],
        "letters": None if letters is None else dict(sorted(letters.files.digests.items())),
        "counts": {
            "decided": counts["decided"],
            "letters": counts["letters"],
            "letters_not_due": counts["letters_not_due"],
            "moderated": counts["moderated"],
            "refused": len(assessment.refused),
            "moderations_refused": len(assessment.not_moderated),
            "outcomes": dict(sorted(assessment.outcomes.items())),
        },
        "outputs": [
            {"path": item.path, "sha256": item.digest, "bytes": item.size}
            for item in sorted(outputs, key=lambda item: item.path)
        ],
    }


def _identity(policy: Policy) -> dict[str, Any]:
    first, last = policy.in_force
    return {"id": policy.id, "edition": policy.edition, "digest": policy.digest, "in_force": [str(first), str(last)]}


# ---- read again

_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Input(_Read):
    role: str
    name: str
    sha256: _Digest


class _Output(_Read):
    path: str
    sha256: _Digest


class _Manifest(_Read):
    format: Literal["si-rules/run/1"]
    inputs: tuple[_Input, ...]
    outputs: tuple[_Output, ...]


@frozen
class Stated:
    """What a manifest states: the digests of what came out by path, and of what went in by role and name."""

    outputs: dict[str, str]
    inputs: dict[str, str]


def read_manifest(data: bytes) -> Stated:
    """What a manifest states. Raises `ManifestUnusable` where it is none, or names a path that leads out of the folder."""
    try:
        found = _Manifest.model_validate(loads(data))
    except NotJson as error:
        raise ManifestUnusable(str(error)) from None
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ManifestUnusable(f"it is no manifest of the form {FORMAT}: {where}") from None
    for item in found.outputs:
        if not all(_SAFE.fullmatch(part) for part in item.path.split("/")):
            raise ManifestUnusable(f"it names a file outside the folder: {item.path[:80]!r}")
    inputs = {item.sha256: f"{item.name} ({item.role})" for item in found.inputs}
    return Stated({item.path: item.sha256 for item in found.outputs}, inputs)
