"""What each code means: every code that can be raised is explained, and its example shows it."""

import random
import re
from pathlib import Path

import pytest
from tests.mistakes.reading import PRELUDE, VOCABULARY, as_typed, findings

from si_rules import shipped
from si_rules.decisions.basis import Basis
from si_rules.pipeline import load
from si_rules.semantics.checks import DEEPEST_CHAIN
from si_rules.semantics.conditions import DEEPEST
from si_rules.source.meanings import FAMILIES, Meaning, near_codes, read_meaning
from si_rules.source.screening import DEEPEST_BRACKETS, LONGEST_LINE, MOST_BYTES, read_source
from si_rules.tools.scenarios.reading import MOST_CASES, read_cases
from si_rules.tools.scenarios.running import run

SOURCE = Path(__file__).resolve().parents[2] / "src" / "si_rules"
MEANINGS = [read_meaning(path.stem, path.read_text("utf-8")) for path in sorted(shipped.codes_folder().glob("*.md"))]
SHOWN = [meaning for meaning in MEANINGS if not meaning.no_example]


def fact(condition: str, name: str = "weak") -> str:
    return f'fact {name} "weak"\n  cites PLAN "page 4"\n  holds when {condition}\n'


def brackets(depth: int) -> str:
    return "(" * depth + "phase is primary" + ")" * depth


def chain(length: int) -> str:
    """Facts that each need the one before."""
    facts = [fact("phase is primary", "weak_0")]
    return "".join([*facts, *(fact(f"weak_{n} holds", f"weak_{n + 1}") for n in range(length))])


def wide_table(columns: int, rows: int, last: str = "") -> str:
    """A table of many yes-or-no judgements whose rows each ask for three of them: a puzzle, not a table to be read."""
    chance = random.Random(20151104)
    names = [f"sign_{number}" for number in range(columns)]
    judged = "".join(f'judgement {name} "a sign"\n  yes or no\n' for name in names)
    picked = {tuple(sorted(chance.sample(range(columns), 3))): None for _ in range(rows)}
    asked = [{column: chance.choice(["yes", "no"]) for column in three} for three in picked]
    cells = "".join(f"  |{'|'.join(f' {row.get(n, str())} ' for n in range(columns))}|| 1 |\n" for row in asked)
    head = "".join(f"| judgement {name} " for name in names)
    lines = "  gives points_of : number\n  the first row that matches\n"
    table = f'table wide "wide"\n  cites PLAN "page 4"\n{lines}  {head}|| points_of |\n{cells}{last}'
    return judged + table + fact("wide.points_of is at least 1")


def cases(count: int) -> str:
    """A scenario file with so many cases."""
    head = "scenarios for wintersfield.plan 2015-16\n  on 2015-11-04\n\n"
    given = "  given\n    judgement direction is worse\n  expect\n    fact going_down is undetermined\n"
    return head + "".join(f'scenario "{number}"\n{given}' for number in range(count))


# Codes of several files at once: tests/library and tests/pathways draw them.
SHOWN_ELSEWHERE = ("SI605", "SI606", "SI607", "SI608", "SI713", "SI805")
# What draws the codes that no snippet can show, and what is one step on the right side of it.
MADE = {
    "SI105": (b"#" * (MOST_BYTES + 1), None),
    "SI106": (PRELUDE.encode() + b'# caf\xe9\n', PRELUDE.encode() + "# café\n".encode()),
    "SI107": (b"\n\n", None),
    "SI108": (PRELUDE.encode() + b"#" * (LONGEST_LINE + 1), PRELUDE.encode() + b"#" * LONGEST_LINE),
    "SI109": tuple((PRELUDE + fact(brackets(depth))).encode() for depth in (DEEPEST_BRACKETS + 1, DEEPEST)),
    "SI219": tuple((PRELUDE + wide_table(40, 200, last)).encode() for last in ("", f"  |{' |' * 39} || 2 |\n")),
    "SI603": (PRELUDE.replace("  vocabulary school 1\n", "  vocabulary school 1\n  uses nobody.knows\n").encode(), None),
    "SI511": tuple((PRELUDE + chain(length)).encode() for length in (DEEPEST_CHAIN + 1, DEEPEST_CHAIN)),
}  # fmt: skip


