"""The one layout: what it looks like, that it says the same, and that a fault in it is caught."""

import os
import random
import re
from pathlib import Path

import pytest
from tests.conformance import test_conformance as conformance

from si_rules import shipped
from si_rules.source.screening import LONGEST_LINE, read_source
from si_rules.source.text import Source
from si_rules.syntax import formatting
from si_rules.syntax.alignment import aligned
from si_rules.syntax.builder import TreeBuilder
from si_rules.syntax.formatting import Language, LayoutFault, hold_against, lay_out
from si_rules.syntax.grammar import parser
from si_rules.syntax.parsing import parse_declarations, parse_file

LONG = os.environ.get("SI_RULES_LONG") == "1"
SUFFIXES = (".policy", ".vocabulary", ".scenarios")
PROGRAMS = [
    pytest.param(body, id=f"{file}: {title}")
    for folder in ("behaviour", "decisions")
    for file, title, _, body in conformance.written(folder)
]
SHIPPED = sorted(path for path in shipped.policies_folder().rglob("*") if path.suffix in SUFFIXES)


def source_of(text: str) -> Source:
    source, found = read_source("text", text.encode())
    assert found == []
    return source


def laid_out(text: str, language: Language = "policy") -> str:
    """The layout of a text, of which it is held here that it stays."""
    laid, found = lay_out(source_of(text), language)
    assert found == []
    assert lay_out(source_of(laid), language) == (laid, [])
    return laid


def language_of(path: Path) -> Language:
    return "scenarios" if path.suffix == ".scenarios" else "policy"


# ---- the same said


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_file_squeezed_and_spread_comes_back(path: Path) -> None:
    """With four spaces a step, without blank lines or with three, a shipped file has its own layout again."""
    text = path.read_text(encoding="utf-8")
    spread = re.sub(r"^ +", lambda match: match.group() * 2, text, flags=re.M).replace("\n\n", "\n  \n\n\n")
    assert laid_out(spread, language_of(path)) == text


@pytest.mark.parametrize("body", PROGRAMS)
def test_a_conformance_program_says_the_same(body: str) -> None:
    """Programs and scenarios that define the language have the same tree and comments when laid out."""
    texts: list[tuple[str, Language]] = [
        (conformance.in_bytes(text).decode(), "policy") for text in conformance.files_of(body).values()
    ]
    texts += [
        (conformance.HEADER + text, "scenarios") for name, text in conformance.parts_of(body) if name == "scenarios"
    ]
    for text, language in texts:
        laid = laid_out(text, language)
        source, again = source_of(text), source_of(laid)
        if language == "policy":
            assert parse_file(again)[0] == parse_file(source)[0]
        else:
            lark = parser("scenarios", formatting.ScenarioBuilder)
            assert parse_declarations(again, lark) == parse_declarations(source, lark)


# ---- the layout


def test_words_spaces_and_comments_have_their_places() -> None:
    """Two spaces a step, one between words, none before a comma, two before a comment; keywords on one line of spaces."""
    written = (
        'evidence   a  "x"# first\n'
        "     scale  from best   to worst :one ,two,  three   #second\n"
        '      # third\n     shown   to chair,officers\nfact b "x"\n'
        " holds   when ( a is one or  better and(c is yes))\n"
        " what follows\n  school may act,for  grown schools ,if c is yes\n"
    )
    assert laid_out(written) == (
        'evidence a "x"  # first\n'
        "  scale from best to worst: one, two, three  #second\n"
        "  # third\n"
        "  shown to chair, officers\n"
        "\n"
        'fact b "x"\n'
        "  holds when (a is one or better and (c is yes))\n"
        "  what follows\n"
        "    school may act, for grown schools, if c is yes\n"
    )


def test_a_colon_stands_apart_after_what_is_named_only() -> None:
    """As the shipped policies have it: `"title" : percent`, `gives fee : copies`, `for 2013-14: 65%`."""
    assert (
        laid_out('parameter a "x":percent\n  for 2013-14 :65%\n') == 'parameter a "x" : percent\n  for 2013-14: 65%\n'
    )


def test_words_that_touch_are_set_apart() -> None:
    """`11pupils` is a number and a word, and is written as two."""
    assert laid_out('fact a "x"\n  holds when b is at least 11pupils\n').endswith("b is at least 11 pupils\n")


def test_a_quotation_stands_on_one_line() -> None:
    """Line ends and runs of spaces in a quotation count once, also where `#` and commas stand in it."""
    written = 'source SRC "  one,\n   two  # three\n     four"  # five\n'
    assert laid_out(written) == 'source SRC "one, two # three four"  # five\n'


