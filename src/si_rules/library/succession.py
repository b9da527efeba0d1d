"""How the editions of a policy follow each other: days on which two are in force, days on which none is, the last one's end."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from attrs import frozen

from si_rules.library.editions import Edition
from si_rules.source.diagnostics import Diagnostic, Label, Severity
from si_rules.source.screening import read_source
from si_rules.source.text import Source, Span

_DAY: Final = datetime.timedelta(days=1)
_IN_FORCE: Final = re.compile(r"^ +(in +force +\S+ +to +\S+)", re.MULTILINE)
_EDITION: Final = re.compile(r"^ +(edition +\S+)", re.MULTILINE)
_SOURCE: Final = re.compile(r'^source +(\S+) +"([^"]*)"', re.MULTILINE)
_CITES: Final = re.compile(r'^ +cites +(\S+) +"([^"]*)"', re.MULTILINE)
_MOST_NAMED: Final = 3


@frozen
class _Read:
    """An edition with the text that has its header, and the paragraphs it cites: the title of the source, and the place."""

    edition: Edition
    source: Source
    first: datetime.date
    last: datetime.date
    paragraphs: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.edition.id} {self.edition.edition}"

    def at(self, pattern: re.Pattern[str]) -> Span:
        found = pattern.search(self.source.text)
        return Span(*found.span(1)) if found else Span(0, 1)


def check_succession(editions: Iterable[Edition], on: datetime.date | None = None, within: int = 0) -> list[Diagnostic]:
    """What is wrong between the editions of each policy: `SI605` two at once, `SI606` a hole.

    With a day, `SI607` as well: that the last edition ends before it, or within so many days of it. Editions without a
    header or a period are passed over: what is wrong with them is told by itself. Raises OSError.
    """
    read = [item for edition in editions if (item := _read(edition)) is not None]
    found: list[Diagnostic] = []
    for _, group in groupby(sorted(read, key=lambda r: (r.edition.id, r.first, r.last)), key=lambda r: r.edition.id):
        together = list(group)
        found += _overlaps(together)
        found += _holes(together)
        found += _named_twice(together)
        if on is not None:
            found += _running_out(max(together, key=lambda r: r.last), on, within)
    return found


def nearest_editions(known: Sequence[Edition], on: datetime.date) -> str:
    """Of editions that are not in force on a day, the last one before it and the first one after it, in words."""
    dated = [(edition.in_force, edition.edition) for edition in known if edition.in_force is not None]
    before = [max((item for item in dated if item[0][1] < on), key=lambda item: item[0][1], default=None)]
    after = [min((item for item in dated if item[0][0] > on), key=lambda item: item[0][0], default=None)]
    told = [
        f"the nearest {when} it is {item[1]} ({item[0][0]} to {item[0][1]})"
        for when, found in (("before", before), ("after", after))
        for item in found
        if item is not None
    ]
    return "; ".join(told) or "none states a period"


def _read(edition: Edition) -> _Read | None:
    if not edition.id or edition.in_force is None or edition.in_force[1] < edition.in_force[0]:
        return None
    sources = [read_source(str(path), path.read_bytes())[0] for path in edition.files]
    header = next((s for s in sources if re.search(r"^policy\b", s.text, re.MULTILINE)), sources[0])
    titles = {found[1]: found[2] for source in sources for found in _SOURCE.finditer(source.text)}
    cited = [
        (titles.get(found[1], found[1]), " ".join(found[2].split()))
        for source in sources
        for found in _CITES.finditer(source.text)
    ]
    return _Read(edition, header, *edition.in_force, tuple(dict.fromkeys(cited)))


def _overlaps(editions: list[_Read]) -> Iterator[Diagnostic]:
    for place, later in enumerate(editions):
        for earlier in editions[:place]:
            if earlier.last < later.first:
                continue
            until = min(earlier.last, later.last)
            days = f"on {later.first}" if until == later.first else f"from {later.first} to {until}"
            both = [item for item in later.paragraphs if item in earlier.paragraphs]
            message = f"{earlier.name} and {later.edition.edition} are both in force {days}"
            message += f"; both rest on {_listed(both)}" if both else ""
            help_ = f"let one of them end before the other begins: in force {earlier.first} to {later.first - _DAY}"
            if later.first == earlier.first:
                help_ = "let one of them end before the other begins"
            label = Label(earlier.source, earlier.at(_IN_FORCE), "the other edition")
            yield Diagnostic("SI605", message, later.source, later.at(_IN_FORCE), help_, (label,))


def _holes(editions: list[_Read]) -> Iterator[Diagnostic]:
    covered = editions[0]
    for earlier, later in pairwise(editions):
        covered = max(covered, earlier, key=lambda r: r.last)
        if covered.last >= later.first - _DAY:
            continue
        first, last = covered.last + _DAY, later.first - _DAY
        days = f"on {first}" if first == last else f"from {first} to {last}"
        message = f"no edition of {later.edition.id} is in force {days}, between {covered.edition.edition} and {later.edition.edition}"
        message += f": nothing rules {_listed(covered.paragraphs)}" if covered.paragraphs else ""
        label = Label(covered.source, covered.at(_IN_FORCE), "the edition before ends here")
        yield Diagnostic("SI606", message, later.source, later.at(_IN_FORCE), "let one edition begin on the day after the "
                         "other ends, or say to whoever decides that no policy was in force", (label,),
                         Severity.WARNING)  # fmt: skip


def _named_twice(editions: list[_Read]) -> Iterator[Diagnostic]:
    seen: dict[str, _Read] = {}
    for item in editions:
        first = seen.setdefault(item.edition.edition, item)
        if first is not item:
            label = Label(first.source, first.at(_EDITION), "it is named here already")
            yield Diagnostic("SI605", f"two editions of {item.edition.id} are called {item.edition.edition}", item.source,
                             item.at(_EDITION), "give one of them another name", (label,))  # fmt: skip


def _running_out(item: _Read, on: datetime.date, within: int) -> Iterator[Diagnostic]:
    days = (item.last - on).days
    if days > within:
        return
    if days < 0:
        message = f"{item.name} ran out on {item.last}, and no edition follows"
    else:
        left = f"{days} day{'' if days == 1 else 's'} after {on}" if days else "on that day"
        message = f"{item.name} runs out {left}, on {item.last}, and no edition follows"
    help_ = "write the next edition"
    help_ += f", in force from {item.last + _DAY}" if item.last < datetime.date.max else ""
    yield Diagnostic("SI607", message, item.source, item.at(_IN_FORCE), help_, severity=Severity.WARNING)


def _listed(paragraphs: Sequence[tuple[str, str]]) -> str:
    """Some paragraphs in words: the first few, and how many more there are."""
    named = [f"{title}, {place}" for title, place in paragraphs[:_MOST_NAMED]]
    more = len(paragraphs) - len(named)
    return "; ".join(named) + (f"; and {more} more paragraph{'' if more == 1 else 's'}" if more else "")
