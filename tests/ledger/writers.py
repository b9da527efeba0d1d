"""Processes that record into a ledger: each writes the id of a record to a file once it has its receipt.

One process imports everything, and forks each of them: so they are quick to start.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

ROOT = str(Path(__file__).resolve().parents[2])
SOURCE = """
import contextlib, os, signal, sys
sys.path.insert(0, sys.argv[1])
with contextlib.suppress(ImportError):
    import psycopg, sqlalchemy.dialects.postgresql.psycopg
import si_rules.ledger.texts
from si_rules import Ledger
from tests.ledger import town
decisions = [town.decided(number) for number in range(4)]
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print("ready", flush=True)
for line in sys.stdin:
    place, out, number, count = line.rstrip("\\n").split("\\t")
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        continue
    try:
        file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        with Ledger.open(place) as ledger:
            for _ in range(int(count)):
                os.write(file, f"{ledger.record(decisions[int(number)]).id}\\n".encode())
        os.write(file, b"done\\n")
    finally:
        os._exit(0)
"""


@frozen
class Writer:
    """A process that records."""

    pid: int
    out: Path

    def lines(self) -> list[str]:
        """What it has said so far; at the end `done`."""
        return self.out.read_text().splitlines() if self.out.exists() else []

    def wait_for(self, count: int, seconds: float = 120) -> None:
        """Until it has said so many lines."""
        end = time.monotonic() + seconds
        while len(self.lines()) < count:
            assert time.monotonic() < end, f"after {seconds} s it has said {len(self.lines())} lines of {count}"
            time.sleep(0.002)

    def kill(self) -> None:
        """End it at once, whatever it is doing, and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        while True:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.001)


@frozen
class Forker:
    """The process that starts the others."""

    process: subprocess.Popen[str]
    folder: Path

    def start(self, place: str, number: int, count: int) -> Writer:
        """A process that records so many times the decision of a number."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        out = self.folder / f"{time.monotonic_ns()}.txt"
        print(place, out, number, count, sep="\t", file=stdin, flush=True)
        return Writer(int(stdout.readline()), out)


@contextmanager
def forking(folder: Path) -> Iterator[Forker]:
    """What starts writers, while it runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", SOURCE, ROOT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Forker(process, folder)
        assert process.stdin is not None
        process.stdin.close()
