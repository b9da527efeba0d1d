"""Letters: a draft says what it is and rests on, from the view of its own audience; templates show and choose only."""

import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel
from tests.documents.moderating import moderated
from tests.documents.reading import Page, page_of_markdown

from si_rules import Decision, SchoolEvidence
from si_rules.decisions.moderation import Moderations, Standing
from si_rules.documents import templates
from si_rules.documents.letters import Draft, Letters
from si_rules.documents.templates import DEEPEST_LOOP, LONGEST_LETTER
from si_rules.evidence.extras import ExtraMissing
from si_rules.library.letters import MOST_BYTES, LettersUnusable, read_letters
from si_rules.policy import Policy

ON = date(2015, 11, 4)
DECLARED = """
[repair]
title = "On the repair of the house"
action = "send_letter"
about = ["repair"]
to = ["tenant"]
audience = "tenant"
"""


@pytest.fixture(scope="module")
def letters(policy: Policy) -> Letters:
    return Letters.of(policy)


@pytest.fixture(scope="module")
def decisions(policy: Policy, schools: list[BaseModel]) -> list[Decision]:
    return [policy.decide(school, on=ON) for school in schools]


@pytest.fixture(scope="module")
def years(letters: Letters, schools: list[BaseModel]) -> dict[str, dict[str, Decision]]:
    """What the other policies say of which letters tell, by school and policy."""
    others = letters.further(ON)
    return {
        school.urn: {id: policy.decide(school, on=ON, audience={"governors"}) for id, policy in others.items()}  # type: ignore[attr-defined]
        for school in schools
    }


def drafted(letters: Letters, decision: Decision, standing: dict[str, Standing] | None = None,
            years: dict[str, dict[str, Decision]] | None = None) -> Draft:  # fmt: skip
    (name,) = letters.letters
    further = None if years is None else years[decision.subject.id]
    draft = letters.draft(name, decision, standing, further)
    assert draft is not None
    return draft


# ---- what every draft says


def test_every_draft_says_what_it_is_and_what_is_missing(
    letters: Letters, decisions: list[Decision], years: dict[str, dict[str, Decision]]
) -> None:
    """Of each school of the cohort: a draft, the duty it rests on, who signs, and what is open, in both forms."""
    for decision in decisions:
        draft = drafted(letters, decision, {}, years)
        view = decision.for_audience({"governors"})
        result = view.classifications["category"]
        for form, text in draft.texts.items():
            page = Page(text) if form == "html" else page_of_markdown(text)
            head = " ".join(page.words).partition("To the headteacher and the governing body")[0]
            assert head.count("Draft.") == 1
            assert "It rests on: a duty. The Local Authority will send the school a letter" in head
            assert "[SIS 4 Annual Review and Risk Assessment]" in head
            assert "To be signed: for the Local Authority; the policy does not say by whom." in head
            assert view.digest in head
            assert "No moderation of the Local Authority category is recorded." in head
            assert ("is not determined" in head) == (result.status == "undetermined")
            assert ("No class of the Local Authority category describes" in head) == (result.status == "unmatched")
            if result.status == "undetermined":
                assert "All that can still matter" in head
                assert all(f"{label} (" in head for label in result.possible if label != "unmatched")


def test_both_forms_say_the_same(
    letters: Letters, decisions: list[Decision], policy: Policy, years: dict[str, dict[str, Decision]]
) -> None:
    """Markdown and HTML of a letter have the same words in the same order, moderated or not."""
    for decision in decisions[:30]:
        for standing in ({}, moderated(decision, policy, "3")):
            draft = drafted(letters, decision, standing, years)
            body = draft.texts["html"].partition("<body>")[2].partition("</body>")[0]
            assert Page(body).words == page_of_markdown(draft.texts["md"]).words


