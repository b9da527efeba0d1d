"""Amendments on disk: what they change from which day on, what becomes of digests, of policies that use others, of a ledger."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from si_rules import Ledger, PolicyError, PolicyLibrary, SchoolEvidence, open_policy
from si_rules.interfaces.cli.main import group
from si_rules.loading import MOST_AMENDMENTS
from si_rules.semantics.declared import LEGEND
from si_rules.semantics.invariants import broken

WRITTEN_LEGEND = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND)
POLICY = f"""policy council.help
  title "Help"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary school 1

{WRITTEN_LEGEND}
source PLAN "A plan"

results attendance "attendance over a school year"
  each academic year, became known on published
  due on 25 March after the year ends on 31 August

evidence attendance.overall "possible sessions attended"
  percent

parameter least "the least attendance" : percent
  cites PLAN "1"
  from 2015-09-01: 94%

trigger low "low attendance"
  cites PLAN "2"
  holds when latest attendance.overall is under least
"""
USING = f"""policy council.concern
  title "Concern"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary school 1
  uses council.help

{WRITTEN_LEGEND}
source OWN "Our own rules"

trigger concern "a concern"
  cites OWN "1"
  holds when council.help.low holds
"""
SCHOOL = SchoolEvidence.model_validate({"urn": "900001", "attendance": {"2014-15": {"overall": "94.5"}}})
BEFORE, FIRST = date(2016, 4, 17), date(2016, 4, 18)


def amendment(
    first: str = "2016-04-18", adopted: str = "2016-03-01", figure: str = "95%", title: str = "Spring"
) -> str:
    return f"""amendment of council.help 2015-16
  title "{title}"
  from {first}
  adopted {adopted}
  replaces least
  cites PLAN "9"

parameter least "the least attendance" : percent
  cites PLAN "9"
  from 2015-09-01: {figure}
"""


def written(folder: Path, *amendments: str, policy: str = POLICY) -> Path:
    """The folder of the policy with amendments; it lies deep, so that no other test's is above it."""
    place = folder / "a" / "b" / "c" / "library" / "help"
    place.mkdir(parents=True)
    (place / "help.policy").write_text(policy, encoding="utf-8")
    for number, text in enumerate(amendments):
        (place / f"amendment_{number}.policy").write_text(text, encoding="utf-8")
    return place


def statuses(folder: Path, *days: date) -> list[str]:
    policy = open_policy(folder, keep=False)
    return [policy.decide(SCHOOL, on=day).triggers[0].status for day in days]


def test_the_old_text_counts_up_to_the_day_before(tmp_path: Path) -> None:
    """The day before and the day itself; the core of each day is whole."""
    folder = written(tmp_path, amendment())
    assert statuses(folder, BEFORE, FIRST) == ["does_not_hold", "holds"]
    policy = open_policy(folder, keep=False)
    assert [broken(policy.core_on(day)) for day in (BEFORE, FIRST)] == [[], []]


