"""The grammar and the parser."""

import re
from pathlib import Path

import pytest
from lark import Lark

from si_rules import shipped
from si_rules.source.screening import read_source
from si_rules.syntax import tree
from si_rules.syntax.builder import TreeBuilder
from si_rules.syntax.grammar import keywords, parser
from si_rules.syntax.layout import BlockLayout
from si_rules.syntax.parsing import comments_of, parse_file

POLICIES = sorted(path for path in shipped.policies_folder().rglob("*") if path.suffix in (".policy", ".vocabulary"))


@pytest.mark.parametrize("name", ["policy", "scenarios"])
def test_no_two_terminals_collide(name: str) -> None:
    """The grammar builds as LALR(1) with the contextual lexer in strict mode, which finds colliding terminals."""
    path = shipped.grammar_folder() / f"{name}.lark"
    Lark(
        path.read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        strict=True,
        start="declaration",
        postlex=BlockLayout(),
        import_paths=[str(path.parent)],
        source_path=str(path),
    )


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_the_shipped_files_parse_with_every_comment_kept(path: Path) -> None:
    """Every shipped file parses without a remark, and each comment line is among its comments."""
    source, found = read_source(path.name, path.read_bytes())
    file, mistakes = parse_file(source)
    assert found + mistakes == []
    written = [line.strip() for line in source.text.splitlines() if line.strip().startswith("#")]
    assert [comment.text for comment in file.comments if comment.own_line] == written


def test_every_keyword_is_offered_in_words_that_are_read_as_it() -> None:
    """What is offered as a keyword is that keyword, word for word."""
    terminals = {terminal.name: terminal.pattern.to_regexp() for terminal in parser("policy", TreeBuilder).terminals}
    offered = [name for name in keywords() if name in terminals]
    assert len(offered) > 150
    assert [name for name in offered if not re.fullmatch(terminals[name], keywords()[name])] == []


def test_trees_that_say_the_same_are_equal_wherever_they_stand() -> None:
    """Blank lines, comments, depth of indentation and place make no difference to the tree."""
    one, _ = read_source("a", b'fact a "x"\n  cites SRC "1"\n  holds when b is yes\n')
    two, _ = read_source("b", b'\n# c\nfact  a "x" # d\n\n     cites SRC "1"\n # e\n     holds  when b  is yes')
    assert parse_file(one)[0].declarations == parse_file(two)[0].declarations


def test_a_mark_inside_a_quotation_begins_no_comment() -> None:
    """`#` in a quoted sentence is part of it."""
    source, _ = read_source("a", b'fact a "no. #1" # yes\n')
    assert [comment.text for comment in comments_of(source)] == ["# yes"]


def test_a_mistake_does_not_hide_the_declarations_around_it() -> None:
    """The good declarations of a file come back beside the mistake in another."""
    text = b'party a "x"\nfact b "x"\n  hold when c is yes\nparty d "x"\n'
    source, _ = read_source("a", text)
    file, mistakes = parse_file(source)
    assert [item.code for item in mistakes] == ["SI201"]
    assert [item.name.text for item in file.declarations if isinstance(item, tree.Named)] == ["a", "d"]


def test_two_mistakes_in_one_declaration_are_both_found() -> None:
    """A faulty line is left out and the rest of the declaration read again."""
    text = b'fact a "x"\n  citse SRC "1"\n  holds when all of\n    - b is yes\n    - c < 5%\n'
    source, _ = read_source("a", text)
    _, mistakes = parse_file(source)
    assert [(item.code, source.place(item.span.start)[0]) for item in mistakes] == [("SI201", 2), ("SI206", 5)]