def test_the_outcome_of_the_rules_stands_beside_the_moderated_one(
    letters: Letters, decisions: list[Decision], policy: Policy, years: dict[str, dict[str, Decision]]
) -> None:
    """A moderated letter tells both outcomes and the reason; what follows is that of the class people gave."""
    decision = next(d for d in decisions if d.classifications["category"].outcome == "5")
    text = " ".join(page_of_markdown(drafted(letters, decision, moderated(decision, policy, "3")).texts["md"]).words)
    assert "3, Securing Good, following moderation on 20 November 2015." in text
    assert "The reason given: The visit of October showed it." in text
    assert "By themselves the criteria of the strategy say: 5, Extreme Concern." in text
    assert "was moderated to 3, Securing Good; the rules say: 5, Extreme Concern." in text
    assert "The school must produce an action plan. [SIS 6 Category 3, Local Authority Intervention]" in text
    assert "arrange a regular meeting of headteacher and chair" not in text
    assert "Assistant Director" in text
    same = drafted(letters, decision, moderated(decision, policy, "5"), years)
    assert "The criteria of the strategy say the same." in same.texts["md"]
    assert same.missing == ()
    assert "nothing is missing that the policy asks for" in same.texts["md"]


def test_a_letter_says_how_to_present_more_evidence(letters: Letters, policy: Policy, schools: list[BaseModel]) -> None:
    """An academy that takes no visits is told that it may add evidence and ask again, where the policy says so; others not."""
    (year,) = letters.further(ON).values()
    told = {}
    for name, known in (("academy", {"uses_step_service": "no"}), ("visited", {"uses_step_service": "yes"})):
        school = SchoolEvidence(urn="990001", phase="secondary", legal_type="academy_converter", **known)
        draft = drafted(letters, policy.decide(school, on=ON), {}, {"990001": {year.id: year.decide(school, on=ON)}})
        told[name] = " ".join(page_of_markdown(draft.texts["md"]).words).partition("What you may do")[2]
    assert "The school may provide additional evidence to contribute to the judgement." in told["academy"]
    assert (
        "The school may present more evidence, where it feels that the judgement should be reconsidered."
        in told["academy"]
    )
    assert "RA-RECONSIDER" in told["academy"]
    assert "evidence" not in told["visited"]


def test_an_open_outcome_that_was_moderated_is_not_open_in_the_letter(
    letters: Letters, decisions: list[Decision], policy: Policy
) -> None:
    """People may decide what the rules leave open; the letter says so, and what the rules leave open."""
    decision = next(d for d in decisions if d.classifications["category"].status == "undetermined")
    draft = drafted(letters, decision, moderated(decision, policy, "4"))
    assert "By themselves the criteria of the strategy say: not determined; still possible:" in draft.texts["html"]
    assert "School of Concern meeting" in draft.texts["html"]
    assert [sentence for sentence in draft.missing if "is not determined" in sentence] == []


def test_a_reason_kept_to_some_is_not_in_the_letter(
    letters: Letters, decisions: list[Decision], policy: Policy
) -> None:
    """Where the readers of a letter may not see who moderated and why, they see the outcome, and no gap."""
    decision = next(d for d in decisions if d.classifications["category"].outcome == "5")
    draft = drafted(letters, decision, moderated(decision, policy, "3", shown_to=["officers"]))
    assert "3, Securing Good" in draft.texts["md"]
    for word in ("visit of October", "A. Officer", "head of service", "reason given", "officers"):
        assert word not in draft.texts["md"] + draft.texts["html"]


def test_the_day_outside_the_period_is_among_what_is_missing(letters: Letters, policy: Policy) -> None:
    """A letter under a policy that was not in force says so before all else."""
    decision = policy.decide(SchoolEvidence(urn="990001"), on=date(2017, 11, 4), as_if=True)
    assert "was not in force on 4 November 2017" in drafted(letters, decision).missing[0]


# ---- audiences


def written(folder: Path, body: str, declared: str = DECLARED, form: str = "md", **more: str) -> Path:
    """A folder of letters with one template."""
    folder.mkdir(exist_ok=True)
    (folder / "letters.toml").write_text(declared, encoding="utf-8")
    (folder / f"repair.{form}.jinja").write_text(body, encoding="utf-8")
    for name, text in more.items():
        (folder / f"{name}.{form}.jinja").write_text(text, encoding="utf-8")
    return folder


