"""Loads an edition with all it needs: its files, its vocabulary, its amendments, and the editions of the policies it uses.

A policy that is used may have several editions while the one that uses it is in force, and amendments count from a
day: then the core changes on these days, and the edition is loaded once for each stretch of time. An amendment that
was not yet adopted does not count, so a stretch may also begin with a day of knowledge.
"""

import datetime
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

from attrs import evolve, field, frozen

from si_rules import shipped
from si_rules.library.editions import (
    AmendmentFile,
    Edition,
    digest_of,
    edition_in,
    find_calendars,
    find_editions,
    find_vocabularies,
)
from si_rules.pipeline import Amending, Loaded, load
from si_rules.semantics.core import Amendment, Core
from si_rules.source.diagnostics import Diagnostic, in_order
from si_rules.source.nearest import nearest
from si_rules.source.screening import read_source
from si_rules.source.text import EditionFile, Span

DEEPEST_USE: Final = 5
MOST_FOLDERS: Final = 2_000
MOST_AMENDMENTS: Final = 12
ALWAYS_KNOWN: Final = datetime.date.min
_ABOVE: Final = 4
_DAY: Final = datetime.timedelta(days=1)


class PolicyNotFound(LookupError):
    """No such policy, edition, file or vocabulary; the message says what there is."""


class Dated(Protocol):
    """What stands from a day of the decision on, and from a day of knowledge on."""

    @property
    def first(self) -> datetime.date:
        """The first day of the decision."""
        ...

    @property
    def known_from(self) -> datetime.date:
        """The first day of knowledge."""
        ...


D = TypeVar("D", bound=Dated)


def standing(stretches: Sequence[D], on: datetime.date, known_at: datetime.date) -> D:
    """Which of some stretches counts on a day, as known at a day: the last that began, as far as it was known.

    They are in order of their days, and of each day one was always known. Before the first of them the first counts.
    """
    begun = max((item.first for item in stretches if item.first <= on), default=stretches[0].first)
    return [item for item in stretches if item.first == begun and item.known_from <= known_at][-1]


@frozen
class Stretch:
    """The core of an edition from a day of the decision on, and from a day of knowledge on, until the next stretch."""

    first: datetime.date
    core: Core
    digest: str
    known_from: datetime.date = ALWAYS_KNOWN


