"""The colours of policies: every word has one, by the grammar, and nothing valid is shown as wrong."""

import subprocess
import sys
import time
import tomllib
from importlib import import_module

import pytest
from lark import Lark
from lark.lexer import PatternStr
from pygments.lexers import LEXERS
from pygments.token import Error
from tests.interfaces.colours.texts import ROOT, TEXTS

from si_rules import shipped
from si_rules.interfaces.colours.lexer import TOKENS, PolicyLexer
from si_rules.interfaces.colours.rules import Role, make_rules
from si_rules.interfaces.colours.scanning import scan
from si_rules.interfaces.colours.words import _without_groups, read_words, words
from si_rules.syntax.grammar import STARTS
from si_rules.syntax.layout import BlockLayout

TERMINALS = (shipped.grammar_folder() / "terminals.lark").read_text(encoding="utf-8")
ADDED = r"""
// ---- annexes: a section that is not there yet
ANNEX.3: /annex\b/
BOUND_IN.3: /, *bound +in +leather\b/
FOLDED.3: "folded to"
_DOUBLE_SLASH: "//"

// ---- conditions
LACKS.4: /lacks +any\b/

// ---- names and values
MONEY.7: /£[0-9]+(\.[0-9]+)?/
"""


def roles(text: str, **options: object) -> list[tuple[str, Role]]:
    return [(piece.text, piece.role) for piece in scan(text, **options) if piece.role is not Role.SPACE]


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[name for name, _ in TEXTS])
def test_no_valid_text_has_an_error_and_no_letter_is_lost(name: str, text: str) -> None:
    """Every shipped file, every valid case and every block of policy in the pages is coloured without an error."""
    tokens = list(PolicyLexer(stripnl=False, ensurenl=False).get_tokens(text))
    assert [letters for token, letters in tokens if token in Error] == []
    assert "".join(letters for _, letters in tokens) == text


def test_there_are_texts_of_every_sort() -> None:
    """The texts that are tried are files of each kind, cases and pages."""
    names = [name for name, _ in TEXTS]
    for ending in (".policy", ".vocabulary", ".scenarios"):
        assert [name for name in names if name.endswith(ending)]
    assert [name for name in names if name.startswith("truth: ")]
    assert [name for name in names if name.startswith("docs/reference/language.md, ")]


def test_what_is_not_of_the_language_is_an_error() -> None:
    """A sign that the language does not know is an Error token."""
    tokens = list(PolicyLexer().get_tokens("fact a\n  holds when worn < 5%\n"))
    assert [letters for token, letters in tokens if token in Error] == ["<"]


@pytest.mark.parametrize("name", STARTS)
def test_every_terminal_of_the_parser_is_among_the_words(name: str) -> None:
    """What is read from terminals.lark is what Lark reads from it: no terminal of the grammar is left out."""
    path = shipped.grammar_folder() / f"{name}.lark"
    text = path.read_text(encoding="utf-8")
    options = {"import_paths": [str(path.parent)], "source_path": str(path), "postlex": BlockLayout()}
    parser = Lark(text, parser="lalr", start=STARTS[name], **options)
    known = {word.name: word.pattern for word in words()}
    for terminal in parser.terminals:
        if terminal.name.startswith(("_IGNORE", "__IGNORE")):
            continue
        assert terminal.name in known, f"{terminal.name} is not in terminals.lark, or not as one pattern or text"
        if not isinstance(terminal.pattern, PatternStr):
            assert known[terminal.name] == _without_groups(terminal.pattern.value).replace("\n", r"\n")


def test_every_word_is_taken_whole() -> None:
    """No word of the language is coloured as a shorter one and a rest."""
    phrases = {"is not published": ["is", "not published"], "is not under": ["is not", "under"]}
    for phrase, parts in phrases.items():
        assert [text for text, _ in roles(f"  a {phrase}")][1:] == parts
    for word in words():
        plain = word.pattern.removesuffix(r"\b")
        if word.section != "names and values" and plain.replace(" +", " ").replace(",", "").replace(" ", "").isalpha():
            phrase = plain.replace(" +", " ").removeprefix(", *").removesuffix("?")
            before = "  x, " if plain.startswith(", *") else "  x "
            assert phrase in [text for text, role in roles(before + phrase) if role is not Role.NAME], word.name


