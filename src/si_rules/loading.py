"""Loads an edition with all it needs: its files, its vocabulary, and the editions of the policies it uses.

A policy that is used may have several editions while the one that uses it is in force: then the core
changes on the days on which they change, and the edition is loaded once for each stretch of time.
"""

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

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
from si_rules.source.nearest import nearest
from si_rules.source.screening import read_source
from si_rules.source.text import EditionFile, Span

DEEPEST_USE: Final = 5
MOST_FOLDERS: Final = 2_000
_ABOVE: Final = 4
_DAY: Final = datetime.timedelta(days=1)

# A day, and the policies used from it on, each with its digest.
Used: TypeAlias = tuple[datetime.date, list[tuple[Core, str]]]


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
    """An edition as loaded: its stretches in order, none where it cannot be used; its digest; what is wrong with it.

    `causes` are what is wrong with a policy that it uses, and why this one cannot be used either. `files` are all that went
    into it, those of the editions it uses among them.
    """

    stretches: tuple[Stretch, ...]
    digest: str
    diagnostics: list[Diagnostic]
    causes: tuple[Diagnostic, ...] = ()
    files: tuple[EditionFile, ...] = field(default=(), repr=False)


def load_whole(edition: Edition, folder: Path, keep: bool = True, above: tuple[str, ...] = ()) -> LoadedEdition:
    """Load an edition. `above` are the policies by which it is used. Raises OSError."""
    files = {str(path): path.read_bytes() for path in edition.files}
    vocabulary = vocabulary_for(edition, folder)
    if vocabulary is None:
        return LoadedEdition((), "", [_no_vocabulary(edition, files, folder)])
    vocabulary_file = _as_named(vocabulary, folder), vocabulary.read_bytes()
    calendars = {_as_named(path, folder): path.read_bytes() for path in _calendars_for(edition, folder)}
    gathered = dict.fromkeys(_files_of(edition, files, vocabulary_file, calendars))
    if not edition.uses or edition.in_force is None:
        loaded = load(files, vocabulary_file, keep, (), calendars)
        first = edition.in_force[0] if edition.in_force else datetime.date.min
        stretches = (Stretch(first, loaded.policy, loaded.digest),) if loaded.policy is not None else ()
        return LoadedEdition(stretches, loaded.digest, _wanted_elsewhere(loaded.diagnostics, edition, folder),
                             files=tuple(gathered))  # fmt: skip
    try:
        parts = list(_stretches_of(edition, folder, keep, above, gathered))
    except _CannotUse as error:
        own = [item for item in load(files, vocabulary_file, False, (), calendars).diagnostics if item.code != "SI603"]
        return LoadedEdition((), "", in_order([*own, _at_uses(edition, files, error)]), error.causes)
    found: list[Stretch] = []
    told: list[list[Diagnostic]] = []
    for first, used in parts:
        loaded = load(files, vocabulary_file, keep, used, calendars)
        told.append(loaded.diagnostics)
        if loaded.policy is not None:
            found.append(Stretch(first, loaded.policy, loaded.digest))
    digest = found[0].digest if len(found) == 1 else digest_of([(str(s.first), s.digest) for s in found])
    whole = tuple(found) if len(found) == len(parts) else ()
    diagnostics = list(_of_stretches(parts, told))
    told_here = _wanted_elsewhere(in_order(diagnostics), edition, folder)
    return LoadedEdition(whole, digest, told_here, files=tuple(gathered))


def _files_of(edition: Edition, files: Mapping[str, bytes], vocabulary: tuple[str, bytes],
              calendars: Mapping[str, bytes]) -> Iterator[EditionFile]:  # fmt: skip
    """What goes into an edition itself, without what it uses."""
    for name, data in files.items():
        yield EditionFile(f"{edition.id} {edition.edition}", Path(name).name, data)
    yield EditionFile("vocabulary", Path(vocabulary[0]).name, vocabulary[1])
    for name, data in calendars.items():
        yield EditionFile("calendar", Path(name).name, data)


def _of_stretches(parts: Sequence[Used], told: Sequence[list[Diagnostic]]) -> Iterator[Diagnostic]:
    """What is wrong; where that is so only while some editions of the others count, it says which."""
    for (first, used), found in zip(parts, told, strict=True):
        for item in found:
            if all(item in others for others in told):
                yield item
            else:
                editions = ", ".join(f"{core.id} {core.edition}" for core, _ in used)
                yield evolve(item, message=f"{item.message}, while {editions} counts, from {first} on")


def _wanted_elsewhere(found: list[Diagnostic], edition: Edition, folder: Path) -> list[Diagnostic]:
    """Without the warnings of parameters that are not used here, where another policy beside this one uses them."""
    unused = [item for item in found if item.code == "SI513" and item.message.startswith("the parameter ")]
    if not unused:
        return found
    others = (
        path
        for place in (folder, *list(folder.resolve().parents)[:_ABOVE])
        for other in _in_reach(place)
        if edition.id in other.uses
        for path in other.files
    )
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in dict.fromkeys(others)]
    return [
        item
        for item in found
        if item not in unused
        or not any(
            re.search(rf"{re.escape(edition.id)}\.{re.escape(item.source.words(item.span))}\b", text) for text in texts
        )
    ]


def _as_named(path: Path, folder: Path) -> str:
    """A path by way of a folder as it was named, where it lies near it: `hours/../a.vocabulary` is `a.vocabulary`."""
    way = os.path.relpath(path.resolve(), folder.resolve())
    named = os.path.normpath(folder / way)
    near = way.count("..") <= _ABOVE and Path(named).exists() and Path(named).resolve() == path.resolve()
    return named if near else str(path)


