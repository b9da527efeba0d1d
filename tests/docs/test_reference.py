"""The reference names everything there is: fields, codes, keys, commands and options."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest

from si_rules import PolicyLibrary, SchoolEvidence, __all__
from si_rules.evaluation.completions import MOST_NODES, MOST_VARIABLES
from si_rules.evaluation.cuts import MOST_VALUES
from si_rules.evaluation.diagram import STEPS_A_NODE
from si_rules.evaluation.interpreter import MOST_DISPUTES
from si_rules.evaluation.settling import LARGEST_SET, MOST_SETS, MOST_SETS_KEPT
from si_rules.evaluation.values import MOST_CHOICES, MOST_OPEN_PARTS
from si_rules.evidence.absence import MOST_SOURCES, Disputed
from si_rules.evidence.facts import MOST_RECORDS
from si_rules.interfaces.cli.main import COMMANDS, group
from si_rules.loading import DEEPEST_USE, MOST_AMENDMENTS
from si_rules.pathways.calendars import MOST_DAYS
from si_rules.pathways.fold import MOST_COURSES
from si_rules.pathways.history import MOST_EVENTS
from si_rules.semantics import arithmetic
from si_rules.semantics.checks import DEEPEST_CHAIN
from si_rules.semantics.comparisons import LONGEST_TREND
from si_rules.semantics.conditions import DEEPEST
from si_rules.semantics.kinds import MOST_DECIMAL_PLACES, MOST_WHOLE_DIGITS
from si_rules.semantics.table_checks import MOST_STEPS
from si_rules.source.screening import DEEPEST_BRACKETS, LONGEST_LINE, MOST_BYTES
from si_rules.syntax.parsing import MOST_MISTAKES_A_DECLARATION, MOST_MISTAKES_A_FILE

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "si_rules"


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def keys_of(document: Any) -> set[str]:
    """Every key of a decision but the names that a policy chose."""
    if isinstance(document, list):
        return {key for item in document for key in keys_of(item)}
    if not isinstance(document, dict):
        return set()
    found = set() if "category" in document else set(document)
    return found.union(*(keys_of(value) for value in document.values()))


def test_what_is_generated_is_current() -> None:
    """The tables made from the vocabulary, and the legend, are what docs/generate.py would write."""
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_code_has_a_page() -> None:
    """The table of diagnostics links to a page for every code in the source, once, and to no other."""
    used = {code for path in SOURCE.rglob("*.py") for code in re.findall(r'"(SI\d{3})"', path.read_text("utf-8"))}
    rows = re.findall(r"^\| \[(SI\d{3})\]\(diagnostics/\1\.md\) \|", page("diagnostics"), re.M)
    assert rows == sorted(used)
    assert sorted(path.stem for path in (REFERENCE / "diagnostics").glob("*.md")) == rows


def test_bounds_are_those_of_the_code() -> None:
    """The figures that pages give for bounds are those that hold."""
    explained = (ROOT / "docs" / "explanation" / "exact-outcomes.md").read_text(encoding="utf-8")
    assert f"{MOST_NODES:,} nodes (`MOST_NODES`) or more than {MOST_VARIABLES} questions" in explained
    assert f"{MOST_BYTES:,} bytes" in page("diagnostics/SI105")
    assert f"{LONGEST_LINE:,} characters" in page("diagnostics/SI108")
    assert f"more than {DEEPEST_BRACKETS} deep, or conditions more than {DEEPEST}." in page("diagnostics/SI109")
    assert f"or over more than {LONGEST_TREND}." in page("diagnostics/SI210").replace("\n", " ")
    digits = f"more than {MOST_WHOLE_DIGITS} digits before the point, or more than {MOST_DECIMAL_PLACES} after it"
    assert digits in page("diagnostics/SI403")
    assert f"more than {DEEPEST_CHAIN} deep" in page("diagnostics/SI511")


def test_the_specification_names_every_code_of_the_language() -> None:
    """Every diagnostic but those of scenario files is raised by a clause of the specification, and no other."""
    codes = set(re.findall(r"^\| \[(SI[1-68]\d{2})\]", page("diagnostics"), re.M))
    assert set(re.findall(r"SI\d{3}", page("spec"))) == codes


def test_the_limits_of_the_specification_are_those_of_the_code() -> None:
    """The table of limits gives the figures that the code holds to, and no other."""
    (most_candidates,) = [m.max_length for m in Disputed.model_fields["disputed"].metadata if hasattr(m, "max_length")]
    limits = {
        "bytes of a file": f"{MOST_BYTES:,}",
        "code points of a line": f"{LONGEST_LINE:,}",
        "brackets in brackets": f"{DEEPEST_BRACKETS}",
        "conditions in conditions": f"{DEEPEST}",
        "references in a chain": f"{DEEPEST_CHAIN}",
        "years of a trend": f"{LONGEST_TREND}",
        "digits before the point, after it": f"{MOST_WHOLE_DIGITS}, {MOST_DECIMAL_PLACES}",
        "faults of form told of a declaration, of a file": f"{MOST_MISTAKES_A_DECLARATION}, {MOST_MISTAKES_A_FILE}",
        "nodes, questions for a subject": f"{MOST_NODES:,}, {MOST_VARIABLES}",
        "joins remembered": f"{MOST_NODES * STEPS_A_NODE:,}",
        "data in a set that settles, sets": f"{LARGEST_SET}, {MOST_SETS}",
        "sets met on the way": f"{MOST_SETS_KEPT:,}",
        "policies that use each other, deep": f"{DEEPEST_USE}",
        "amendments of an edition": f"{MOST_AMENDMENTS}",
        "years of a mean or count": f"{arithmetic.LONGEST_SPAN_OF_YEARS}",
        "decimal places to round to": f"{arithmetic.MOST_DECIMAL_PLACES}",
        "steps to check a table": f"{MOST_STEPS:,}",
        "usable records of a list": f"{MOST_RECORDS}",
        "events of a history": f"{MOST_EVENTS:,}",
        "courses of a case": f"{MOST_COURSES}",
        "days counted one by one": f"{MOST_DAYS:,}",
        "candidates of a disputed datum": f"{most_candidates}",
        "places of data of a subject": f"{MOST_SOURCES:,}",
        "choices of candidates in a comparison": f"{MOST_DISPUTES}",
        "values that a value may be one of": f"{MOST_CHOICES}",
        "parts of a missing value": f"{MOST_OPEN_PARTS}",
        "values that a comparison may meet": f"{MOST_VALUES:,}",
    }
    table = re.split(r"^## [0-9]+ Limits$", page("spec"), flags=re.M)[1]
    rows = re.findall(r"^\| ([a-z][^|]*) \| ([^|]*) \| [^|]* \|$", table, re.M)
    assert dict(rows) == limits


def test_every_key_of_a_decision_is_described() -> None:
    """The page on the decision names every key of its JSON, also of the explanation and of what it needs."""
    policy = PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=date(2015, 11, 4))
    school = SchoolEvidence.model_validate_json('{"urn": "990301", "ks2": {"2014-15": {"published": "2015-12-10", '
                                                '"eligible_pupils": 20}}, "phase": "primary"}')  # fmt: skip
    document = json.loads(policy.decide(school, on=date(2015, 11, 4)).to_json(explain=True))
    keys = keys_of(document)
    assert {"could_settle", "ignored_evidence", "hangs_on", "provenance"} <= keys
    described = set(re.findall(r"`([a-z_]+)`", page("decision")))
    assert not keys - described


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_described(name: str) -> None:
    """The page on the command line has a section for each command, which names its arguments and options."""
    command = group.get_command(click.Context(group), name)  # type: ignore[attr-defined]
    section = page("command-line").partition(f"## `si-rules {name}`")[2].partition("\n## ")[0]
    assert section
    for parameter in command.params:
        written = parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
        assert f"`{written}" in section or written in section.split("```")[1], written


def test_every_public_name_is_in_the_reference() -> None:
    """The page on the Python API names everything that can be imported from the package."""
    for name in __all__:
        if name != "__version__":
            assert f"`{name}`" in page("api"), name