EVERYTHING = """{% for item in theirs.duties %}{{ item.sentence }}{% endfor %}{% for item in others.duties %}{{ item.sentence }}
{% endfor %}{% for item in triggers %}{{ item.title }}{% endfor %}{{ decision.digest }}"""


def test_a_letter_holds_nothing_that_its_audience_may_not_see(
    town: Policy, house: Callable[..., BaseModel], tmp_path: Path
) -> None:
    """A letter is made from the view of its audience: what is confidential changes no letter of it, not by a byte."""
    declared = DECLARED + 'triggers = ["*"]\nalso = ["*"]\n'
    letters = Letters.of(town, written(tmp_path / "l", EVERYTHING, declared))
    with_debt = town.decide(house("1", state="ruined", judgements={"debt": "yes"}), on=ON)
    without = town.decide(house("1", state="ruined"), on=ON)
    assert drafted(letters, with_debt).texts == drafted(letters, without).texts
    assert "debt" not in drafted(letters, with_debt).texts["md"]
    officers = Letters.of(
        town, written(tmp_path / "o", EVERYTHING, declared.replace('audience = "tenant"', 'audience = "officers"'))
    )
    assert "the tenant is in debt" in drafted(officers, with_debt).texts["md"]


def test_a_decision_for_others_makes_no_letter(town: Policy, house: Callable[..., BaseModel], tmp_path: Path) -> None:
    """A letter is not made from a decision that was made for other people."""
    letters = Letters.of(town, written(tmp_path / "l", "x"))
    with pytest.raises(ValueError, match="was made for officers, not for 'tenant'"):
        letters.draft("repair", town.decide(house("1"), on=ON, audience={"officers"}))


# ---- which letters are due


def test_a_power_is_drafted_and_told_as_one(town: Policy, house: Callable[..., BaseModel], tmp_path: Path) -> None:
    """A letter that the policy only allows says that somebody has to decide; one that nothing brings is not drafted."""
    letters = Letters.of(town, written(tmp_path / "l", "x", DECLARED.replace("send_letter", "move_tenant")))
    sure = letters.draft("repair", town.decide(house("1", state="ruined", judgements={"danger": "yes"}), on=ON))
    assert sure is not None
    assert (sure.status, sure.sort) == ("follows", "power")
    assert "a power, which somebody has to decide to use. The town may move the tenant." in sure.texts["md"]
    perhaps = letters.draft("repair", town.decide(house("1", state="ruined"), on=ON))
    assert perhaps is not None
    assert perhaps.status == "possible"
    assert "only if “there is danger” is judged yes; that is not known" in perhaps.missing[0]
    assert letters.draft("repair", town.decide(house("1", state="sound"), on=ON)) is None


def test_any_policy_has_the_plain_letter(town: Policy, house: Callable[..., BaseModel]) -> None:
    """A policy without letters of its own has one that tells all that everybody may see, and rests on no act."""
    letters = Letters.of(town)
    draft = drafted(letters, town.decide(house("1", state="ruined", judgements={"debt": "yes"}), on=ON))
    text = " ".join(page_of_markdown(draft.texts["md"]).words)
    assert "It rests on: the policy names no act that sends this letter." in text
    assert "Urgent, Urgent repair" in text.replace("urgent, ", "Urgent, ")
    assert "The town must repair it at once. [PLAN 1.1]" in text
    assert "debt" not in text


# ---- other policies

ELSEWHERE = DECLARED + 'elsewhere = ["town.year.bring_evidence", "town.year.ask_again"]\n'
TELLS = """{% for item in theirs.powers %}{{ item.sentence }} {{ item.cites }}
{% endfor %}{% for item in others.duties %}{{ item.sentence }}
{% endfor %}{% for group in theirs.possible %}if {{ group.condition }}: {% for item in group.follows %}{{ item.action }}
{% endfor %}{% endfor %}{% for item in interpretations %}{{ item.id }}{% endfor %} {% for source, title in policy.sources %}{{ source }} {% endfor %}"""


