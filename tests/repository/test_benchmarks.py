"""What `make bench` runs works, on a few records each: its policies load, its answers agree, its rows have their names."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from attrs import evolve
from benchmarks import __main__ as command, england, page, timing
from benchmarks.decision import evidence, measures, ours, three_valued, two_valued
from benchmarks.decision.agreement import completing, on_complete, on_completions, on_gappy, on_missing, on_models
from benchmarks.decision.engine import Engine, compiled, in_full
from benchmarks.decision.measures import Evidence
from benchmarks.goals import AT_LEAST, AT_MOST, met, table
from benchmarks.library import cases, cohort, language, starting
from benchmarks.peers import finding, measures as peer_measures
from benchmarks.shapes import measures as shapes, wide_table
from benchmarks.timing import Row

from si_rules.decisions.basis import Basis
from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.facts import FactsOf

FEW = 40
FOUND = Evidence.of(FEW)
WIDE = wide_table.policy(400)
QUICK = WIDE.compiled(on=ours.ON)
WANTED = {
    "single_prepared", "single_prepared_gappy", "single_traced", "single_traced_gappy", "single_raw", "single_nested",
    "batch_kept", "batch_kept_gappy", "batch_mb", "compile_doncaster_ms", "england_minutes",
}  # fmt: skip


def named(rows: Iterable[Row]) -> dict[str, Any]:
    """The rows by name; every one has a value above nothing, and is printed in a line."""
    found = {row["name"]: row for row in rows}
    assert found
    for name, row in found.items():
        assert row["value"] > 0, name
        assert json.loads(json.dumps(row)) == row
    printed = "\n".join(table(list(found.values())))
    assert all(name in printed for name, row in found.items() if "series" not in row)
    return found


@pytest.mark.parametrize("name", ["flat", "nested"])
def test_the_measured_policies_load_without_a_remark(name: str) -> None:
    """Both forms of the decision are policies with nothing wrong."""
    policy = ours.policy(name)
    assert policy.warnings == ()
    assert list(policy.core.classifications) == ["category", "tier", "warning"]


@pytest.mark.parametrize("engine", [compiled(), in_full()], ids=lambda engine: engine.name)
def test_every_way_agrees_with_the_references(engine: Engine) -> None:
    """Complete records, gappy ones, models, and the JSON of a school: what is compared is the same."""
    ready, gaps = (measures.prepared(engine, words) for words in (FOUND.words, FOUND.words_gappy))
    for agreed in measures.agreements(FOUND, engine, ready, gaps, few=24):
        assert agreed.compared > 5
        assert agreed.different == (), agreed.name


def test_a_slip_is_found() -> None:
    """An engine that says something else of one record differs in one; one that knows too much differs in many."""
    engine = compiled()
    ready, gaps = (measures.prepared(engine, words) for words in (FOUND.words, FOUND.words_gappy))
    odd = evolve(engine, decide=lambda record: engine.decide(ready[1] if record is ready[0] else record))
    assert two_valued.decide(FOUND.full[0]) != two_valued.decide(FOUND.full[1])
    assert len(on_complete(odd, FOUND.full, ready).different) == 1
    other_way = evolve(engine, decide=lambda record: engine.decide(ready[0]))
    assert len(on_gappy(other_way, FOUND.gappy, gaps).different) > FEW / 2
    assert on_models(other_way, FOUND.words_gappy, ready).different == ()

    def narrow(number: int) -> Any:
        return frozenset({(5, False)}), frozenset({2}), frozenset({"pre_warning_letter"})

    assert on_completions(narrow, FOUND.gappy, exact=False).different


def test_completions_stand_on_every_side_of_what_is_asked() -> None:
    """Where the floor is missing it is tried under, at and over what is known; a pair that is missing both ways."""
    record = FOUND.full[0] | {"ks2_floor": None, "eyfs_gld": None, "eyfs_gld_national": None}
    tried = dict(completing(record))
    for name in ("ks2", "ks2_prev1", "ks2_prev2"):
        assert {(value > record[name]) - (value < record[name]) for value in tried["ks2_floor"]} == {-1, 0, 1}
    reached = {low < high - 5 for low in tried["eyfs_gld"] for high in tried["eyfs_gld_national"]}
    assert reached == {True, False}


def test_three_truths_are_two_where_nothing_is_missing() -> None:
    """The two references say the same of complete records, and the third truth only comes with gaps."""
    for whole, gappy in zip(FOUND.full, FOUND.gappy, strict=True):
        assert three_valued.decide(whole) == two_valued.decide(whole)
        known = three_valued.decide(gappy)
        assert all(part is None or part == other for part, other in zip(known[1:], two_valued.decide(whole)[1:], strict=True))  # fmt: skip


def test_evidence_is_the_same_from_a_seed() -> None:
    """The same seed gives the same records, and about the share of values that was asked for is missing."""
    assert evidence.complete(5) == evidence.complete(9)[:5] != evidence.complete(5, seed=1)
    values = [value for record in evidence.gappy(evidence.complete(300)) for value in record.values()]
    assert 0.06 < values.count(None) / len(values) < 0.10


def test_rows_of_the_decision_have_their_names() -> None:
    """Singles, batches, compiling and whole decisions give the rows that goals are set for."""
    engine = compiled()
    ready, gaps = (measures.affordable(engine, words, whole=False) for words in (FOUND.words, FOUND.words_gappy))
    rows = measures.singles(FOUND, engine, ready, gaps, rounds=1, slice_=0.002)
    rows += measures.batches(FOUND, engine, ready, gaps, rounds=1) + measures.compiling(rounds=1)
    rows += measures.whole_decisions(FOUND, count=4, rounds=1)
    found = named(rows)
    assert found.keys() >= WANTED - {"england_minutes"}
    assert found["single_prepared"]["ratio"] == found["single_prepared"]["value"]
    elsewhere = {name for name in (*AT_LEAST, *AT_MOST) if name.startswith(("agreement_", "england_", "ledger_"))}
    assert (AT_LEAST.keys() | AT_MOST.keys()) - found.keys() == elsewhere
    assert met({"name": "batch_mb", "value": 11.0}) is False
    assert met({"name": "single_prepared", "value": 0.8}) is True


def test_rows_of_the_library_have_their_names() -> None:
    """Starting, reading, deciding, keeping and following, once each."""
    rows = starting.starting(rounds=1) + language.reading(lines=100, rounds=1)
    rows += cohort.deciding(2, rounds=1) + cohort.keeping(4, 2, rounds=1) + cases.following(2, rounds=1)
    assert len(named(rows)) == 16


def test_shapes_and_growth_run_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three shapes give what Python by hand gives, and every series has its points."""
    rows = shapes.shapes(20, few=5, rows=100, triggers=12, rounds=1)
    assert [row["name"] for row in rows if row["name"].endswith("cohort")] == ["shape_deep_cohort"]
    points = shapes.growth(compiled(), (10, 20), (12, 24), (0.0, 0.1), (10, 20), few=6)
    assert len({row["series"] for row in points}) == 7
    named([*rows, *points])
    monkeypatch.setattr(shapes.many_triggers, "by_hand", lambda count: lambda record: ("high", ()))
    with pytest.raises(shapes.Different):
        shapes.shapes(20, few=5, rows=100, triggers=12, rounds=1)


