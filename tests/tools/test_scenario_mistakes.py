"""What is wrong with scenarios is told on its line, with a remedy.

`scenario_mistakes.cases` holds pieces of scenario files, each begun by a line `=== title`. A line that must draw a
finding ends in `#! CODE words`: the code, and words that its message or help must hold. No other line may draw one.
"""

import re
from pathlib import Path

import pytest
from tests.tools.books import HEADER, books, tried

EXPECTED = re.compile(r"#! (SI\d+) (.*)$")
PARTS = re.split(r"^=== ", Path(__file__).with_name("scenario_mistakes.cases").read_text(encoding="utf-8"), flags=re.M)


@pytest.mark.parametrize("part", PARTS[1:], ids=lambda part: part.partition("\n")[0])
def test_a_faulty_scenario_draws_the_expected_findings_and_no_others(part: str) -> None:
    """Each marked line draws its finding, at the words themselves; no other line draws any, and none runs astray."""
    body = part.partition("\n")[2]
    first = HEADER.count("\n") + 2
    wanted = [(number, *found.groups()) for number, line in enumerate(body.splitlines(), first)
              if (found := EXPECTED.search(line))]  # fmt: skip
    _, mistakes = tried(body)
    found = []
    for item in mistakes:
        line = item.source.place(item.span.start)[0]
        said = f"{item.message}: {item.help}"
        found.append(
            (line, item.code, next((w for n, c, w in wanted if (n, c) == (line, item.code) and w in said), said))
        )
        assert "#" not in item.source.text[item.span.start : item.span.end]
    assert found == wanted


SECOND = """
classification use "Use"
  cites SRC "7"
  applies to every book
  when several classes hold, the most serious stands: often
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
  class often "Often"
    cites SRC "7"
    clause l "many copies", when copies is at least 5 copies
"""


def test_a_label_of_two_classifications_must_say_which() -> None:
    """A clause label that two classifications have is refused alone, and read with `of`."""
    policy, _ = books(SECOND)
    text = 'scenario "x"\n  given\n    copies is 7 copies\n  expect\n    clause l{} holds\n'
    _, (mistake,) = tried(text.format(""), policy)
    assert (mistake.code, mistake.help) == ("SI712", "say which: clause l of care")
    results, mistakes = tried(text.format(" of use"), policy)
    assert mistakes == []
    assert [failure.came for result in results for failure in result.unmet] == []


def test_what_is_too_long_to_run_is_refused_soon() -> None:
    """A table of forty thousand rows, and one of as many mistakes, are cut short with a finding."""
    head = 'scenario "x"\n  cases\n    | worn || care |\n'
    results, mistakes = tried(head + "".join(f"    | 5.{number}% || high |\n" for number in range(100, 40_000)))
    assert [item.code for item in mistakes] == ["SI713", "SI713"]
    assert len(results) == 2_000
    results, mistakes = tried(head + "    | <<<< || high |\n" * 40_000)
    assert results == []
    assert {item.code for item in mistakes} == {"SI201"}
    assert len(mistakes) == 40
