"""Mistakes that authors make, in grammar/mistakes: each draws one finding, on its line, with its sentence, which mends it."""

import re
from pathlib import Path

import pytest
from attrs import frozen
from tests.mistakes.reading import findings, read

from si_rules import shipped

FOLDER = shipped.grammar_folder() / "mistakes"
WHOLE = " (a whole file)"


@frozen
class Mistake:
    """A snippet with a mistake, the line it is on, the sentences expected, and the snippet mended."""

    title: str
    whole: bool
    wrong: str
    line: int
    says: str
    mended: str


def read_mistakes(path: Path) -> list[Mistake]:
    """The mistakes of a file; grammar/mistakes/README.md says how they are written."""
    found = []
    for part in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, *lines = part.rstrip("\n").split("\n")
        wrong, mended, says, line = [], [], [], 0
        for text in lines:
            mark, content = text[:1], text[2:]
            if re.match(r"(SI\d{3}|help): ", text):
                says.append(text)
                continue
            if mark in "!*" and mark and not line:
                line = len(wrong) + 1
            if mark != "+":
                wrong.append(content)
            if mark not in ("!", "-"):
                mended.append(content)
        found.append(
            Mistake(head.removesuffix(WHOLE), head.endswith(WHOLE), "\n".join(wrong) + "\n", line, "\n".join(says),
                    "\n".join(mended) + "\n")
        )  # fmt: skip
    return found


ALL = [
    pytest.param(mistake, id=f"{path.stem}: {mistake.title}")
    for path in sorted(FOLDER.glob("*.mistakes"))
    for mistake in read_mistakes(path)
]


OFFERED = re.compile(r"(?:did you mean|(?:write|use|put)(?:[a-z ]*:)?) `([^`]+)`[?]?")


@pytest.mark.parametrize("mistake", ALL)
def test_a_mistake_draws_one_finding_with_its_sentence(mistake: Mistake) -> None:
    """A mistake draws exactly one finding, on the line marked, with exactly the sentences that stand under it.

    Where the help is nothing but other words, putting them in the place underlined mends the snippet.
    """
    found = findings(mistake.wrong, mistake.whole)
    said = [(line, f"{item.code}: {item.message}\nhelp: {item.help}") for line, item in found]
    if mistake.says.endswith(" …") and len(said) == 1:  # a help that quotes the whole legend
        said = [(line, text[: len(mistake.says) - 2] + " …") for line, text in said]
    assert said == [(mistake.line, mistake.says)]
    finding = found[0][1]
    offered = OFFERED.fullmatch(finding.help or "")
    if offered is not None:
        text, span = finding.source.text, finding.span
        assert read(text[: span.start] + offered[1] + text[span.end :]) == []


@pytest.mark.parametrize("mistake", ALL)
def test_a_mistake_mended_draws_nothing(mistake: Mistake) -> None:
    """What the sentence says, done, mends it: nothing more is found."""
    assert [item.message for _, item in findings(mistake.mended, mistake.whole)] == []


def test_many_helps_offer_words() -> None:
    """Of the mistakes there are more than a hundred whose help is the words themselves."""
    helps = [parameter.values[0].says.partition("help: ")[2] for parameter in ALL]
    assert sum(OFFERED.fullmatch(help_) is not None for help_ in helps) > 100
