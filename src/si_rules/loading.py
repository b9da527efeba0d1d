"""Loads an edition with all it needs: its files, its vocabulary, and the editions of the policies it uses.

A policy that is used may have several editions while the one that uses it is in force: then the core
changes on the days on which they change, and the edition is loaded once for each stretch of time.
"""

import datetime
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from si_rules import shipped
from si_rules.library.editions import (
    Edition,
    digest_of,
    edition_in,
    find_calendars,
    find_editions,
    find_vocabularies,
)
from si_rules.pipeline import load
from si_rules.semantics.core import Core
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.screening import read_source
from si_rules.source.text import Span

DEEPEST_USE: Final = 5
MOST_FOLDERS: Final = 2_000
_ABOVE: Final = 4
_DAY: Final = datetime.timedelta(days=1)


class PolicyNotFound(LookupError):
    """No such policy, edition, file or vocabulary; the message says what there is."""


@frozen
class Stretch:
    """The core of an edition from a day on, until the next stretch."""

    first: datetime.date
    core: Core
    digest: str


@frozen
class LoadedEdition:
    """An edition as loaded: its stretches in order, none where it cannot be used; its digest; what is wrong with it."""

    stretches: tuple[Stretch, ...]
    digest: str
    diagnostics: list[Diagnostic]


def load_whole(edition: Edition, folder: Path, keep: bool = True, above: tuple[str, ...] = ()) -> LoadedEdition:
    """Load an edition. `above` are the policies by which it is used. Raises `PolicyNotFound`, OSError."""
    files = {str(path): path.read_bytes() for path in edition.files}
    vocabulary = vocabulary_for(edition, folder)
    vocabulary_file = str(vocabulary), vocabulary.read_bytes()
    calendars = {str(path): path.read_bytes() for path in _calendars_for(edition, folder)}
    if not edition.uses or edition.in_force is None:
        loaded = load(files, vocabulary_file, keep, (), calendars)
        first = edition.in_force[0] if edition.in_force else datetime.date.min
        stretches = (Stretch(first, loaded.policy, loaded.digest),) if loaded.policy is not None else ()
        return LoadedEdition(stretches, loaded.digest, loaded.diagnostics)
    try:
        parts = list(_stretches_of(edition, folder, keep, above))
    except _CannotUse as error:
        return LoadedEdition((), "", [_at_uses(edition, files, error)])
    found: list[Stretch] = []
    diagnostics: list[Diagnostic] = []
    for first, used in parts:
        loaded = load(files, vocabulary_file, keep, used, calendars)
        diagnostics += loaded.diagnostics
        if loaded.policy is not None:
            found.append(Stretch(first, loaded.policy, loaded.digest))
    digest = found[0].digest if len(found) == 1 else digest_of([(str(s.first), s.digest) for s in found])
    whole = tuple(found) if len(found) == len(parts) else ()
    return LoadedEdition(whole, digest, in_order(diagnostics))


# ---- policies that are used


class _CannotUse(Exception):
    """A policy that is used cannot be: which, why, and the remedy."""

    def __init__(self, name: str, message: str, help_: str) -> None:
        super().__init__(message)
        self.name = name
        self.help = help_


def _at_uses(edition: Edition, files: dict[str, bytes], error: _CannotUse) -> Diagnostic:
    for name, data in files.items():
        source, _ = read_source(name, data)
        place = source.text.find(error.name)
        if place >= 0 and edition.id in source.text:
            return Diagnostic("SI603", str(error), source, Span(place, place + len(error.name)), error.help)
    source, _ = read_source(*next(iter(files.items())))
    return Diagnostic("SI603", str(error), source, Span(0, 1), error.help)


def _stretches_of(edition: Edition, folder: Path, keep: bool,
                  above: tuple[str, ...]) -> Iterator[tuple[datetime.date, list[tuple[Core, str]]]]:  # fmt: skip
    """The days from which on the policies that are used stand in other editions, with their cores."""
    assert edition.in_force is not None
    first, last = edition.in_force
    chosen: dict[str, list[tuple[datetime.date, Core, str]]] = {}
    for name in edition.uses:
        if name == edition.id or name in above:
            raise _CannotUse(name, f"`{name}` uses this policy itself", "leave out one of the two")
        if len(above) >= DEEPEST_USE:
            raise _CannotUse(name, f"policies use each other more than {DEEPEST_USE} deep", "use fewer on the way")
        chosen[name] = _editions_between(name, first, last, folder, keep, (*above, edition.id))
    days = sorted({first, *(day for stretches in chosen.values() for day, _, _ in stretches if day > first)})
    for day in days:
        used = []
        for stretches in chosen.values():
            standing = [(core, digest) for start, core, digest in stretches if start <= day]
            used.append(standing[-1])
        yield day, used


