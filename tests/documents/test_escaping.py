"""Plain text stays plain text in Markdown and in HTML, whatever it holds."""

import pytest
from hypothesis import given, strategies as st
from tests.documents.reading import Page, page_of_markdown

from si_rules.documents import as_html, as_markdown
from si_rules.documents.blocks import Heading, Item, Items, Notice, Table, Text
from si_rules.documents.escaping import in_html, in_markdown, one_line

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</p></li></ul></section>", "&lt;b&gt; & &amp; &#60;",
    "[link](http://a.example)", "![x](http://a.example/x.png)", "[a]: http://a.example", "http://a.example www.a.example a@b.example",
    "# heading", "1. item", "12) item", "- item", "+ item", "* item", "--- ", "===", "> quote", "`code` ```x", "**bold** _it_ ~~no~~",
    "a | b | c", "|---|---|", "x\\", "\\*", "{{ 7 * 7 }}{% raw %}", "{: .x }", "a\n\n# b", "a\r\n- b", "a\u2028# b", "a\x00b",
    "\u202ereversed", "\ufeffa\u200bb", "    four blanks", "St Mary's \"Upper\" School", "-3", "12.5%", "Ysgol y Tŵr",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_shown_and_not_carried_out(text: str) -> None:
    """In every block, as Markdown and as HTML, the words are those of the text and the tags those of the block."""
    blocks = [
        Heading(2, text, text), Text(text, text, text), Items([Item(text, text, text, (Item(text),))]),
        Table(("A", "B"), ((text, text),), frozenset({1})), Notice((Text(text),)),
    ]  # fmt: skip
    wanted = sorted(one_line(text).split())
    page = Page(as_html.html(blocks))
    rendered = page_of_markdown(as_markdown.markdown(blocks))
    tags = {"h2", "p", "strong", "cite", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "aside", "blockquote"}
    for found in (page, rendered):
        assert set(found.tags) <= tags
        shown = sorted(
            word for word in " ".join(found.texts).replace("[", " ").replace("]", " ").split() if word not in "AB"
        )
        plain = sorted(
            word for word in " ".join(wanted).replace("[", " ").replace("]", " ").split() if word not in "AB"
        )
        assert shown == sorted(plain * 11)
    assert all(name in ("id", "class", "scope") for name, _ in page.attributes)


@given(st.text(max_size=80))
def test_markdown_gives_back_the_text(text: str) -> None:
    """Of any text whatever, Markdown shows the words it has, in a paragraph of nothing else."""
    page = page_of_markdown(as_markdown.markdown([Text(text)]))
    assert set(page.tags) <= {"p"}
    assert "".join(page.texts).split() == one_line(text).split()


@given(st.text(max_size=80))
def test_html_gives_back_the_text(text: str) -> None:
    """Of any text whatever, HTML shows the words it has."""
    page = Page(f'<p title="{in_html(text)}">{in_html(text)}</p>')
    assert page.tags == ["p"]
    assert page.attributes == [("title", one_line(text))]
    assert page.words == one_line(text).split()


def test_ordinary_text_is_left_alone() -> None:
    """Names, numbers and sentences read the same in Markdown as they are."""
    for text in ("Wintersfield Primary School (990001)", "64.5%, up 2 points", "2015-09-01", "“so” — said"):
        assert in_markdown(text) == text