def test_a_word_that_is_added_is_coloured_by_its_section() -> None:
    """A new terminal, a new value, and the words and signs of a new section need nothing said about them."""
    by = make_rules(tuple(read_words(TERMINALS + ADDED)))
    text = "annex one, bound in leather\n  holds when a lacks any grade and b is £5.50 folded to 2\n  a // b | c || d\n"
    found = roles(text, by=by)
    assert found[:4] == [
        ("annex", Role.DECLARATION),
        ("one", Role.DECLARED),
        (", ", Role.PUNCTUATION),
        ("bound in leather", Role.PROPERTY),
    ]
    assert ("lacks any", Role.CONDITION) in found
    assert ("£5.50", Role.NUMBER) in found
    assert ("folded to", Role.PROPERTY) in found
    assert [text for text, role in found if role is Role.PUNCTUATION][1:] == ["//", "|", "||"]


def test_a_word_is_a_name_where_it_begins_a_path_or_is_declared() -> None:
    """`in.force` is a name, and so is what follows a word that declares, whatever it is."""
    assert roles("  in.force is good") == [
        ("in.force", Role.NAME),
        ("is", Role.CONDITION),
        ("good", Role.NAME),
    ]
    assert roles('evidence date "x"')[:2] == [("evidence", Role.DECLARATION), ("date", Role.DECLARED)]


def test_a_quotation_that_is_not_closed_ends_at_a_blank_line_or_one_not_indented() -> None:
    """The rest of a file keeps its colours where a closing mark is missing; a quotation may run over indented lines."""
    for gap in ("\n\n", "\n"):
        assert ("fact", Role.DECLARATION) in roles(f'fact a "x{gap}fact b "y"\n')
    assert ("fact", Role.QUOTATION) not in roles('fact a "one\n  fact b"\n  cites P "1"\n')
    assert ("cites", Role.PROPERTY) in roles('fact a "one\n  fact b"\n  cites P "1"\n')


@pytest.mark.parametrize("piece", ["is ", ", ", '"', "9", "a.", "A-", "at least", "9 ", "\n", "\n ", "(", "legend\n "])
def test_colours_take_time_in_proportion_to_the_text(piece: str) -> None:
    """Thirty thousand letters of the same take seconds at most, also where a word and many spaces are left hanging."""
    begun = time.monotonic()
    assert sum(len(found.text) for found in scan(piece * (30_000 // len(piece)))) <= 30_000
    assert sum(len(found.text) for found in scan("  class" + " " * 30_000 + piece)) > 30_000
    assert time.monotonic() - begun < 20


def test_every_role_has_a_token() -> None:
    """Pygments is told of every sort of piece."""
    assert set(TOKENS) == set(Role)


def test_the_entry_point_names_the_lexer_and_its_names_are_free() -> None:
    """pyproject.toml registers the lexer, and no lexer that comes with Pygments has its names or its files."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    module, _, name = settings["project"]["entry-points"]["pygments.lexers"]["si-rules"].partition(":")
    assert getattr(import_module(module), name) is PolicyLexer
    assert {"si-rules", "policy"} <= set(PolicyLexer.aliases)
    for _, _, aliases, filenames, _ in LEXERS.values():
        assert not set(aliases) & set(PolicyLexer.aliases)
        assert not set(filenames) & set(PolicyLexer.filenames)


def test_pygments_is_loaded_only_for_the_lexer() -> None:
    """The library, its command line and the files for editors do without Pygments."""
    modules = "si_rules, si_rules.interfaces.cli.main, si_rules.interfaces.colours.textmate"
    code = f"import sys, {modules}\nprint([name for name in sys.modules if name.partition('.')[0] == 'pygments'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout == "[]\n"
