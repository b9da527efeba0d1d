"""README and the pages of docs/ do what they show: commands, output, Python, excerpts and links.

What a page shows is taken in order, in a folder with nothing but a link to the policies of the repository. A comment
on the line before a fenced block says what the block is:

    <!-- file: NAME -->            it is a file, written under this name; with `, goes on` it is added to that file
    <!-- part of: PATH -->         it stands word for word in this file of the repository
    <!-- exit code: N -->          its commands end with this code, not with 0
    <!-- printed -->               it is what the Python above it prints
    <!-- change: NAME: A -> B -->  not before a block: in the file, A becomes B

A line of output that is nothing but `…` stands for any number of lines.
"""

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
README, DOCS = ROOT / "README.md", ROOT / "docs"
PAGES = [README, *sorted(DOCS.rglob("*.md"))]
NOT_RUN = {"make demo", "make test"}  # they make the environment that these tests run in, and run these tests

NOTE = r"<!-- ([a-z ]+)(?:: (.*?))? -->"
STEP = re.compile(rf"^<!-- change: (\S+): (.*?) -> (.*?) -->$|((?:^{NOTE}\n)*)^```(\w+)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def title(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


class Reader:
    """Follows a page in a folder, as its reader would."""

    def __init__(self, page: Path, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "page"}
        self.printed = ""

    def follow(self) -> None:
        text = self.page.read_text(encoding="utf-8")
        assert text.count("\n```") % 2 == 0, "a fenced block is not closed"
        for step in STEP.finditer(text):
            changed, old, new, before, _, _, language, block = step.groups()
            if changed is not None:
                self.change(self.folder / changed, old, new.replace("\\n", "\n"))
            else:
                line = text[: step.start()].count("\n") + before.count("\n") + 2
                self.take(dict(re.findall(NOTE, before)), language, block, line)

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def take(self, notes: dict[str, str], language: str, block: str, line: int) -> None:
        if "part of" in notes:
            assert block in (ROOT / notes["part of"]).read_text(encoding="utf-8"), f"line {line}: {notes['part of']}"
        if "file" in notes:
            self.write(*notes["file"].partition(", goes on")[:2], block)
        elif "printed" in notes:
            assert matches(block, self.printed), f"line {line}: Python prints\n{self.printed}"
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile("\n" * (line - 1) + block, str(self.page), "exec"), self.names)
            self.printed = out.getvalue()
        elif language == "console":
            self.run(block, int(notes.get("exit code", "0")))

    def write(self, name: str, goes_on: str, block: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        earlier = path.read_text(encoding="utf-8") + "\n" if goes_on else ""
        path.write_text(earlier + block, encoding="utf-8")

    def run(self, block: str, code: int) -> None:
        for command, shown in re.findall(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", block, re.M):
            if command.partition("#")[0].strip() in NOT_RUN:
                continue
            path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
            done = subprocess.run(
                ["bash", "-o", "pipefail", "-c", command], cwd=self.folder, env={**os.environ, "PATH": path},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60, check=False,
            )  # fmt: skip
            assert matches(shown, done.stdout), f"$ {command}\n{done.stdout}"
            assert done.returncode == code, f"$ {command} ends with {done.returncode}"


def matches(shown: str, came: str) -> bool:
    """Whether output is what is shown, `…` alone on a line standing for any lines."""
    lines = [r"(?:[^\n]*\n)*?" if line.strip() == "…" else re.escape(line) + "\n" for line in shown.splitlines()]
    return re.fullmatch("".join(lines), came) is not None


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_a_page_does_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of a page gives the output shown, its Python runs, its excerpts stand where they are said to."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "policies").symlink_to(ROOT / "policies")
    Reader(page, tmp_path).follow()


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=title)
def test_every_link_leads_somewhere(page: Path) -> None:
    """What a page links to in the repository exists."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_what_differs_is_noticed() -> None:
    """Output that is not what is shown does not pass; `…` passes for lines left out, and only on a line of its own."""
    assert matches("one\n…\nfour\n", "one\ntwo\nthree\nfour\n")
    assert matches("one\n…\n", "one\n")
    assert not matches("one\n", "one\ntwo\n")
    assert not matches("one … three\n", "one two three\n")


def test_readme_is_short() -> None:
    """README is read in one go: less than 150 lines."""
    assert len(README.read_text(encoding="utf-8").splitlines()) < 150