def test_england_is_decided_from_csv_to_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invented schools, where the tables are not named: every row comes out, with time and memory."""
    monkeypatch.delenv("SI_RULES_REAL_DATA", raising=False)
    rows = named(england.england(4000, england.DATES[-1:], most=3, starts=1))
    assert rows.keys() == {"england_minutes", "england_schools_per_second", "england_peak_mb"}
    assert "invented" in rows["england_minutes"]["note"]


def test_other_engines_are_told_where_they_are_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence says which is not installed and what installs it."""
    monkeypatch.setattr(finding, "MODULES", {"zen_engine": ("no_such_module", "zen-engine")})
    assert finding.installed() == []
    assert finding.absent() == ["zen-engine is not installed, so it is not measured: make peers"]


@pytest.mark.parametrize("name", finding.MODULES)
def test_other_engines_agree_where_they_are_installed(name: str) -> None:
    """Their rows have names of theirs, and on complete records they say what the references say."""
    pytest.importorskip(finding.MODULES[name][0])
    rows = named(row for row in peer_measures.of_one(name, FOUND.full, FOUND.gappy, 1, 0.002) if row["value"])
    assert {f"peer_{name}_single", f"peer_{name}_batch"} <= rows.keys()
    assert rows[f"peer_{name}_agreement"]["value"] == 1


def test_what_others_say_of_gaps_is_counted() -> None:
    """One that takes missing for false is definite where nobody can be; three-valued Python never is."""
    careless = on_missing(lambda record: two_valued.decide({n: v or 1 for n, v in record.items()}), lambda found: found, FOUND.gappy)  # fmt: skip
    assert careless["definite where unknown"] > 0
    careful = on_missing(three_valued.decide, lambda found: found, FOUND.gappy)
    assert careful.keys() <= {"right", "unknown"}


def test_a_thing_is_slower_than_a_part_of_it() -> None:
    """The ratio falls with the work."""
    records = list(range(2000))
    found = timing.paired(lambda number: sum(range(20)), records, lambda number: sum(range(400)), records, 3, 0.01)
    assert found.ratio < 0.7


def test_the_page_is_what_its_figures_give() -> None:
    """docs/explanation/benchmarks.md and its plots come from the figures beside it, which hold every row of a goal."""
    run = json.loads(page.KEPT.read_text(encoding="utf-8"))
    assert {row["name"] for row in run["rows"]} >= WANTED
    for path, text in page.files(run).items():
        assert path.read_text(encoding="utf-8") == text, path


def test_a_disagreement_is_told_and_the_rest_is_written(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The rows that came before it stay."""

    def wrong(whole: bool) -> Any:
        yield timing.row("one", 1.0, "s")
        raise command.Disagreement("record 3 differs")

    monkeypatch.setitem(command.GROUPS, "decision", wrong)
    rows, told = command.run(["decision"], whole=False)
    assert [row["name"] for row in rows] == ["one"]
    assert told == ["decision: record 3 differs"]


@pytest.mark.parametrize("left_out", [(), ("grade",), ("attainment",), ("size",), ("grade", "size")])
def test_a_table_of_four_hundred_rows_says_what_the_interpreter_says(left_out: tuple[str, ...]) -> None:
    """Of whole records and of gappy ones, the code made for the table leaves the outcomes that the interpreter leaves."""
    policy = WIDE
    slow = Basis(policy.core, policy.digest, engine="interpreter")
    model = model_of(policy.core.vocabulary)
    for number, record in enumerate(wide_table.records(2)):
        words = {key: value for key, value in wide_table.worded(record).items() if key not in left_out}
        evidence = model.model_validate({policy.core.vocabulary.identified_by: str(number), **words})
        found = QUICK.read(QUICK.decide(QUICK.prepare(evidence))).classifications["need"]
        decided = slow.decide(FactsOf(evidence), ours.ON, ours.ON, False).classifications["need"]
        assert set(found.possible) >= set(decided.possible)
        assert left_out or (found.status, found.outcome) == (decided.status, decided.outcome)
