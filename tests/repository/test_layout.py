"""Everything written in the language here is laid out as `si-rules fmt` would."""

import re
from pathlib import Path

import pytest

from si_rules.interfaces.cli.fmt import SUFFIXES, difference, laid_out

ROOT = Path(__file__).resolve().parents[2]
NO_FILE_BY_ITSELF = {"prelude.policy"}  # the conformance tests put the legend into it
FILES = sorted(
    path
    for folder in ("policies", "examples", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in SUFFIXES and path.name not in NO_FILE_BY_ITSELF
)
PAGES = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "```policy\n" in page.read_text(encoding="utf-8")]


def titled(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_files_of_every_sort() -> None:
    """Policies, vocabularies and scenarios are among what is looked at, and so are pages."""
    assert {path.suffix for path in FILES} == set(SUFFIXES)
    assert PAGES


@pytest.mark.parametrize("path", FILES, ids=titled)
def test_a_file_is_laid_out(path: Path) -> None:
    """`si-rules fmt` would change nothing."""
    data = path.read_bytes()
    laid, found = laid_out(path.name, data)
    assert found == []
    assert laid == data, difference(titled(path), data, laid)


@pytest.mark.parametrize("page", PAGES, ids=titled)
def test_a_page_shows_the_one_layout(page: Path) -> None:
    """A block of a page that holds whole declarations is laid out as a file would be."""
    for block in re.findall(r"^```policy\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
        scenarios = re.match(r"(scenarios?|background)\b", block)
        data = block.encode()
        laid, found = laid_out("page.scenarios" if scenarios else "page.policy", data)
        assert found == []
        assert laid == data, difference(titled(page), data, laid)