def test_a_line_that_could_not_be_read_again_runs_over() -> None:
    """A quotation that makes its line too long is run over lines of 120 columns, indented under its line."""
    words = " ".join(f"word{number}" for number in range(400))
    written = 'fact a "x"\n  interpretation A-1 "' + re.sub("(9[0-9]) ", r"\1\n   ", words) + '"  # why\n'
    assert len(words) > LONGEST_LINE
    lines = laid_out(written).split("\n")
    assert lines[1].startswith('  interpretation A-1 "word0 word1')
    assert all(line.startswith("      word") and len(line) <= 120 for line in lines[2:-2])
    assert lines[-2].endswith('word399"  # why')


def test_blank_lines_are_kept_one_at_a_time() -> None:
    """A run of blank lines is one; a declaration of several lines is set apart, those of one line stay together."""
    written = (
        '\n\n# head\nparty a "x"\nparty b "x"\n\n\n  \naction c "x"\n# about d\nfact d "x"\n\n'
        '  cites SRC "1"\n\n\n  holds when b is yes\nparty e "x"\nfact f "x"\n  holds when b is yes\n\n\n'
    )
    assert laid_out(written) == (
        '# head\nparty a "x"\nparty b "x"\n\naction c "x"\n\n# about d\nfact d "x"\n\n'
        '  cites SRC "1"\n\n  holds when b is yes\n\nparty e "x"\n\nfact f "x"\n  holds when b is yes\n'
    )


def test_a_comment_stands_with_what_follows_it() -> None:
    """A comment takes the depth of the next line; where blocks close, its column says in which it stays."""
    written = (
        'fact a "x"\n# one\n  holds when all of\n# two\n    - b is yes\n      # three\n    # four\n  # five\n'
        '    # six\n\n  cites SRC "1"\n    # seven\n\n# eight\n  # nine\nparty p "x"\n    # ten\n'
    )
    assert laid_out(written) == (
        'fact a "x"\n  # one\n  holds when all of\n    # two\n    - b is yes\n    # three\n    # four\n  # five\n'
        '  # six\n\n  cites SRC "1"\n  # seven\n\n# eight\n# nine\nparty p "x"\n# ten\n'
    )


def test_comments_alone_are_a_file() -> None:
    """A file with nothing but comments is laid out too."""
    written = "\n   # one\n\n\n# two   \n\n"
    assert laid_out(written) == "# one\n\n# two\n"
    assert [comment.text for comment in parse_file(source_of(written))[0].comments] == ["# one", "# two"]


# ---- tables


def test_a_table_of_a_policy_before_and_after() -> None:
    """Head and rows are aligned across the comments between them; each table has widths of its own."""
    written = (
        'table place "x"\n  exactly one row matches\n  gives room:one of hall,cellar\n  gives fee : copies\n'
        "  |shelf|worn   ||room|fee|\n  # the open shelf\n"
        "    # is dear\n  |open|from 5% to  10%  ||cellar|3copies|# dear\n"
        "  |closed,store| ||hall|  (a plus b )times 2 |\n"
        'table count_of "x"\n  the number of rows that match\n  |worn|\n  |at   least 5%and under 6%|\n  | |\n'
    )
    assert laid_out(written) == (
        'table place "x"\n  exactly one row matches\n  gives room : one of hall, cellar\n  gives fee : copies\n'
        "  | shelf         | worn           || room   | fee                |\n"
        "  # the open shelf\n  # is dear\n"
        "  | open          | from 5% to 10% || cellar | 3 copies           |  # dear\n"
        "  | closed, store |                || hall   | (a plus b) times 2 |\n"
        '\ntable count_of "x"\n  the number of rows that match\n'
        "  | worn                     |\n  | at least 5% and under 6% |\n  |                          |\n"
    )


def test_a_matrix_before_and_after() -> None:
    """The cells above and beside the double bar are aligned; an empty cell stays one."""
    written = (
        'matrix danger "x":percent\n down condition\n across rare\n'
        " | || no| |\n |fine,fair||low|middling|\n |poor or   worse||5%|a divided by b|  # worst\n"
    )
    assert laid_out(written) == (
        'matrix danger "x" : percent\n  down condition\n  across rare\n'
        "  |               || no  |                |\n"
        "  | fine, fair    || low | middling       |\n"
        "  | poor or worse || 5%  | a divided by b |  # worst\n"
    )


