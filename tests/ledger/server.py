"""A PostgreSQL of the tests' own: in a temporary folder, on a socket, thrown away afterwards."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_NUMBERS = itertools.count(1)
# Nothing need outlive the server, whose files go with it: what is killed in these tests is its clients.
_SETTINGS = "-c listen_addresses='' -c fsync=off -c max_connections=40 -c shared_buffers=16MB"


def program(name: str) -> str | None:
    """The path of a program of PostgreSQL; Debian keeps them out of the way."""
    return shutil.which(name) or next((str(at / name) for at in _FOLDERS if (at / name).is_file()), None)


@frozen
class Server:
    """A running server."""

    folder: Path
    _free: list[str] = field(factory=list)

    def url(self, database: str) -> str:
        return f"postgresql://ledger@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            return list(found) if found.description else []

    def database(self) -> str:
        """The address of an empty database: one that was given back, else a new one, which takes a while."""
        if self._free:
            name = self._free.pop()
            self.run("DROP SCHEMA IF EXISTS si_rules_ledger CASCADE", name)
        else:
            name = f"ledger_{os.getpid()}_{next(_NUMBERS)}"
            self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def give_back(self, url: str) -> None:
        """Let others have a database."""
        self._free.append(url.split("/")[3].partition("?")[0])


@contextmanager
def running() -> Iterator[Server]:
    """A server while it runs; the test is skipped, with the reason, where there can be none."""
    pytest.importorskip("psycopg")
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("PostgreSQL is not installed: there is no initdb and pg_ctl")
    user = _other_user()
    folder = Path(tempfile.mkdtemp(prefix="si-pg-"))  # short: the path of a socket has 107 bytes at most
    if user is not None:
        shutil.chown(folder, user)
    data, log = folder / "data", folder / "log"

    def call(*command: str) -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=False, user=user, cwd=folder, timeout=120)
        if done.returncode:
            pytest.skip(f"PostgreSQL does not start: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")

    try:
        call(initdb, "-D", str(data), "-U", "ledger", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C")
        call(pg_ctl, "-D", str(data), "-l", str(log), "-w", "-o", f"{_SETTINGS} -k {folder}", "start")
        try:
            yield Server(folder)
        finally:
            subprocess.run(
                [pg_ctl, "-D", str(data), "-m", "immediate", "stop"],
                capture_output=True,
                check=False,
                user=user,
                cwd=folder,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> str | None:
    """Whom it runs as: it refuses to run as root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip("PostgreSQL refuses to run as root, and there is no other user to run it as")
