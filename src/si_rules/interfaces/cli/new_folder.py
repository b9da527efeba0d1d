"""A folder that is written as a whole or not at all."""

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from attrs import define, field

from si_rules.interfaces.cli.exits import WRONG_USAGE, stop


@define
class NewFolder:
    """Builds a folder beside its place and puts it there once it is whole.

    A folder that is there already stays as it is until then, and is only replaced where it was asked for and holds
    the file `mark`, by which it is known to have been made like this. Ends the command where that cannot be.
    """

    target: Path
    replace: bool
    mark: str
    _building: Path | None = None
    _digests: dict[str, Any] = field(factory=dict)
    _sizes: dict[str, int] = field(factory=dict)
    _made: set[Path] = field(factory=set)
    _above: list[Path] = field(factory=list)

    def __enter__(self) -> Self:
        self._check()
        parent = self.target.parent
        try:
            self._above = [place for place in (parent, *parent.parents) if not place.exists()]
            parent.mkdir(parents=True, exist_ok=True)
            self._building = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.", dir=parent))
        except OSError as error:
            stop(WRONG_USAGE, f"{self.target} cannot be written: {_reason(error)}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._building is not None:
            shutil.rmtree(self._building, ignore_errors=True)
            self._building = None
            with suppress(OSError):  # what is not empty stays
                for place in self._above:
                    place.rmdir()
        if isinstance(error, OSError):
            stop(WRONG_USAGE, f"{self.target} cannot be written: {_reason(error)}")

    def _check(self) -> None:
        if self.target.is_symlink():
            stop(WRONG_USAGE, f"{self.target} is a link; name the folder itself")
        if not self.target.exists():
            return
        if not self.target.is_dir():
            stop(WRONG_USAGE, f"{self.target} is a file; name a folder that is not there yet")
        if not self.replace:
            stop(WRONG_USAGE, f"{self.target} is there already; name another folder, or say --replace")
        if any(self.target.iterdir()) and not (self.target / self.mark).is_file():
            stop(
                WRONG_USAGE, f"{self.target} has no {self.mark}, so it was not made by this command: it is not replaced"
            )

    def append(self, path: str, text: str) -> None:
        """Put text at the end of a file, by its path in the folder with `/` between the parts. Raises OSError."""
        assert self._building is not None
        data = text.encode("utf-8", "backslashreplace")
        place = self._building.joinpath(*path.split("/"))
        if place.parent not in self._made:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(place.parent)
        with place.open("ab") as file:
            file.write(data)
        if path not in self._digests:
            self._digests[path], self._sizes[path] = hashlib.sha256(), 0
        self._digests[path].update(data)
        self._sizes[path] += len(data)

    def written(self) -> list[tuple[str, str, int]]:
        """The files so far: path, digest as hexadecimal digits, and size in bytes."""
        return [(path, found.hexdigest(), self._sizes[path]) for path, found in self._digests.items()]

    def finish(self) -> None:
        """Put the folder in its place. Raises OSError; then what was there is there again."""
        assert self._building is not None
        mask = os.umask(0)
        os.umask(mask)
        self._building.chmod(0o777 & ~mask)
        old = None
        if self.target.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.", dir=self.target.parent))
            old.rmdir()  # only its name was wanted: not every system renames onto a folder
            self.target.rename(old)
        try:
            self._building.rename(self.target)
        except OSError:
            if old is not None:
                with suppress(OSError):
                    old.rename(self.target)
            raise
        self._building = None
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be written").lower()
