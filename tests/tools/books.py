"""A small policy about books for tests of scenarios: every sort of rule, an audience, dated evidence."""

from pathlib import Path

from si_rules.decisions.basis import Basis
from si_rules.pipeline import load
from si_rules.semantics.core import Core
from si_rules.semantics.declared import LEGEND
from si_rules.source.diagnostics import Diagnostic
from si_rules.source.screening import read_source
from si_rules.tools.scenarios.reading import read_cases
from si_rules.tools.scenarios.running import CaseResult, run

CONFORMANCE = Path(__file__).resolve().parents[1] / "conformance"
HEADER = "scenarios for conformance.books 2015-16\n  on 2016-01-10\n"
RULES = """
party keeper "the keeper"
action mend "mend it"
action watch "watch it"
action report "report it"

judgement handled "how it is handled"
  scale from best to worst: well, roughly

parameter thin "how many pages may be worn" : percent
  interpretation WORN "The rule book gives no figure."
  from 2015-09-01: 20%

fact worn_out "too many pages worn"
  cites SRC "2"
  holds when worn is more than thin

fact lent "lent at all"
  cites SRC "3"
  applies to books with reading_room
  holds when latest loans.count is at least 1 copies

trigger bad_repair "a repair failed"
  cites SRC "5"
  holds when latest repair.result is failed
  what follows
    keeper should report

fact hidden "what only the keeper may know"
  cites SRC "6"
  shown to keeper
  holds when secret is yes
  what follows
    keeper must report

classification care "Care"
  cites SRC "4"
  interpretation ORDER "The more serious stands."
  applies to every book
  when several classes hold, the most serious stands: high, low
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
  class high "High"
    cites SRC "4a"
    clause h "broken or worn out", any of
      - condition is broken
      - worn_out holds
    or clause r "rare and roughly handled", all of
      - rare is yes
      - judgement handled is roughly
    what follows
      keeper must mend
      keeper will watch
  class low "Low"
    cites SRC "4b"
    clause l "poor, or lent", any of
      - condition is poor
      - lent holds, left out where it does not apply
    what follows
      keeper will watch
"""


def books(further: str = "") -> tuple[Core, str]:
    """The policy, with `further` rules, and its digest."""
    legend = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND) + "\n"
    prelude = (CONFORMANCE / "prelude.policy").read_text(encoding="utf-8").replace("LEGEND\n", legend)
    vocabulary = (CONFORMANCE / "conformance.vocabulary").read_bytes()
    loaded = load(
        {"books.policy": (prelude + RULES + further).encode()}, ("conformance.vocabulary", vocabulary), keep=False
    )
    assert loaded.policy is not None, loaded.diagnostics
    return loaded.policy, loaded.digest


def tried(text: str, policy: Core | None = None) -> tuple[list[CaseResult], list[Diagnostic]]:
    """The results of some scenarios, and what is wrong with their form."""
    found, digest = books()
    source, _ = read_source("books.scenarios", (HEADER + "\n" + text).encode())
    cases, mistakes = read_cases(source, policy or found)
    basis = Basis(policy or found, digest)
    return [run(case, basis) for case in cases], mistakes


def unmet(text: str) -> list[str]:
    """What came instead of what scenarios without a mistake in form expect."""
    results, mistakes = tried(text)
    assert mistakes == []
    assert results
    return [failure.came for result in results for failure in result.unmet]