def test_a_letter_tells_what_another_policy_says(town: Policy, house: Callable[..., BaseModel], tmp_path: Path) -> None:
    """Actions of another policy stand among the rest, with its citations, interpretations and sources, and no others."""
    letters = Letters.of(town, written(tmp_path / "l", TELLS, ELSEWHERE))
    (year,) = letters.further(ON).values()
    known, open_ = house("1", state="worn", rent=5), house("1", rent=5)
    drafts = {}
    for name, record in (("known", known), ("open", open_)):
        decision = town.decide(record, on=ON)
        draft = letters.draft("repair", decision, further={"town.year": year.decide(record, on=ON)})
        assert draft is not None
        drafts[name] = draft.texts["md"].partition("---")[2]
    assert "The tenant may bring more evidence. YEAR 1" in drafts["known"]
    assert "The tenant may ask for it to be looked at again, during this year. YEAR 1" in drafts["known"]
    assert "YEAR-1" in drafts["known"]
    assert "YEAR PLAN" in drafts["known"] or "PLAN YEAR" in drafts["known"]
    for word in ("The town must count", "YEAR-2", "read it"):
        assert word not in drafts["known"]
    assert "if worn or worse: bring\\_evidence" in drafts["open"]
    alone = letters.draft("repair", town.decide(known, on=ON))
    assert alone is not None
    assert alone.missing[-1] == "What the policy town.year says was not asked; the letter tells nothing of it."
    with pytest.raises(ValueError, match=r"the decision under town\.year is about 2, not 1"):
        letters.draft("repair", town.decide(known, on=ON), further={"town.year": year.decide(house("2"), on=ON)})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("town.year.bring_evidence", "town.year.bring_evidense", "[repair], elsewhere: town.year has no action that its readers may see 'bring_evidense'; did you mean bring_evidence?"),
        ("town.year.bring_evidence", "town.year.read_it", "town.year has no action that its readers may see 'read_it'"),
        ("town.year.bring_evidence", "town.yaer.bring_evidence", "letters.toml: there is no policy town.yaer, of which a letter tells"),
        ("town.year.bring_evidence", "bring_evidence", "'bring_evidence' names no action of another policy, as in other.policy.send_reminder"),
        ("town.year.bring_evidence", "town.houses.plan_repair", "'town.houses.plan_repair' names no action of another policy"),
    ],
)  # fmt: skip
def test_what_is_not_elsewhere_is_told(town: Policy, tmp_path: Path, old: str, new: str, words: str) -> None:
    """An action that another policy does not have for these readers, or a policy that is not there, is refused."""
    with pytest.raises(LettersUnusable) as refused:
        Letters.of(town, written(tmp_path / "l", "x", ELSEWHERE.replace(old, new))).further(ON)
    assert words in str(refused.value)


# ---- names that would be more than names


@pytest.mark.parametrize(
    "name",
    ["{{ 7 * 7 }}", "{% include 'letters.toml' %}", "{{ subject.__class__ }}", "<script>alert(1)</script>", "**x** [y](http://a.example)",
     "# heading\n\n- item", "a|b", "</body></html>", "x" * 5000, "\u202eesrever", "&copy; 'q' \"r\""],
)  # fmt: skip
def test_a_name_is_a_name(letters: Letters, policy: Policy, name: str) -> None:
    """Whatever a school is called, its letter shows that and carries nothing of it out."""
    draft = drafted(letters, policy.decide(SchoolEvidence(urn="990001", name=name), on=ON))
    page = Page(draft.texts["html"])
    wanted = " ".join(name.replace("\u202e", "").split())
    assert page.open == []
    assert not {"script", "a", "img"} & set(page.tags)
    assert f"To the headteacher and the governing body of {wanted} (990001)" in " ".join(page.words)
    rendered = page_of_markdown(draft.texts["md"])
    assert f"To the headteacher and the governing body of {wanted} (990001)" in " ".join(rendered.words)
    assert not {"script", "a", "img"} & set(rendered.tags)


