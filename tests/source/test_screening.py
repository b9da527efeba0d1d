"""What is seen in a text before it is parsed."""

import pytest

from si_rules.source.rendering import render
from si_rules.source.screening import read_source


def codes(data: bytes) -> list[str]:
    return [item.code for item in read_source("x.policy", data)[1]]


def test_line_ends_a_byte_order_mark_and_a_missing_newline_make_no_difference() -> None:
    """Windows and old Mac line ends, a byte order mark and a missing final newline give the same text."""
    plain = read_source("x", b"policy a\n  title x\n")[0].text
    for other in (b"policy a\r\n  title x\r\n", b"policy a\r  title x", b"\xef\xbb\xbfpolicy a\n  title x"):
        source, found = read_source("x", other)
        assert source.text == plain
        assert found == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("policy a\n\ttitle x\n", "SI101"),
        ("policy a\n  title “x”\n", "SI102"),
        ("policy\u00a0a\n", "SI103"),
        ("policy a\n  • x\n", "SI104"),
        ("fact a\n  2014–15\n", "SI104"),
        ("", "SI107"),
        ("  \n\n", "SI107"),
        ("x" * 3000, "SI108"),
        ("a " + "(" * 200, "SI109"),
        ("policy \x00a\n", "SI110"),
        ('policy "a\nfact b\n', "SI111"),
    ],
)
def test_what_a_word_processor_slips_in_is_found_once(text: str, code: str) -> None:
    """Each stray letter, size or open quotation draws one finding with its own code."""
    assert codes(text.encode()) == [code]


def test_stray_letters_are_fine_inside_quotations_and_comments() -> None:
    """Dashes, curly marks and bullets may stand in quoted sentences and comments."""
    assert codes('a "“x” – y • z" # “–”\n'.encode()) == []


def test_bytes_that_are_no_utf8_are_placed() -> None:
    """The finding stands where the text stops being UTF-8."""
    source, found = read_source("x", b"policy a\n  title \xe9\n")
    assert [item.code for item in found] == ["SI106"]
    assert source.place(found[0].span.start)[0] == 2


def test_a_file_too_large_is_not_read() -> None:
    """More than two million bytes draw one finding and no text."""
    source, found = read_source("x", b"a" * 2_000_001)
    assert [item.code for item in found] == ["SI105"]
    assert source.text == "\n"


def test_a_finding_is_drawn_with_its_line_and_the_words_underlined() -> None:
    """The rendering shows code, place, line, underline and remedy."""
    _, found = read_source("a.policy", b"policy a\n\ttitle x\n")
    assert render(found[0]) == (
        "error SI101: a tab stands here\n"
        "  --> a.policy:2:1\n"
        "    |\n"
        "  2 |  title x\n"
        "    | ^\n"
        "  help: indent with spaces: two for each step"
    )


def test_an_unclosed_quotation_is_blamed_where_it_opens() -> None:
    """A quotation that runs into the next one is reported at its own first line."""
    source, found = read_source("x", b'fact a "x\n  cites SRC "1"\n  holds\n')
    assert [source.place(item.span.start)[0] for item in found] == [1]
