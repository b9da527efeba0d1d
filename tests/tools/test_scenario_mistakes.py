"""What is wrong with scenarios is told on its line, with a remedy.

`scenario_mistakes.cases` holds pieces of scenario files, each begun by a line `=== title`. A line that must draw a
finding ends in `#! CODE words`: the code, and words that its message or help must hold. No other line may draw one.
"""

import re
from pathlib import Path

import pytest

from tests.tools.books import HEADER, tried

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
        found.append((line, item.code, next((w for n, c, w in wanted if (n, c) == (line, item.code) and w in said), said)))
        assert "#" not in item.source.text[item.span.start : item.span.end]
    assert found == wanted