def test_a_table_of_cases_before_and_after() -> None:
    """Cells are laid out like words of a line, names of cases like quotations; a bar in one is no bar."""
    written = (
        'scenario "x"\n cases\n  |case|latest  worn||fact a|care|\n'
        '  |" one |  1 , a"|21%||holds|high ,because  h|#why\n'
        "  | |not   published||does  not hold|undetermined,between high and low|\n"
    )
    assert laid_out(written, "scenarios") == (
        'scenario "x"\n  cases\n'
        "    | case          | latest worn   || fact a        | care                               |\n"
        '    | "one | 1 , a" | 21%           || holds         | high, because h                    |  #why\n'
        "    |               | not published || does not hold | undetermined, between high and low |\n"
    )


def test_a_wide_table_is_not_wrapped() -> None:
    """Each row stays on a line of its own and is aligned beyond 120 columns, as far as lines are read."""
    cells = "|".join(f"value_{number}" for number in range(20))
    written = f'table a "x"\n  the number of rows that match\n  |{cells}|\n  |{"|".join("a" * 20)}|\n'
    head, row = laid_out(written).split("\n")[2:4]
    assert len(head) == len(row) == len("  |") + 10 * len(" value_1 |") + 10 * len(" value_10 |")
    assert [place for place, letter in enumerate(head) if letter == "|"] == [
        place for place, letter in enumerate(row) if letter == "|"
    ]


def test_a_table_that_is_too_wide_when_aligned_is_not_aligned() -> None:
    """Where padding would make a line of a table too long to be read, each row is as wide as its own cells."""
    long = ", ".join(f"value_{number}" for number in range(150))
    written = f'table a "x"\n  the number of rows that match\n  | b | c |\n  | {long} | |\n  | | {long} |\n'
    assert laid_out(written).split("\n")[2:] == ["  | b | c |", f"  | {long} | |", f"  | | {long} |", ""]


def test_a_row_that_is_too_long_to_be_read_is_told_and_not_run_over() -> None:
    """A quotation in a row holds no line end, so that a row which grows too long is told to the author."""
    row = f'    |"{"word " * 380}"|' + ",".join(["a"] * 40) + "||holds|\n"
    text, (found,) = lay_out(source_of(f'scenario "x"\n  cases\n    |case|a||fact b|\n{row}'), "scenarios")
    assert found.code == "SI108"
    assert row in text


@pytest.mark.parametrize(
    ("row", "other", "same"),
    [
        ("| a |b || c|", "|a|  b||c |", True),
        ('|"a  b" |c|', '| " a b"| c |', True),
        ("| a ,because b |", "|a, because b|", True),
        ("| a | |b|", "| a || b |", False),
        ("| a b |", "| ab |", False),
        ('| "a b" |', '| "ab" |', False),
        ('| "a" |', "| a |", False),
        ('| "a | b" |', '| "a " | "b" |', False),
    ],
)
def test_rows_are_equal_when_their_pieces_are(row: str, other: str, same: bool) -> None:
    """The tree of a row knows nothing of the spaces around its pieces, and everything else."""
    texts = [f'scenario "x"\n  cases\n    {written}\n' for written in (row, other)]
    lark = parser("scenarios", formatting.ScenarioBuilder)
    one, two = (parse_declarations(source_of(text), lark)[0] for text in texts)
    assert (one == two) is same


def test_bars_stand_under_each_other() -> None:
    """Cells are as wide as the widest of their column; a double bar stays double, an empty cell is empty."""
    rows = [
        "| term|phase ||package|tariff |",
        '|autumn|   infant, junior, special||"a | b"| 1.5 days|',
        "| | ||none | |",
    ]
    assert aligned(rows) == [
        "| term   | phase                   || package | tariff   |",
        '| autumn | infant, junior, special || "a | b" | 1.5 days |',
        "|        |                         || none    |          |",
    ]
    assert aligned(aligned(rows)) == aligned(rows)


def test_an_empty_column_keeps_a_space() -> None:
    """Two single bars never come to touch, which would make a double one of them."""
    assert aligned(["|a| |b|"]) == ["| a |  | b |"]
    assert aligned(["|a| |b|", "|cc||d|"]) == ["| a  |    | b |", "| cc || d |"]


