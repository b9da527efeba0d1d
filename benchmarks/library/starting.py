"""How soon a process is ready, and how long the Doncaster policy takes to load."""

import sys
import tempfile
from pathlib import Path

from benchmarks.timing import Row, in_turns, process, row, told

PLAIN = '{"urn": "990001", "phase": "primary"}'
ROUNDS = 9

LOAD = """
import sys, time
import si_rules.policy, si_rules.decisions.deciding
if sys.argv[1] != "core":
    import lark, si_rules.syntax.parsing, si_rules.semantics.elaboration
start = time.perf_counter()
from si_rules.policy import PolicyLibrary
PolicyLibrary.bundled().edition("doncaster.school_improvement", "2015-16")
print(time.perf_counter() - start)
"""


def starting(rounds: int = ROUNDS) -> list[Row]:
    """How soon a process is ready, against importing what the library is built on."""
    python = sys.executable
    bare, dependencies, own, version = in_turns(
        lambda: process(python, "-c", "pass"),
        lambda: process(python, "-c", "import lark, pydantic, attrs"),
        lambda: process(python, "-c", "import si_rules"),
        lambda: process(python, "-m", "si_rules", "--version"),
        rounds=rounds,
    )
    versus = "import lark, pydantic, attrs"
    decide = [python, "-m", "si_rules", "decide", "doncaster.school_improvement", "-", "--on", "2015-11-04"]
    process(*decide, given=PLAIN)
    (first,) = in_turns(lambda: process(*decide, given=PLAIN), rounds=rounds)
    return [
        row("process_bare_ms", bare * 1000, "ms", versus, dependencies * 1000),
        row("process_import_ms", own * 1000, "ms", versus, dependencies * 1000),
        row("process_version_ms", version * 1000, "ms", versus, dependencies * 1000),
        row("process_first_decision_ms", first * 1000, "ms", versus, dependencies * 1000),
    ]


def loading(rounds: int = ROUNDS) -> list[Row]:
    """Loading the Doncaster policy, modules imported: nothing kept, the grammar kept, the core kept."""
    python = sys.executable
    with tempfile.TemporaryDirectory() as grammar, tempfile.TemporaryDirectory() as core:
        told(python, "-c", LOAD, "core", cache=core)
        told(python, "-c", LOAD, "grammar", cache=grammar)

        def grammar_kept() -> float:
            for kept in Path(grammar).glob("core-*"):
                kept.unlink()
            return told(python, "-c", LOAD, "grammar", cache=grammar)

        cold, warm, kept = in_turns(
            lambda: told(python, "-c", LOAD, "cold", cache=""),
            grammar_kept,
            lambda: told(python, "-c", LOAD, "core", cache=core),
            rounds=rounds,
        )
    return [
        row("load_cold_ms", cold * 1000, "ms"),
        row("load_grammar_cached_ms", warm * 1000, "ms", "load_cold_ms", cold * 1000),
        row("load_core_cached_ms", kept * 1000, "ms", "load_cold_ms", cold * 1000),
    ]
