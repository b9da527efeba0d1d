"""Runs the conformance files: programs with the findings expected on their lines, and programs with scenarios.

A file holds cases, each begun by a line `=== title`. In `diagnostics/` a case is a piece of policy, read
after `prelude.policy`; a line that must draw a finding ends in `#! CODE words` (the code, and words that
its message or help must hold), and no other line may draw one. In `behaviour/` a case is a piece of policy,
a line `--- scenarios`, and scenarios all of whose expectations must be met.
"""

import re
from pathlib import Path

import pytest

from si_rules.decisions.basis import Basis
from si_rules.pipeline import Loaded, load
from si_rules.semantics.declared import LEGEND
from si_rules.source.screening import read_source
from si_rules.tools.scenarios.reading import read_cases
from si_rules.tools.scenarios.running import run

HERE = Path(__file__).parent
VOCABULARY = (HERE / "conformance.vocabulary").read_bytes()
WRITTEN_LEGEND = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND) + "\n"
PRELUDE = (HERE / "prelude.policy").read_text(encoding="utf-8").replace("LEGEND\n", WRITTEN_LEGEND)
EXPECTED = re.compile(r"#! (SI\d+) ?(.*)$")
HEADER = "scenarios for conformance.books 2015-16\n  on 2016-01-10\n\n"


def cases(folder: str) -> list[object]:
    """Every case of a folder, named by its file and title."""
    found = []
    for path in sorted((HERE / folder).glob("*.cases")):
        for part in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, body = part.partition("\n")
            found.append(pytest.param(body, id=f"{path.stem}: {title.strip()}"))
    return found


def loaded(body: str) -> Loaded:
    """The case, read after the prelude."""
    text = PRELUDE + body
    return load({"case.policy": text.encode()}, ("conformance.vocabulary", VOCABULARY), keep=False)


@pytest.mark.parametrize("body", cases("diagnostics"))
def test_a_faulty_program_draws_the_expected_findings_and_no_others(body: str) -> None:
    """Each marked line draws its finding, with its words; no other line draws any."""
    start = PRELUDE.count("\n")
    wanted = []
    for number, line in enumerate(body.splitlines(), start + 1):
        mark = EXPECTED.search(line)
        if mark:
            wanted.append((number, mark[1], mark[2].strip()))
    found = []
    for item in loaded(body).diagnostics:
        line = item.source.place(item.span.start)[0]
        said = f"{item.message} {item.help}"
        words = next((w for n, c, w in wanted if (n, c) == (line, item.code) and w in said), said)
        found.append((line, item.code, words))
    assert found == wanted


@pytest.mark.parametrize("body", cases("behaviour"))
def test_a_program_behaves_as_its_scenarios_say(body: str) -> None:
    """Every expectation of the scenarios of a case is met."""
    program, _, scenarios = body.partition("--- scenarios\n")
    result = loaded(program)
    errors = [item for item in result.diagnostics if item.is_error]
    assert errors == []
    assert result.policy is not None
    source, _ = read_source("case.scenarios", (HEADER + scenarios).encode())
    read, mistakes = read_cases(source, result.policy)
    assert mistakes == []
    assert read, "a case without a scenario shows nothing"
    basis = Basis(result.policy, result.digest)
    failures = [failure.message for case in read for failure in run(case, basis).failures]
    assert failures == []