# ---- templates


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("a\n{{ shcool }}", "repair.md.jinja, line 2: there is no `shcool`; there is decision"),
        ("{{ subjekt.name }}", "line 1: there is no `subjekt`; did you mean `subject`?"),
        ("\n\n{{ subject.nmae }}", "line 3: there is no `nmae` here; did you mean `name`?"),
        ("{% for o in outcomes %}\n{% for b in o.rules.because %}\n{{ b.titel }}\n{% endfor %}\n{% endfor %}", "line 3: there is no `titel` here; did you mean `title`?"),
        ("{% for o in outcomes %}{{ o }}{% endfor %}", "something with parts would be printed here"),
        ("{{ outcomes }}", "a list would be printed here; name a part of it, or go through it with `for`"),
        ("{{ subject.name.upper }}", "a method is named here; there are filters instead"),
        ("{{ (outcomes | first).moderation }}", "nothing would be printed here; ask for it with `if`"),
        ("{{ theirs.powers | first }}", "No first item, sequence was empty."),
        ("{{ outcomes | join(', ') }}", "something with parts would be printed here"),
        ("{{ subject.__class__ }}", "line 1:"),
        ("{{ subject._private }}", "line 1:"),
        ("{{ subject.name.__init__.__globals__ }}", "line 1:"),
        ("{{ subject.name", "line 1: unexpected end of template"),
        ("{% if subject.name %}", "line 1: unexpected end of template"),
        ("{% endfor %}", "encountered unknown tag 'endfor'"),
        ("a\n{{ range(10) }}", "line 2: a call is not for letters"),
        ("{{ subject.name.upper() }}", "a call is not for letters"),
        ("{% set x = 1 %}", "`set` is not for letters"),
        ("{% set x %}a{% endset %}", "`set` is not for letters"),
        ("{% macro m() %}{% endmacro %}", "a macro is not for letters"),
        ("{% import 'a' as b %}", "`import` is not for letters"),
        ("{% extends 'a' %}", "`extends` is not for letters"),
        ("{% block a %}{% endblock %}", "`block` is not for letters"),
        ("{% filter upper %}a{% endfilter %}", "`filter` is not for letters"),
        ("{% with a = 1 %}{% endwith %}", "`with` is not for letters"),
        ("{% autoescape false %}{{ subject.name }}{% endautoescape %}", "line 1:"),
        ("{{ 'a' * 100000000 }}", "this operation is not for letters"),
        ("{{ 9 ** 9 ** 9 }}", "this operation is not for letters"),
        ("{{ 'a' ~ 'b' }}", "`~` is not for letters"),
        ("{{ subject['name'] }}", "`[…]` is not for letters"),
        ("{{ subject.name | safe }}", "there is no filter `safe`; there is capitalize"),
        ("{{ subject.name | replace('a', 'b') }}", "there is no filter `replace`"),
        ("{{ subject.name | attr('x') }}", "there is no filter `attr`"),
        ("{{ outcomes | map('upper') }}", "map takes a part of each"),
        ("{% if subject.name is defined %}{% endif %}", "there is no test `defined`"),
        ("{% for a in outcomes recursive %}{% endfor %}", "a recursive loop is not for letters"),
        ("{% for a in outcomes %}{% for b in outcomes %}{% for c in outcomes %}{% for d in outcomes %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}", f"more than {DEEPEST_LOOP} loops stand in each other"),
        ("{% include 'repair.md.jinja' %}", "includes itself"),
        ("{% include 'foot.md.jinja' %}", "there is no template `foot.md.jinja` of this form in the folder"),
        ("{% include '../../secret.md.jinja' %}", "there is no template `../../secret.md.jinja`"),
        ("{% include '/etc/passwd' %}", "there is no template `/etc/passwd`"),
        ("{% include subject.name %}", "include takes one name in quotation marks"),
        ("{% include ['a', 'b'] %}", "include takes one name in quotation marks"),
        ("{{ " + "(" * 500 + "1" + ")" * 500 + " }}", "too deep"),
        ("{{ " + "not " * 200 + "1 }}", "deep in each other"),
    ],
)  # fmt: skip
def test_what_a_template_may_not_do_is_told_with_its_line(
    town: Policy, house: Callable[..., BaseModel], tmp_path: Path, body: str, words: str
) -> None:
    """A template that names what there is not, or would do more than show, is refused in a sentence with its line."""
    with pytest.raises(LettersUnusable) as refused:
        drafted(Letters.of(town, written(tmp_path / "l", body)), town.decide(house("1", state="ruined"), on=ON))
    assert words in str(refused.value)
    assert "repair.md.jinja" in str(refused.value)


