"""The make commands that people are told to run exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", makefile, flags=re.MULTILINE))


def targets_named_in(text: str) -> set[str]:
    """Return each X of a command `make X`, in code between back-ticks or in a fenced block."""
    fenced = re.findall(r"^ *```.*?^ *```", text, flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
    commands = [line.strip().removeprefix("$ ") for block in fenced for line in block.splitlines()]
    commands += re.findall(r"`([^`]+)`", prose)
    named: set[str] = set()
    for command in commands:
        for part in re.split(r"&&|;", command):
            words = part.partition("#")[0].split()
            if words[:1] == ["make"]:
                named |= {word for word in words[1:] if "=" not in word and not word.startswith("-")}
    return named


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_command_exists(name: str) -> None:
    """Every `make X` that README and CONTRIBUTING name is a target of the Makefile."""
    named = targets_named_in((ROOT / name).read_text(encoding="utf-8"))
    assert named, f"{name} names no make command"
    assert named <= make_targets()


def test_what_a_change_must_pass_exists() -> None:
    """Every `make X` that .ci/run runs is a target of the Makefile, and `make test` is among them."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    named = set(re.findall(r"^make ([a-z-]+)", script, flags=re.MULTILINE))
    assert "test" in named
    assert named <= make_targets()


def test_make_alone_lists_every_target() -> None:
    """`make` without a target prints a line for every target."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    listed = set(re.findall(r'^\t@echo "make ([a-z-]+) ', makefile, flags=re.MULTILINE))
    assert listed == make_targets() - {"help"}
