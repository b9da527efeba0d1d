"""The files for editors: made from the grammar, understood as meant, and of one mind with the lexer."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces.colours.textmate import Highlighter
from tests.interfaces.colours.texts import ROOT, TEXTS

from si_rules import shipped
from si_rules.interfaces.colours.lexer import PolicyLexer
from si_rules.interfaces.colours.scanning import scan
from si_rules.interfaces.colours.textmate import SCOPE, SCOPES

EDITOR = shipped.grammar_folder() / "editor"
GRAMMAR = json.loads((EDITOR / "si-rules.tmLanguage.json").read_text(encoding="utf-8"))
CONFIGURATION = json.loads((EDITOR / "language-configuration.json").read_text(encoding="utf-8"))
MARKED = (Path(__file__).parent / "marked.policy.txt").read_text(encoding="utf-8")
MARK = re.compile(r"#(?: <(?P<start>-+)| *(?P<carets>\^+)) (?P<scope>[a-z.-]+)$")
SHARED = re.compile(  # what the engines of Python, TextMate and JavaScript read alike
    r'\\[bs.|()\-]|\(\?[:=!]|\((?!\?)|\[\^?(?:\\s|[^\]\\\[&])+\]|\{\d+\}|[A-Za-z0-9_ ,:"#%$^.*+?|)-]'
)


def marked() -> Iterator[tuple[int, int, int, str]]:
    """Each mark of the sample: the line it is about (counted without marks), from where to where, the scope."""
    line = -1
    for written in MARKED.splitlines():
        mark = MARK.match(written)
        if mark is None:
            line += 1
        elif mark["start"]:
            yield line, 0, len(mark["start"]), mark["scope"]
        else:
            yield line, *mark.span("carets"), mark["scope"]


MARKS = list(marked())
SAMPLE = "\n".join(line for line in MARKED.splitlines() if not MARK.match(line))
SEEN = Highlighter(GRAMMAR).highlight(SAMPLE)


def innermost(scopes: tuple[str, ...]) -> str:
    return scopes[-1].removesuffix(".si-rules")


@pytest.mark.parametrize(("line", "start", "end", "scope"), MARKS, ids=[f"{m[0]}-{m[1]}-{m[3]}" for m in MARKS])
def test_a_marked_piece_has_its_scope_and_no_more(line: int, start: int, end: int, scope: str) -> None:
    """The marked letters of the sample have the scope that stands beside the mark; the letters beside them have not."""
    found = [innermost(scopes) for scopes in SEEN[line]]
    assert found[start:end] == [scope] * (end - start)
    assert scope not in found[max(0, start - 1) : start] + found[end : end + 1]


def test_every_scope_is_marked_in_the_sample() -> None:
    """The sample has a piece of every sort that the grammar gives a scope to."""
    assert {mark[3] for mark in MARKS} == set(SCOPES.values())


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_an_editor_and_pygments_see_the_same(name: str, text: str) -> None:
    """The grammar in the file, read as an editor reads it, gives every letter what the lexer gives it."""
    seen = [scopes[-1] for line in Highlighter(GRAMMAR).highlight(text) for scopes in [*line, (SCOPE,)]]
    for piece in scan(text):
        scope = f"{SCOPES[piece.role]}.si-rules" if piece.role in SCOPES else SCOPE
        for place, letter in enumerate(piece.text, piece.start):
            assert letter in " \n" or seen[place] == scope, (piece, text[place - 20 : place + 20])


def test_the_files_are_current() -> None:
    """The files of grammar/editor/ are what docs/generate_editor.py would write."""
    command = [sys.executable, str(ROOT / "docs" / "generate_editor.py"), "--check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def patterns(node: Any) -> Iterator[str]:
    """Every pattern in a grammar."""
    for key, value in node.items():
        if key in ("match", "begin", "end"):
            yield value
        elif key == "patterns":
            for inner in value:
                yield from patterns(inner)


def test_the_patterns_are_of_the_kind_that_all_engines_read() -> None:
    """No pattern has anything but letters, sets, groups that are counted or not, looks ahead and repetitions."""
    found = [*patterns(GRAMMAR), CONFIGURATION["onEnterRules"][0]["beforeText"], CONFIGURATION["wordPattern"]]
    assert len(found) > 20
    for pattern in found:
        assert SHARED.sub("", pattern) == "", pattern
        re.compile(pattern)
    for wrong in (r"(?P<a>x)", r"(?<=x)y", r"(?i)x", r"\Ax", r"x{1,}+", r"\px", r"[a&&b]", r"(?>x)"):
        assert SHARED.sub("", wrong) != "", wrong


def test_the_extension_names_files_that_are_there() -> None:
    """package.json names the two files, the scope of the grammar, and the endings that the lexer knows."""
    package = json.loads((EDITOR / "package.json").read_text(encoding="utf-8"))["contributes"]
    (language,), (grammar,) = package["languages"], package["grammars"]
    assert (EDITOR / language["configuration"]).is_file()
    assert json.loads((EDITOR / grammar["path"]).read_text(encoding="utf-8"))["scopeName"] == grammar["scopeName"]
    assert grammar["language"] == language["id"]
    assert [f"*{ending}" for ending in language["extensions"]] == PolicyLexer.filenames
    assert GRAMMAR["fileTypes"] == [ending.removeprefix(".") for ending in language["extensions"]]


BEFORE = re.compile(CONFIGURATION["onEnterRules"][0]["beforeText"])


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_where_an_editor_indents_a_block_follows(name: str, text: str) -> None:
    """In no text does a line after which an editor indents stand without a block under it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line, following in pairwise(lines):
        if BEFORE.match(line):
            assert len(following) - len(following.lstrip()) > len(line) - len(line.lstrip()), (line, following)


@pytest.mark.parametrize(
    "line",
    [
        'fact a "x"',
        "legend",
        '  class 4 "x"',
        "  holds when all of",
        "  holds when at least 2 of  # of these",
        '    or clause 4a "x", any of',
        "    - none of",
        "    what follows",
        "  when unmatched",
        "  expect",
        "  cases",
        "  adds up",
        "  except when has no plan",
        'table a "x"',
        'matrix a "x" : percent',
    ],
)
def test_an_editor_indents_after_what_opens_a_block(line: str) -> None:
    """After a line that must have a block under it, the next begins indented."""
    assert BEFORE.match(line)


@pytest.mark.parametrize(
    "line", ['source P "x"', 'party a "x"', "  cites P", "    - judgement a is yes", "# legend", "  | a || b |"]
)
def test_an_editor_goes_on_at_the_same_depth_elsewhere(line: str) -> None:
    """After a line that never has a block under it, the next begins where it began."""
    assert not BEFORE.match(line)
