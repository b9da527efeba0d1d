"""Lines of a long policy a second: parsed, checked and laid out."""

from datetime import date

from benchmarks.timing import ROOT, Row, in_turns, row, seconds
from si_rules import PolicyLibrary
from si_rules.pipeline import load
from si_rules.source.screening import read_source
from si_rules.syntax.formatting import lay_out
from si_rules.syntax.parsing import parse_file

EDITION = ROOT / "policies" / "doncaster" / "school_improvement" / "2015-16"

EXTRA = """
judgement extra_{n} "something further to judge, number {n}"
  yes or no
  cites SIS "page {n}"

fact extra_fact_{n} "it is judged so, and the school is good or better"  # number {n}
  cites SIS "page {n}"
  holds when all of
    - judgement extra_{n} is yes
    - latest inspection.grade is good or better
"""


def long_policy(lines: int = 3000) -> str:
    """The Doncaster policy, with judgements and facts added until it has so many lines."""
    text = "".join((EDITION / name).read_text(encoding="utf-8") for name in ("categories.policy", "triggers.policy"))
    n = 0
    while text.count("\n") < lines:
        n += 1
        text += EXTRA.format(n=n)
    head, _, rest = text.partition("part of doncaster")
    return head + rest[rest.index("results attendance") :]  # one file: one header and one legend


def reading(lines: int = 3000, rounds: int = 9) -> list[Row]:
    """Lines of a policy of 3,000 lines a second: parsed to the tree, checked, and laid out; the parser ready."""
    data = long_policy(lines).encode()
    source, _ = read_source("bench.policy", data)
    vocabulary = ("school.vocabulary", (ROOT / "policies" / "vocabularies" / "school.vocabulary").read_bytes())
    floors = PolicyLibrary.bundled().in_force("england.accountability", on=date(2015, 11, 4))
    used = [(floors.core, floors.digest)]
    loaded = load({"bench.policy": data}, vocabulary, keep=False, used=used)
    errors = [item for item in loaded.diagnostics if item.is_error]
    if errors:
        raise SystemExit(f"the policy to measure with is faulty: {errors[0].message}")
    many = source.text.count("\n")
    parse, check, layout = in_turns(
        lambda: seconds(lambda: parse_file(source)),
        lambda: seconds(lambda: load({"bench.policy": data}, vocabulary, keep=False, used=used)),
        lambda: seconds(lambda: lay_out(source, "policy")),
        rounds=rounds,
    )
    versus = "parse_lines_per_second"
    return [
        row(versus, many / parse, "lines/s"),
        row("check_lines_per_second", many / check, "lines/s", versus, many / parse),
        row("format_lines_per_second", many / layout, "lines/s", versus, many / parse),
    ]