def _editions_between(name: str, first: datetime.date, last: datetime.date, folder: Path, keep: bool,
                      above: tuple[str, ...]) -> list[tuple[datetime.date, Core, str]]:  # fmt: skip
    """The editions of a used policy in force in a period, each with the day from which on it counts."""
    known = editions_named(name, folder)
    if not known:
        raise _CannotUse(name, f"there is no policy `{name}` to use", "put it beside this one, in the same library")
    found: list[tuple[datetime.date, Core, str]] = []
    open_from = first
    for edition, place in sorted(known, key=lambda pair: pair[0].in_force or (last, last)):
        if edition.in_force is None or edition.in_force[1] < first or edition.in_force[0] > last:
            continue
        if edition.in_force[0] > open_from:
            break
        if found and edition.in_force[0] < open_from:
            message = f"two editions of `{name}` are in force on {edition.in_force[0]}"
            raise _CannotUse(name, message, "let one end before the other begins")
        loaded = load_whole(edition, place, keep, above)
        if not loaded.stretches:
            raise _CannotUse(name, f"the policy `{name}` {edition.edition} cannot be used: {_first(loaded.diagnostics)}",
                             f"check it first: si-rules check {edition.files[0].parent}")  # fmt: skip
        found += [(max(s.first, open_from), s.core, s.digest) for s in loaded.stretches]
        open_from = edition.in_force[1] + _DAY if edition.in_force[1] < datetime.date.max else datetime.date.max
    if open_from <= last:
        message = f"no edition of `{name}` is in force on {open_from}, while this one is"
        raise _CannotUse(name, message, "add the edition, or shorten the period of this one")
    return found


def _first(diagnostics: list[Diagnostic]) -> str:
    """The first thing that is wrong, and how much more there is."""
    errors = [item for item in diagnostics if item.is_error]
    return errors[0].message + (f", and {len(errors) - 1} more" if len(errors) > 1 else "")


def editions_named(name: str, folder: Path) -> list[tuple[Edition, Path]]:
    """The editions of a policy, from the nearest place that has any: this folder, those above, those shipped.

    Of a folder above only what is named after the policy is looked through, `council` and `attendance` for
    `council.attendance`: what else lies there need not belong to the same library.
    """
    parts = name.split(".")
    for place in (folder, *list(folder.resolve().parents)[:_ABOVE], shipped.policies_folder()):
        deep = place in (folder, shipped.policies_folder())
        within = [place] if deep else [place / part for part in dict.fromkeys((parts[0], parts[-1]))]
        found = [edition for top in within for edition in _in_reach(top) if edition.id == name]
        if found:
            return [(edition, place) for edition in found]
    return []


def _in_reach(place: Path) -> Iterable[Edition]:
    """The editions under a folder, as far as a bounded walk comes: what lies above may be large."""
    if place == shipped.policies_folder():
        return find_editions(place)
    found: list[Edition] = []
    base = len(place.resolve().parts)
    for count, (name, folders, files) in enumerate(os.walk(place.resolve())):
        folders.sort()
        if count >= MOST_FOLDERS:
            break
        if len(Path(name).parts) - base >= _ABOVE + 1:
            folders.clear()
        policies = [Path(name) / file for file in sorted(files) if file.endswith(".policy")]
        edition = edition_in(policies) if policies else None
        if edition is not None:
            found.append(edition)
    return found


# ---- calendars and vocabularies


def _calendars_for(edition: Edition, folder: Path) -> list[Path]:
    """The files of the calendars an edition follows, from the nearest folder that has it: this one, those above, those shipped."""
    found: dict[Path, None] = {}
    waiting = set(edition.follows)
    above = [place for parent in list(folder.resolve().parents)[:3] for place in (parent, parent / "calendars")]
    for place in (folder, *above, shipped.policies_folder()):
        deep = place in (folder, shipped.policies_folder())
        named = find_calendars(place, waiting, deep) if waiting and place.is_dir() else {}
        found |= dict.fromkeys(path for paths in named.values() for path in paths)
        waiting -= named.keys()
    return list(found)


def vocabulary_for(edition: Edition, folder: Path) -> Path:
    """The file of the vocabulary an edition names; the shipped school vocabulary where it names none."""
    wanted = edition.vocabulary or ("school", "1")
    places = [folder, *list(folder.resolve().parents)[:3], shipped.policies_folder()]
    for place in places:
        found = _shallow_vocabularies(place) if place not in (folder, places[-1]) else find_vocabularies(place)
        if wanted in found:
            return found[wanted]
    raise PolicyNotFound(f"there is no vocabulary {' '.join(wanted)} beside the policy or among those shipped")


def _shallow_vocabularies(folder: Path) -> dict[tuple[str, str], Path]:
    """The vocabularies of a folder and of its folder `vocabularies`: a walk through all above would be long."""
    found: dict[tuple[str, str], Path] = {}
    for place in (folder, folder / "vocabularies"):
        for path in sorted(place.glob("*.vocabulary")):
            found.update(find_vocabularies(path.parent))
    return found
