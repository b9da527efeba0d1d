"""A progress bar on a terminal, for what takes a while; nothing elsewhere."""

import sys
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

T = TypeVar("T")
FEW: Final = 20


def shown(items: Iterable[T], what: str, total: int) -> Iterator[T]:
    """The items as they come, with a bar on standard error where that is a terminal and there are more than a few."""
    if total <= FEW or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # only a terminal wants it
    from rich.progress import track

    yield from track(items, what, total=total, console=Console(stderr=True))
