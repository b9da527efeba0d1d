"""Everything written in the language here is laid out as `si-rules fmt` would."""

import re
from pathlib import Path

import pytest

from si_rules.interfaces.cli.fmt import SUFFIXES, difference, laid_out

ROOT = Path(__file__).resolve().parents[2]
NO_FILE_BY_ITSELF = {"prelude.policy"}  # the conformance tests put the legend into it
FILES = sorted(
    path
    for folder in ("policies", "examples", "benchmarks", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in SUFFIXES and path.name not in NO_FILE_BY_ITSELF
)
PAGES = sorted((ROOT / "docs").rglob("*.md"))


def titled(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_files_of_every_sort() -> None:
    """Policies, vocabularies and scenarios are among what is looked at."""
    assert {path.suffix for path in FILES} == set(SUFFIXES)


@pytest.mark.parametrize("path", FILES, ids=titled)
def test_a_file_is_laid_out(path: Path) -> None:
    """`si-rules fmt` would change nothing."""
    data = path.read_bytes()
    laid, found = laid_out(path.name, data)
    assert found == []
    assert laid == data, difference(titled(path), data, laid)


def test_pages_show_the_one_layout() -> None:
    """A block of a page that can be read by itself is laid out as a file would be."""
    looked_at = 0
    for page in PAGES:
        for block in re.findall(r"^```policy\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
            scenarios = re.match(r"(scenarios?|background)\b", block)
            laid, found = laid_out("block.scenarios" if scenarios else "block.policy", block.encode())
            looked_at += not found
            assert laid == block.encode(), difference(titled(page), block.encode(), laid)
    assert looked_at > 10
