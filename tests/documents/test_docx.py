"""Drafts as Word documents: the words of the page, in its order; the same bytes every time."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from tests.documents.reading import Page
from tests.documents.test_case_drafts import DOCUMENTS, OF_CONCERN
from tests.interfaces.test_command_line import si_rules
from tests.pathways.cases import LIBRARY, history, school

from si_rules.documents import as_docx
from si_rules.documents.as_docx import docx_of
from si_rules.evidence.extras import ExtraMissing

docx = pytest.importorskip("docx", reason="python-docx is not installed")


def words_of(data: bytes) -> list[str]:
    """Every word of a document, in order, without the numbers of lists."""
    found: list[str] = []

    def take(holder: object) -> None:
        for item in holder.iter_inner_content():  # type: ignore[attr-defined]
            if hasattr(item, "rows"):
                for row in item.rows:
                    for cell in row.cells:
                        take(cell)
            else:
                text = item.text.partition(". ")[2] if item.style.name == "List Paragraph" else item.text
                found.extend(text.split())

    take(docx.Document(BytesIO(data)))
    return found


@pytest.mark.parametrize("name", ["warning_notice", "action_plan", "timeline", "concern_meeting_agenda"])
def test_a_word_document_says_what_the_page_says(name: str) -> None:
    """Notice, headings, lists and tables: the same words in the same order; drafted twice, the same bytes."""
    label = "St *Swithun* <b>& Co</b>"
    found = history(*OF_CONCERN).model_copy(update={"label": label})
    draft = DOCUMENTS.draft(name, found, on=date(2015, 11, 30), evidence=school(), library=LIBRARY)
    page = draft.texts["html"]
    data = docx_of(page, "A draft")
    assert words_of(data) == Page(page.partition("<body>")[2].partition("</body>")[0]).words
    assert label in " ".join(words_of(data))
    assert docx_of(page, "A draft") == data
    assert docx.Document(BytesIO(data)).core_properties.title == "A draft"


def test_what_no_file_of_word_may_hold_is_left_out() -> None:
    """Control characters go, unknown tags keep their words, and what is in no paragraph gets one."""
    page = (
        "<main>Loose \x0b words<section><p>one <em>two</em></p><ul><li>three<ul><li>four</li></ul></li></ul></section>"
    )
    assert words_of(docx_of(page, "\x00")) == ["Loose", "words", "one", "two", "three", "four"]


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to install."""
    monkeypatch.setattr(as_docx, "find_spec", lambda _: None)
    with pytest.raises(ExtraMissing, match=r"a Word document needs the extra `docx`: pip install 'si-rules\[docx\]'"):
        docx_of("<p>one</p>", "one")


def test_a_draft_is_written_to_a_file_by_its_ending_and_replaces_nothing(tmp_path: Path) -> None:
    """.md, .html and .docx; another ending, or a file that is there, is refused and nothing is written."""
    given = '{"subject": "990001", "events": [{"event": "identified", "date": "2015-09-10"}]}'
    case = ("case", "doncaster.school_improvement", "-", "--on", "2015-12-14", "--draft", "timeline", "--to")
    for ending, begins in ((".md", b"> **Draft.**"), (".html", b"<!DOCTYPE html>"), (".docx", b"PK")):
        done = si_rules(*case, str(tmp_path / f"plan{ending}"), given=given)
        assert (done.returncode, done.stdout) == (0, "")
        assert (tmp_path / f"plan{ending}").read_bytes().startswith(begins)
    again = si_rules(*case, str(tmp_path / "plan.docx"), given=given)
    assert again.returncode == 2
    assert "is there already; a draft replaces nothing" in again.stderr
    other = si_rules(*case, str(tmp_path / "plan.odt"), given=given)
    assert other.returncode == 2
    assert "a file that ends in .md, .html, .docx" in other.stderr
    letter = tmp_path / "letter.docx"
    done = si_rules("letters", "doncaster.school_improvement", "-", "--on", "2015-11-04", "--to", str(letter),
                    given='{"urn": "990001", "phase": "primary"}')  # fmt: skip
    assert done.returncode == 0
    assert "Annual" in words_of(letter.read_bytes())
    assert len(list(tmp_path.iterdir())) == 4