def test_a_kept_core_of_one_day_is_never_taken_for_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loaded a second time, from what was kept, each day still has its own rules."""
    monkeypatch.setenv("SI_RULES_CACHE", str(tmp_path / "cache"))
    folder = written(tmp_path, amendment())
    for _ in range(2):
        policy = open_policy(folder)
        assert [policy.decide(SCHOOL, on=day).triggers[0].status for day in (BEFORE, FIRST)] == [
            "does_not_hold",
            "holds",
        ]


def test_the_digest_and_the_files_take_in_an_amendment(tmp_path: Path) -> None:
    """Another word in the amendment is another digest, of the days before it too; its file is among those that went in."""
    one = open_policy(written(tmp_path / "1", amendment()), keep=False)
    two = open_policy(written(tmp_path / "2", amendment(figure="96%")), keep=False)
    none = open_policy(written(tmp_path / "3"), keep=False)
    assert len({one.digest, two.digest, none.digest}) == 3
    assert [item.name for item in one.files][:2] == ["help.policy", "amendment_0.policy"]
    assert one.decide(SCHOOL, on=BEFORE).policy.digest == one.digest == one.decide(SCHOOL, on=FIRST).policy.digest


def test_a_policy_that_uses_an_amended_one_changes_with_it(tmp_path: Path) -> None:
    """On its day, as far as it was adopted; and the decision names the amendment with the policy it is of."""
    folder = written(tmp_path, amendment())
    own = folder.parent / "concern"
    own.mkdir()
    (own / "concern.policy").write_text(USING, encoding="utf-8")
    policy = PolicyLibrary(folder.parent, keep=False).in_force("council.concern", on=FIRST)
    found = [policy.decide(SCHOOL, on=day) for day in (BEFORE, FIRST)]
    assert [item.triggers[0].status for item in found] == ["does_not_hold", "holds"]
    assert [item.title for item in found[1].policy.amendments] == ["council.help 2015-16: Spring"]
    unknown = policy.decide(SCHOOL, on=FIRST, known_at=date(2016, 2, 1))
    assert [item.path for item in unknown.ignored_evidence] == [
        "amendment from 2016-04-18: council.help 2015-16: Spring"
    ]


def test_a_ledger_keeps_the_amendment_and_decides_the_same_again(tmp_path: Path) -> None:
    """Recorded before and after; replayed from the ledger alone, both come out the same."""
    policy = open_policy(written(tmp_path, amendment()), keep=False)
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        receipts = ledger.record_many(policy.decide(SCHOOL, on=day) for day in (BEFORE, FIRST))
        assert [ledger.replay(item.id).status for item in receipts] == ["same", "same"]
        (said,) = ledger.decision(receipts[1].id).policy.amendments
    assert (said.title, said.first, said.adopted) == ("Spring", FIRST, date(2016, 3, 1))


def test_an_edition_has_only_so_many_amendments(tmp_path: Path) -> None:
    """As many as the limit are put in, each from its day; one more is refused."""
    texts = [amendment(f"2016-03-{day:02d}", title=f"{day}") for day in range(1, MOST_AMENDMENTS + 1)]
    policy = open_policy(written(tmp_path / "1", *texts), keep=False)
    assert len(policy.decide(SCHOOL, on=FIRST).policy.amendments) == MOST_AMENDMENTS
    with pytest.raises(PolicyError, match=f"more than {MOST_AMENDMENTS} amendments"):
        open_policy(written(tmp_path / "2", *texts, amendment()), keep=False)


def test_a_fault_in_an_amendment_makes_the_edition_unusable_and_is_told_where_it_stands(tmp_path: Path) -> None:
    """The file of the amendment is named, and its line; of what only the amended text has wrong, it says when."""
    folder = written(tmp_path, amendment().replace("replaces least", "replaces leest"))
    with pytest.raises(PolicyError, match=r"amendment_0\.policy:5: `leest` is to be replaced, and does not stand here"):
        open_policy(folder, keep=False)
    gone = written(tmp_path / "gone", amendment().partition("\nparameter")[0].replace("replaces", "withdraws") + "\n")
    with pytest.raises(PolicyError, match=r"help\.policy:.*`least`.* while “Spring” amends it, from 2016-04-18 on"):
        open_policy(gone, keep=False)


def test_an_amendment_by_itself_is_no_policy(tmp_path: Path) -> None:
    """Named alone, it is told that the folder is wanted."""
    folder = written(tmp_path, amendment())
    done = CliRunner().invoke(group, ["check", str(folder / "amendment_0.policy")])
    assert done.exit_code == 3
    assert "this is an amendment: name the folder in which all of the edition stands" in done.stderr


def test_the_library_lists_amendments_under_their_edition(tmp_path: Path) -> None:
    """In the order of their days, with both days; with --files every file and its digest."""
    later = amendment("2016-06-01", "2016-05-01", title="Summer")
    folder = written(tmp_path, later, amendment())
    done = CliRunner().invoke(group, ["policies", str(folder.parent), "--files"])
    lines = done.stdout.splitlines()
    assert lines[1:3] == [
        "  amended from 2016-04-18, adopted 2016-03-01: Spring",
        "  amended from 2016-06-01, adopted 2016-05-01: Summer",
    ]
    assert [line.split("  ")[2] for line in lines[3:]] == [
        "help.policy (council.help 2015-16)",
        "amendment_1.policy (council.help 2015-16)",
        "amendment_0.policy (council.help 2015-16)",
        "school.vocabulary (vocabulary)",
    ]