def test_a_part_is_included_and_knows_the_loop_it_stands_in(
    town: Policy, house: Callable[..., BaseModel], tmp_path: Path
) -> None:
    """A template whose name begins with `_` is a part of others; its mistakes are told with its own line."""
    body = "{% for item in others.duties %}{% include '_duty.md.jinja' %}\n{% endfor %}"
    decision = town.decide(house("1", state="ruined"), on=ON)
    letters = Letters.of(town, written(tmp_path / "l", body, _duty="- {{ item.title | capitalize }}"))
    assert "- Repair it at once" in drafted(letters, decision).texts["md"]
    wrong = Letters.of(town, written(tmp_path / "m", body, _duty="\n{{ itme.title }}"))
    with pytest.raises(LettersUnusable, match=r"_duty\.md\.jinja, line 2: there is no `itme` here"):
        drafted(wrong, decision)


def test_filters_and_tests_do_what_letters_need(town: Policy, house: Callable[..., BaseModel], tmp_path: Path) -> None:
    """What is there for letters works: words, days, lists, and choosing among what follows."""
    body = (
        "{{ decision.on | day }}/{{ subject.kind | upper }}/{{ subject.kind | capitalize | lower }}/{{ 'a_b' | words }}/"
        "{{ others.duties | map(attribute='action') | join(' and ') | words }}/{{ others.duties | length }}/"
        "{% for d in others.duties | selectattr('when', 'none') %}{{ d.action | words }}{% if not loop.last %}, {% endif %}{% endfor %}/"
        "{% for d in others.duties | rejectattr('when', 'none') %}{{ d.when }}{% endfor %}/"
        "{% if (others.duties | first).modality in ('must', 'will') and (others.duties | last).sort == 'duty' %}yes{% endif %}"
    )
    text = drafted(Letters.of(town, written(tmp_path / "l", body)), town.decide(house("1", state="worn"), on=ON)).texts[
        "md"
    ]
    assert text.splitlines()[-1] == "4 November 2015/HOUSE/house/a b/plan repair/1//every year/yes"


def test_a_letter_does_not_grow_without_end(town: Policy, house: Callable[..., BaseModel], tmp_path: Path) -> None:
    """A template that multiplies is stopped at a length, soon."""
    row = "{{ subject.name }}" * 200
    body = (
        "{% for a in outcomes %}{% for b in a.rules.classes %}{% for c in a.rules.classes %}" + row + "{% endfor %}" * 3
    )
    letters = Letters.of(town, written(tmp_path / "l", body))
    decision = town.decide(house("1", state="worn", title="x" * 10_000), on=ON)
    start = time.monotonic()
    with pytest.raises(LettersUnusable, match=f"beyond {LONGEST_LETTER:,} characters"):
        drafted(letters, decision)
    assert time.monotonic() - start < 20  # far above what it takes: a guard against running away, no measurement


# ---- folders