def stretches_of(core: Core, digest: str, later: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The first core, which counts from ever, and the later ones."""
    shares_its_day = bool(later) and later[0].known_from > ALWAYS_KNOWN
    return (Stretch(later[0].first if shares_its_day else datetime.date.min, core, digest), *later)


@frozen
class Part:
    """A stretch that is to be loaded: the policies used in it, each with its digest, and the amendments up to it."""

    first: datetime.date
    known_from: datetime.date
    used: tuple[tuple[Core, str], ...] = ()
    amendments: tuple[Amending, ...] = ()


@frozen
class LoadedEdition:
    """An edition as loaded: its stretches in order, none where it cannot be used; its digest; what is wrong with it.

    `causes` are what is wrong with a policy that it uses, and why this one cannot be used either. `files` are all that went
    into it, those of the editions it uses among them.
    """

    stretches: tuple[Stretch, ...]  # of each first day at least one, by day of the decision, then of knowledge
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
    amending = tuple(_amending(edition, files))
    gathered = dict.fromkeys(_files_of(edition, files, amending, vocabulary_file, calendars))
    if len(amending) > MOST_AMENDMENTS:
        return LoadedEdition((), "", [_too_many(amending)])
    try:
        parts = _parts_of(edition, folder, keep, above, gathered, amending)
    except _CannotUse as error:
        own = [item for item in load(files, vocabulary_file, False, (), calendars).diagnostics if item.code != "SI603"]
        return LoadedEdition((), "", in_order([*own, _at_uses(edition, files, error)]), error.causes)
    loaded = [load(files, vocabulary_file, keep, p.used, calendars, by_then(p, amending)) for p in parts]
    found = [
        Stretch(part.first, one.policy, one.digest, part.known_from)
        for part, one in zip(parts, loaded, strict=True)
        if one.policy is not None
    ]
    whole = tuple(found) if len(found) == len(parts) else ()
    told_here = _wanted_elsewhere(in_order(list(_of_parts(parts, loaded))), edition, folder)
    return LoadedEdition(whole, _digest_of_parts(parts, loaded), told_here, files=tuple(gathered))


def _digest_of_parts(parts: Sequence[Part], loaded: Sequence[Loaded]) -> str:
    """The digest of an edition: where policies that it uses change their edition, over what it is from each day on."""
    by_day = {part.first: one.digest for part, one in zip(parts, loaded, strict=True)}
    changes = [(day, digest) for number, (day, digest) in enumerate(by_day.items())
               if number == 0 or digest != list(by_day.values())[number - 1]]  # fmt: skip
    return changes[0][1] if len(changes) == 1 else digest_of([(str(day), digest) for day, digest in changes])


# ---- amendments


def _amending(edition: Edition, files: dict[str, bytes]) -> Iterator[Amending]:
    """The amendments of an edition in the order in which they are put in; reads their files.

    One whose days cannot be read counts from the first day on, so that what is wrong with it is told.
    """
    begin = edition.in_force[0] if edition.in_force else datetime.date.min

    def dated(item: AmendmentFile) -> tuple[datetime.date, datetime.date]:
        inside = item.first is not None and edition.covers(item.first) and item.adopted is not None
        return (item.first, item.adopted) if inside and item.first and item.adopted else (begin, ALWAYS_KNOWN)

    for item in sorted(edition.amendments, key=lambda item: (*dated(item), item.path.name)):
        yield Amending(str(item.path), item.path.read_bytes(), Amendment(item.title, *dated(item)))


def by_then(part: Part, amending: Sequence[Amending]) -> list[Amending]:
    """The amendments as they stand in a stretch: all of them go into the digest, those that count into the rules."""
    counting = {item.name for item in part.amendments}
    return [
        evolve(item, told=evolve(item.told, counts=item.name in counting), begun=item.told.first <= part.first)
        for item in amending
    ]


def _too_many(amending: Sequence[Amending]) -> Diagnostic:
    last = amending[-1]
    source, _ = read_source(last.name, last.data)
    return Diagnostic("SI608", f"the edition has more than {MOST_AMENDMENTS} amendments", source, Span(0, 1),
                      "write a new edition that says what is so by now")  # fmt: skip


def _files_of(edition: Edition, files: Mapping[str, bytes], amending: Iterable[Amending],
              vocabulary: tuple[str, bytes], calendars: Mapping[str, bytes]) -> Iterator[EditionFile]:  # fmt: skip
    """What goes into an edition itself, without what it uses."""
    for name, data in (*files.items(), *((item.name, item.data) for item in amending)):
        yield EditionFile(f"{edition.id} {edition.edition}", Path(name).name, data)
    yield EditionFile("vocabulary", Path(vocabulary[0]).name, vocabulary[1])
    for name, data in calendars.items():
        yield EditionFile("calendar", Path(name).name, data)


def _of_parts(parts: Sequence[Part], loaded: Sequence[Loaded]) -> Iterator[Diagnostic]:
    """What is wrong; where that is so only on some days, it says on which, unless it stands in the amendment itself."""
    everywhere = [item for item in loaded[0].diagnostics if all(item in other.diagnostics for other in loaded)]
    for part, one in zip(parts, loaded, strict=True):
        amending = {item.name for item in part.amendments}
        for item in one.diagnostics:
            if item in everywhere or item.source.name in amending:
                yield item
                continue
            said = [f"{core.id} {core.edition} counts" for core, _ in part.used]
            said += [f"“{item.told.title}” amends it" for item in part.amendments]
            while_ = f", while {' and '.join(said)}" if said else ""
            yield evolve(item, message=f"{item.message}{while_}, from {part.first} on")


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


def _parts_of(edition: Edition, folder: Path, keep: bool, above: tuple[str, ...], gathered: dict[EditionFile, None],
              amending: Sequence[Amending]) -> list[Part]:  # fmt: skip
    """The stretches of an edition, with the cores of what is used in each; gathers their files."""
    if edition.in_force is None:
        return [Part(datetime.date.min, ALWAYS_KNOWN)]
    first, last = edition.in_force
    chosen: list[list[Stretch]] = []
    for name in edition.uses:
        if name == edition.id or name in above:
            raise _CannotUse(name, f"`{name}` uses this policy itself", "leave out one of the two")
        if len(above) >= DEEPEST_USE:
            raise _CannotUse(name, f"policies use each other more than {DEEPEST_USE} deep", "use fewer on the way")
        chosen.append(_editions_between(name, first, last, folder, keep, (*above, edition.id), gathered))
    return parts_from(first, chosen, amending)


def parts_from(first: datetime.date, chosen: Sequence[Sequence[Stretch]], amending: Sequence[Amending]) -> list[Part]:
    """The stretches from a first day on: of each day on which something begins, one for each day something became known.

    `chosen` are the stretches of each policy that is used; `amending` the amendments, in the order in which they are put in.
    """
    starts = [stretch.first for stretches in chosen for stretch in stretches] + [item.told.first for item in amending]
    parts: list[Part] = []
    for day in sorted({first, *(start for start in starts if start > first)}):
        begun = [item for item in amending if item.told.first <= day]
        known = {ALWAYS_KNOWN, *(item.told.adopted for item in begun)}
        known |= {stretch.known_from for stretches in chosen for stretch in stretches if stretch.first <= day}
        for known_from in sorted(known):
            used = tuple((s.core, s.digest) for s in (standing(stretches, day, known_from) for stretches in chosen))
            counting = tuple(item for item in begun if item.told.adopted <= known_from)
            parts.append(Part(day, known_from, used, counting))
    return parts


def _editions_between(name: str, first: datetime.date, last: datetime.date, folder: Path, keep: bool,
                      above: tuple[str, ...], gathered: dict[EditionFile, None]) -> list[Stretch]:  # fmt: skip
    """The editions of a used policy in force in a period, each from the day from which on it counts."""
    known = editions_named(name, folder)
    if not known:
        near = nearest(name, _ids_in_reach(folder))
        named = " or ".join(dict.fromkeys((name.partition(".")[0], name.rpartition(".")[2])))
        help_ = f"did you mean `{near}`?" if near else f"put it beside this policy, in a folder called {named}"
        raise _CannotUse(name, f"there is no policy `{name}` to use", help_)
    found: list[Stretch] = []
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
        begun = standing(loaded.stretches, open_from, ALWAYS_KNOWN).first
        found += [evolve(s, first=max(s.first, open_from)) for s in loaded.stretches if s.first >= begun]
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