# ---- policies that are used


class _CannotUse(Exception):
    """A policy that is used cannot be: which, why, and the remedy."""

    def __init__(self, name: str, message: str, help_: str, causes: Iterable[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.help = help_
        self.causes = tuple(causes)


def _at_uses(edition: Edition, files: dict[str, bytes], error: _CannotUse) -> Diagnostic:
    for name, data in files.items():
        source, _ = read_source(name, data)
        place = source.text.find(error.name)
        if place >= 0 and edition.id in source.text:
            return Diagnostic("SI603", str(error), source, Span(place, place + len(error.name)), error.help)
    source, _ = read_source(*next(iter(files.items())))
    return Diagnostic("SI603", str(error), source, Span(0, 1), error.help)


def _stretches_of(edition: Edition, folder: Path, keep: bool, above: tuple[str, ...],
                  gathered: dict[EditionFile, None]) -> Iterator[Used]:  # fmt: skip
    """The days from which on the policies that are used stand in other editions, with their cores; gathers their files."""
    assert edition.in_force is not None
    first, last = edition.in_force
    chosen: dict[str, list[tuple[datetime.date, Core, str]]] = {}
    for name in edition.uses:
        if name == edition.id or name in above:
            raise _CannotUse(name, f"`{name}` uses this policy itself", "leave out one of the two")
        if len(above) >= DEEPEST_USE:
            raise _CannotUse(name, f"policies use each other more than {DEEPEST_USE} deep", "use fewer on the way")
        chosen[name] = _editions_between(name, first, last, folder, keep, (*above, edition.id), gathered)
    days = sorted({first, *(day for stretches in chosen.values() for day, _, _ in stretches if day > first)})
    for day in days:
        used = []
        for stretches in chosen.values():
            standing = [(core, digest) for start, core, digest in stretches if start <= day]
            used.append(standing[-1])
        yield day, used


def _editions_between(name: str, first: datetime.date, last: datetime.date, folder: Path, keep: bool,
                      above: tuple[str, ...],
                      gathered: dict[EditionFile, None]) -> list[tuple[datetime.date, Core, str]]:  # fmt: skip
    """The editions of a used policy in force in a period, each with the day from which on it counts."""
    known = editions_named(name, folder)
    if not known:
        near = nearest(name, _ids_in_reach(folder))
        named = " or ".join(dict.fromkeys((name.partition(".")[0], name.rpartition(".")[2])))
        help_ = f"did you mean `{near}`?" if near else f"put it beside this policy, in a folder called {named}"
        raise _CannotUse(name, f"there is no policy `{name}` to use", help_)
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
            causes = [*loaded.causes, *(item for item in loaded.diagnostics if item.is_error and item.code != "SI603")]
            raise _CannotUse(name, f"the policy `{name}` {edition.edition} cannot be used: {_first(loaded.diagnostics)}",
                             f"check it first: si-rules check {_as_named(edition.files[0].parent, folder)}", causes)  # fmt: skip
        gathered |= dict.fromkeys(loaded.files)
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


def _ids_in_reach(folder: Path) -> list[str]:
    """The ids of the policies that this one could use."""
    places = (folder, *list(folder.resolve().parents)[:2], shipped.policies_folder())
    return list(dict.fromkeys(edition.id for place in places for edition in _in_reach(place)))


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


def vocabulary_for(edition: Edition, folder: Path) -> Path | None:
    """The file of the vocabulary an edition names, None where there is none; of one that names none, that of schools."""
    wanted = edition.vocabulary or ("school", "1")
    return next((found[wanted] for found in _vocabularies_in_reach(folder) if wanted in found), None)


def _vocabularies_in_reach(folder: Path) -> Iterator[dict[tuple[str, str], Path]]:
    """The vocabularies of a folder, of those above it, and those shipped, place after place."""
    yield find_vocabularies(folder)
    for place in list(folder.resolve().parents)[:3]:
        yield _shallow_vocabularies(place)
    yield find_vocabularies(shipped.policies_folder())


def _no_vocabulary(edition: Edition, files: dict[str, bytes], folder: Path) -> Diagnostic:
    """That the vocabulary of an edition is nowhere, at the line that names it."""
    wanted = " ".join(edition.vocabulary or ("school", "1"))
    known = list(dict.fromkeys(" ".join(name) for found in _vocabularies_in_reach(folder) for name in found))
    near = nearest(wanted, known) or next((k for k in known if k.split()[0] == wanted.split()[0]), None)
    help_ = f"did you mean `{near}`?" if near else "put its file beside the policy, or into a folder above it"
    message = f"there is no vocabulary `{wanted}`"
    for name, data in files.items():
        source, _ = read_source(name, data)
        line = re.search(r"^ +vocabulary +(\S+ +\S+)", source.text, re.MULTILINE)
        if line is not None:
            return Diagnostic("SI604", message, source, Span(*line.span(1)), help_)
    source, _ = read_source(*next(iter(files.items())))
    return Diagnostic("SI604", message, source, Span(0, 1), help_)


def _shallow_vocabularies(folder: Path) -> dict[tuple[str, str], Path]:
    """The vocabularies of a folder and of its folder `vocabularies`: a walk through all above would be long."""
    found: dict[tuple[str, str], Path] = {}
    for place in (folder, folder / "vocabularies"):
        for path in sorted(place.glob("*.vocabulary")):
            found.update(find_vocabularies(path.parent))
    return found