def test_no_other_file_is_reached(town: Policy, tmp_path: Path) -> None:
    """Links, folders, and what is too large or no text are refused by name; other files are passed over."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    for name, make in {
        "link": lambda path: path.symlink_to(secret),
        "folder": lambda path: path.mkdir(),
        "large": lambda path: path.write_bytes(b"x" * (MOST_BYTES + 1)),
        "bytes": lambda path: path.write_bytes(b"\xff\xfe"),
    }.items():
        folder = written(tmp_path / name, "x")
        make(folder / "other.md.jinja")
        with pytest.raises(LettersUnusable, match=r"^other\.md\.jinja: "):
            read_letters(folder)
    folder = written(tmp_path / "more", "x")
    for name in (".hidden.md.jinja", "README.md", "UPPER.md.jinja", "a b.md.jinja", "x.txt.jinja", "-a.md.jinja"):
        (folder / name).write_text("{{", encoding="utf-8")
    assert set(read_letters(folder).templates) == {"repair.md.jinja"}
    with pytest.raises(LettersUnusable, match="no such file or directory"):
        Letters.of(town, tmp_path / "nowhere")
    (folder / "letters.toml").unlink()
    with pytest.raises(LettersUnusable, match=r"there is no letters\.toml"):
        Letters.of(town, folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("send_letter", "send_leter", "letters.toml, [repair], action: the policy has no action that its readers may see 'send_leter'; did you mean send_letter?"),
        ('"repair"]', '"repare"]', "[repair], about: the policy has no classification that its readers may see 'repare'; did you mean repair?"),
        ('to = ["tenant"]', 'to = ["landlord"]', "[repair], to: the policy has no party 'landlord'"),
        ('audience = "tenant"', 'audience = "tenants"', "[repair], audience: the policy has no audience 'tenants'; did you mean tenant?"),
        ('audience = "tenant"', 'audience = ["tenant", "officers"]', "[repair], audience:"),
        ('audience = "tenant"', 'triggers = ["confidential_debt"]', "the policy has no trigger that its readers may see 'confidential_debt'"),
        ('action = "send_letter"', 'action = "visit"', "the policy has no action that its readers may see 'visit'"),
        ("title", "titel", "[repair], title: is missing"),
        ("audience", "audiense", "[repair], audiense: is not a key of a letter"),
        ("[repair]", "[other]", "[other]: there is no template other.md.jinja or other.html.jinja beside it"),
        ("[repair]", "[repair", "letters.toml: "),
        (DECLARED, "repair = 3", "`repair` is no letter; a letter begins with a line [repair]"),
        (DECLARED, "", "letters.toml declares no letter"),
        (DECLARED, "a = " + "[" * 2000, "letters.toml: "),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_declaration_is_told_at_its_key(
    town: Policy, tmp_path: Path, old: str, new: str, words: str
) -> None:
    """A declaration that names what the policy does not have, or its readers may not see, is refused with the key."""
    assert old in DECLARED
    with pytest.raises(LettersUnusable) as refused:
        Letters.of(town, written(tmp_path / "l", "x", DECLARED.replace(old, new)))
    assert words in str(refused.value)


def test_a_style_of_its_own_takes_the_place_of_ours(
    town: Policy, house: Callable[..., BaseModel], tmp_path: Path
) -> None:
    """`letters.css` is the style of a page; it cannot end its own element."""
    folder = written(tmp_path / "l", "<p>x</p>", form="html")
    (folder / "letters.css").write_text("body { color: green; }\n", encoding="utf-8")
    text = drafted(Letters.of(town, folder), town.decide(house("1"), on=ON)).texts["html"]
    assert "<style>\nbody { color: green; }\n</style>" in text
    (folder / "letters.css").write_text("</style><script>", encoding="utf-8")
    with pytest.raises(LettersUnusable, match="a style holds no `<`"):
        Letters.of(town, folder)


def test_without_jinja_it_is_said_what_to_install(town: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Jinja2 is absent, letters say which extra brings it."""
    monkeypatch.setattr(templates, "find_spec", lambda name: None)
    with pytest.raises(ExtraMissing, match=re.escape("pip install 'si-rules[letters]'")):
        Letters.of(town)


def test_nothing_stands_where_there_are_no_moderations(policy: Policy, decisions: list[Decision]) -> None:
    """Of no moderations none is about a decision, and none is stale."""
    assert Moderations({}).of(decisions[0]) == ({}, [])