def test_rows_of_random_cells_keep_their_cells() -> None:
    """Over random tables: aligned again they stay, every cell is kept, and equal rows have equal widths."""
    chance = random.Random(20151104)
    for _ in range(200):
        bars = [chance.choice(("|", "|", "||")) for _ in range(chance.randint(2, 5))]
        cells = [[chance.choice(("", "a", "infant, junior", '"x | y"', "5%")) for _ in bars[1:]] for _ in range(4)]
        spaces = [" " * chance.randrange(3) for _ in range(60)]
        rows = [
            bars[0] + "".join(f" {chance.choice(spaces)}{cell}{chance.choice(spaces)}{bar}" for cell, bar in pairs)
            for pairs in (list(zip(row, bars[1:], strict=True)) for row in cells)
        ]
        laid = aligned(rows)
        assert aligned(laid) == laid
        assert len({len(row) for row in laid}) == 1
        for row, line in zip(cells, laid, strict=True):
            outside = re.sub(r'"[^"]*"', lambda quotation: quotation.group().replace("|", "/"), line)
            assert [part.strip() for part in re.split(r"\|\|?", outside)[1:-1]] == [c.replace("|", "/") for c in row]


# ---- what is refused, and what is caught


def test_a_text_that_does_not_parse_stays() -> None:
    """A mistake in one declaration keeps the file as it is; all its mistakes are told."""
    source = source_of('party   a "x"\nfact b "x"\n  hold when c is yes\n')
    text, found = lay_out(source, "policy")
    assert text == source.text
    assert [item.code for item in found] == ["SI201"]


def test_a_line_the_layout_would_make_too_long_is_told() -> None:
    """Names without spaces after their commas may grow past what is read: the author's line is named."""
    names = ",".join(["n"] * 900)
    source = source_of(f'party b "x"\nevidence a "x"\n  one of {names}\n')
    text, (found,) = lay_out(source, "policy")
    assert text == source.text
    assert found.code == "SI108"
    assert source.place(found.span.start)[0] == 3
    assert "laid out, the line has 2,707 characters" in found.message


def test_a_file_the_layout_would_make_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """So may a whole file."""
    monkeypatch.setattr(formatting, "MOST_BYTES", 40)
    source = source_of('evidence a "x"\n  one of n,n,n,n,n,n,n')
    text, (found,) = lay_out(source, "policy")
    assert (text == source.text, found.code) == (True, "SI105")
    assert "laid out, the file has 44 bytes; at most 40 are read" in found.message


def test_lists_hundreds_deep_are_laid_out() -> None:
    """However deep lists stand in each other, the trees are compared."""
    deep = "".join(f"{' ' * depth}- any of\n" for depth in range(2, 700)) + " " * 700 + "- b is yes\n"
    laid = laid_out('fact a "x"\n holds when all of\n' + deep)
    assert laid.count("\n") == 701
    assert parse_file(source_of(laid))[1] == []


def test_a_token_dropped_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A formatter that loses one token, wherever it is, is stopped by the comparison with the original.

    With SI_RULES_LONG=1 more tokens of each shipped file are tried.
    """
    chance = random.Random(20151104)
    right = formatting.spaced
    for path in SHIPPED:
        source, _ = read_source(path.name, path.read_bytes())
        lark = parser("policy", TreeBuilder) if language_of(path) == "policy" else None
        lark = lark or parser("scenarios", formatting.ScenarioBuilder)
        lines = formatting.lines_of(source, lark)[1]
        for _ in range(30 if LONG else 3):
            faulty = chance.choice(lines)
            lost = chance.choice(faulty.tokens)
            with monkeypatch.context() as patch:
                patch.setattr(
                    formatting,
                    "spaced",
                    lambda tokens, lost=lost: right(t for t in tokens if t.start_pos != lost.start_pos),
                )
                with pytest.raises(LayoutFault):
                    lay_out(source, language_of(path))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('fact a "x"  # c\n  holds when b is no\n', "something else"),
        ('fact a "x"  # c\n', "cannot be read"),
        ('fact a "y"  # c\n  holds when b is yes\n', "something else"),
        ('fact a "x"\n  holds when b is yes\n', "a comment"),
        ('# c\nfact a "x"\n  holds when b is yes\n', "a comment"),
        ('fact a "x"  # d\n  holds when b is yes\n', "a comment"),
        ('fact a "x"  # c\n\tholds when b is yes\n', "cannot be read"),
        ('fact a "x"  # c\n  holds when b is yes\nparty p "x"\n', "something else"),
    ],
)
def test_a_text_that_says_something_else_is_no_layout(text: str, words: str) -> None:
    """Another value, another sentence, a comment lost, moved or changed: each is refused."""
    lark = parser("policy", TreeBuilder)
    source = source_of('fact a "x" # c\n  holds when b is yes\n')
    declarations = parse_declarations(source, lark)[0]
    hold_against(source, declarations, 'fact a "x"  # c\n  holds when b is yes\n', lark)
    with pytest.raises(LayoutFault, match=words):
        hold_against(source, declarations, text, lark)