def codes_of(meaning: Meaning, snippet: str) -> list[str]:
    """The codes drawn by a snippet, read as its file says."""
    if meaning.reading == "scenarios file":
        return scenario_codes(as_typed(snippet))
    return [item.code for _, item in findings(snippet, whole=meaning.reading == "policy file")]


def scenario_codes(text: str, run_them: bool = True) -> list[str]:
    loaded = load({"prelude.policy": PRELUDE.encode()}, VOCABULARY, keep=False)
    assert loaded.policy is not None
    source, found = read_source("snippet.scenarios", text.encode())
    read, mistakes = read_cases(source, loaded.policy)
    basis = Basis(loaded.policy, loaded.digest)
    failures = [failure for case in read if run_them for failure in run(case, basis).failures]
    return [item.code for item in [*found, *mistakes, *failures]]


def test_every_code_is_explained_and_every_code_explained_is_raised() -> None:
    """The files of meanings are exactly the codes that stand in the source."""
    raised = {code for path in SOURCE.rglob("*.py") for code in re.findall(r'"(SI\d{3})"', path.read_text("utf-8"))}
    assert [meaning.code for meaning in MEANINGS] == sorted(raised)


@pytest.mark.parametrize("meaning", SHOWN, ids=lambda meaning: meaning.code)
def test_the_wrong_snippet_draws_its_code_once_and_the_right_one_nothing(meaning: Meaning) -> None:
    """The example of a code shows that code, and nothing else; mended, it shows nothing."""
    assert meaning.reading in ("policy", "policy file", "scenarios file")
    assert codes_of(meaning, meaning.wrong) == [meaning.code]
    assert codes_of(meaning, meaning.right) == []


@pytest.mark.parametrize("code", [m.code for m in MEANINGS if m.no_example and m.code not in SHOWN_ELSEWHERE])
def test_what_no_snippet_can_show_draws_its_code(code: str) -> None:
    """A file too large, not UTF-8, empty, too long or too deep draws its code once; a step less draws nothing."""
    wrong, right = MADE[code]
    assert [item.code for item in load({"made.policy": wrong}, VOCABULARY, keep=False).diagnostics] == [code]
    if right is not None:
        assert load({"made.policy": right}, VOCABULARY, keep=False).diagnostics == []


def test_a_scenario_file_with_too_many_cases_draws_its_code() -> None:
    """One case more than are read draws one finding; as many as are read draw none."""
    assert scenario_codes(cases(MOST_CASES + 1), run_them=False) == ["SI713"]
    assert scenario_codes(cases(MOST_CASES), run_them=False) == []


def test_a_meaning_belongs_to_a_family_and_is_short() -> None:
    """Every code has a family; what it means and why are a few sentences, and the title is one line."""
    assert {meaning.family for meaning in MEANINGS} == set(FAMILIES.values())
    for meaning in MEANINGS:
        assert len(meaning.title) < 60, meaning.code
        assert len(meaning.means) < 500, meaning.code
        assert len(meaning.why) < 500, meaning.code


@pytest.mark.parametrize(
    "text",
    [
        "# A title\n\nIt means.\n",
        "A title\n\nIt means.\n\n## Why it matters\n\nBecause.\n\n## No example\n\nNone.\n",
        "# A title\n\nIt means.\n\n## Why it matters\n\nBecause.\n\n## Wrong\n\n```policy\nx\n```\n",
    ],
)
def test_a_meaning_that_lacks_a_part_is_refused(text: str) -> None:
    """A file without a title, a reason or both snippets is no meaning."""
    with pytest.raises(ValueError, match="SI999"):
        read_meaning("SI999", text)


def test_a_code_that_there_is_not_is_offered_the_nearest() -> None:
    """A slip in a code is offered the codes like it."""
    codes = [meaning.code for meaning in MEANINGS]
    assert "SI501" in near_codes("SI5O1", codes)
    assert near_codes("SI299", codes)[0].startswith("SI2")
    assert near_codes("nothing", codes) == []
