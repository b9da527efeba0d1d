"""Documents drafted from a case: each says of which power or duty it is a draft, and what is missing; else it is refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.documents.reading import Page, page_of_markdown
from tests.pathways.cases import DONCASTER, LIBRARY, history, school
from tests.pathways.test_random_histories import Random

from si_rules.decisions.wording import Wording
from si_rules.documents.case_basis import NOTHING_KNOWN
from si_rules.documents.case_drafts import CaseDocuments, CaseDraft, NotGiven
from si_rules.evaluation.situation import Situation
from si_rules.library.letters import LettersUnusable
from si_rules.policy import PolicyLibrary
from si_rules.semantics.traversal import conditions_of

POLICY = LIBRARY.in_force(DONCASTER, on=date(2015, 11, 4))
DOCUMENTS = CaseDocuments.of(POLICY)
OF_CONCERN = ("2015-09-10 identified", "2015-10-08 concern_meeting progress=insufficient sustained=yes")
ACADEMY = {"legal_type": "academy_converter"}
ACADEMY_OF_CONCERN = ("2015-09-10 academy_concern_found ground=declining_standards",)


def drafted(name: str, *events: Any, on: str = "2015-11-30", **fields: Any) -> CaseDraft:
    """A draft from a history, about a maintained primary school unless fields say otherwise."""
    found = history(*(events or OF_CONCERN))
    return DOCUMENTS.draft(name, found, on=date.fromisoformat(on), evidence=school(**fields), library=LIBRARY)


def said(draft: CaseDraft) -> str:
    return " ".join(page_of_markdown(draft.texts["md"]).words)


# ---- what every draft says


@pytest.mark.parametrize("name", sorted(set(DOCUMENTS.documents) - {"academy_warning_letter"}))
def test_every_draft_says_what_it_is_in_both_forms(name: str) -> None:
    """A draft, the power or duty with its paragraph, and for whom it is signed, in the same words in Markdown and HTML."""
    draft = drafted(name)
    duty = name in ("action_plan", "timeline", "concern_meeting_agenda")
    assert draft.sort == ("duty" if duty else "power")
    head = said(draft)[:1200]
    assert f"Draft. {draft.document.title}, for 990001. Not signed and not sent." in head
    assert ("a duty. The Local Authority will" if duty else "a power, which somebody has to decide to use.") in head
    assert "[SIS 5" in head
    assert "To be signed: for the Local Authority" in head
    body = draft.texts["html"].partition("<body>")[2].partition("</body>")[0]
    assert Page(body).words == page_of_markdown(draft.texts["md"]).words
    for sentence in draft.missing:
        assert sentence in said(draft)


def test_a_letter_to_an_academy_is_a_duty_and_never_a_notice() -> None:
    """Sustained lack of progress makes the letter a duty; the Authority has no notice over an academy."""
    events = (*ACADEMY_OF_CONCERN, "2015-11-02 sustained_lack_of_progress")
    draft = drafted("academy_warning_letter", *events, **ACADEMY)
    assert draft.sort == "duty"
    assert "The Local Authority intends to inform the Secretary of State." in said(draft)
    with pytest.raises(
        NotGiven, match=r"“A maintained school of concern” does not apply to it; .*An academy of concern"
    ):
        drafted("warning_notice", *events, **ACADEMY)


# ---- the law of the day


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ("2015-10-12", "2 November 2015"),
        ("2015-11-30", "21 December 2015"),
        ("2015-12-14", "7 January 2016"),
        ("2016-03-14", "6 April 2016"),
    ],
)
def test_a_notice_tells_the_end_of_its_period_by_the_law_of_the_day(given: str, ends: str) -> None:
    """Until 17 April 2016 the law fixes fifteen working days and hears the Chief Inspector."""
    text = said(drafted("warning_notice", on=given))
    assert f"to the end of {ends}. [EIA section 60(4)" in text
    assert "representations in writing to the Chief Inspector" in text
    assert "The Secretary of State." not in text


def test_from_18_april_2016_a_notice_states_its_own_period() -> None:
    """No period is fixed and none is told; the Secretary of State has a copy; representations are gone."""
    text = said(drafted("warning_notice", on="2016-04-18"))
    assert "Time to comply, which this notice has to state: ____________________ [EIA section 60" in text
    assert "to the end of" not in text
    assert "representations to the Chief Inspector are no longer provided for" in text
    assert "The Secretary of State." in text


# ---- what is missing


def test_what_is_described_before_an_act_and_has_not_happened_is_missing() -> None:
    """A notice without the letter before it is drafted, and says so with the paragraph; after it nothing is missing there."""
    without = drafted("warning_notice").missing
    assert [item for item in without if item.startswith("Described before it, and not met:")]
    after = ("2015-10-20 warning_letter", "2015-11-20 concern_meeting progress=insufficient")
    assert not [item for item in drafted("warning_notice", *OF_CONCERN, *after).missing if "Described" in item]


def test_results_that_are_not_known_are_missing_and_others_are_shown() -> None:
    """A plan shows results by year; those of a stage that the school does not have are left out."""
    plan = drafted("action_plan", on="2016-01-10", ks2={"2014-15": {"rwm_level_4_plus": 61}})
    assert "2014-15: 61%" in said(plan)
    assert any(item.startswith("Not known: pupils at level 4") and "2014-15" not in item for item in plan.missing), (
        plan.missing
    )
    junior = drafted("action_plan", phase="secondary")
    assert not [item for item in junior.missing if "level 4" in item]


def test_what_is_not_known_leaves_a_draft_that_says_so() -> None:
    """Without the type of the school the draft stands, and says that nobody knows whether it may be sent."""
    missing = drafted("warning_notice", legal_type=None).missing
    assert missing[0] == "It is not known whether “A maintained school of concern” applies: the evidence does not tell."
    judged = drafted("warning_letter", "2015-09-10 identified", "2015-10-08 concern_meeting").missing
    assert [item for item in judged if item.startswith("It rests on this only if") and "not known" in item]


def test_what_was_done_already_is_asked_about_unless_it_recurs() -> None:
    """A plan drawn up once is not drawn up again without a word; a meeting is held every term."""
    events = (*OF_CONCERN, "2015-09-20 action_plan_agreed")
    assert [item for item in drafted("action_plan", *events).missing if "done already, on 20 September 2015" in item]
    assert not [item for item in drafted("concern_meeting_agenda").missing if "done already" in item]


# ---- refused


@pytest.mark.parametrize(
    ("name", "events", "says"),
    [
        ("warning_letter", ("2015-10-01 capability_opened",), "has not begun in its history"),
        ("warning_letter", ("2015-09-10 identified", "2015-10-08 concern_meeting progress=suitable"),
         r"only if the formal judgement of progress made at the meeting \(latest concern meeting\) is significantly "
         r"insufficient or .* and that is not so"),
        ("action_plan", (*OF_CONCERN, "2015-11-01 removal_confirmed"), "while the case is no longer of concern"),
        ("academy_warning_letter", OF_CONCERN, "“An academy of concern” does not apply to it"),
    ],
)  # fmt: skip
def test_without_a_power_or_duty_there_is_no_draft(name: str, events: tuple[str, ...], says: str) -> None:
    """Each refusal says what is lacking in a sentence."""
    with pytest.raises(NotGiven, match=says):
        drafted(name, *events)


# ---- who reads it


def outcome(name: str, made: Random, events: list[dict[str, Any]]) -> str:
    """Everything of a draft, or the sentence that refuses it."""
    try:
        found = history(*events)
        return str(DOCUMENTS.draft(name, found, on=made.on, evidence=made.evidence, library=LIBRARY))
    except NotGiven as error:
        return str(error)


def test_capability_changes_no_byte_of_a_document() -> None:
    """Whatever else has happened, a document is the same with and without the confidential events: drafted or refused."""
    drafts = 0
    for seed in range(60):
        made = Random(seed)
        made.policy, made.core = DONCASTER, POLICY.core
        events = [made.event(made.chance.choice(sorted(made.core.events))) for _ in range(8)]
        events = [event for event in events if not event["event"].startswith("capability")]
        events.append({**made.event("identified"), "date": "2015-09-01", "recorded": "2015-09-01"})
        secret = [made.event("capability_opened"), made.event("capability_closed")]
        for name in DOCUMENTS.documents:
            found = outcome(name, made, events)
            assert outcome(name, made, [*events, *secret]) == found
            drafts += found.startswith("CaseDraft(")
    assert drafts > 60


def test_names_are_shown_and_never_carried_out() -> None:
    """A label that holds Markdown and HTML stands in both forms as it is written."""
    label = "<b>St *Swithun*</b> [school](http://x)"
    found = history(*OF_CONCERN).model_copy(update={"label": label})
    draft = DOCUMENTS.draft("warning_letter", found, on=date(2015, 11, 30), evidence=school(), library=LIBRARY)
    assert "<b>" not in draft.texts["html"]
    assert "&lt;b&gt;" in draft.texts["html"]
    assert label in said(draft)


# ---- documents of one's own

DECLARED = '[note]\ntitle = "A note"\npathway = "concern"\naction = "draw_up_timeline"\naudience = "governors"\n'


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        (DECLARED.replace('"concern"', '"concerm"'), "no pathway that its readers may see 'concerm'; did you mean concern"),
        (DECLARED.replace("draw_up_timeline", "draw_up_timelines"), "has no action .* did you mean draw_up_timeline"),
        (DECLARED.replace("governors", "governers"), "no audience 'governers'; did you mean governors"),
        (DECLARED + 'figures = ["ks2.rwm"]\n', "figures: the policy has no result"),
        (DECLARED + 'about = ["category"]\n', "about: .*a key of a document drafted from a case"),
        (DECLARED.replace('"concern"', '"capability"').replace("draw_up_timeline", "prepare_separate_documentation"),
         "no pathway that its readers may see 'capability'"),
    ],
)  # fmt: skip
def test_a_declaration_that_does_not_fit_the_policy_is_refused(tmp_path: Path, declared: str, says: str) -> None:
    """With the table, the key and the nearest name; what its readers may not see is as if it were not there."""
    (tmp_path / "letters.toml").write_text(declared, encoding="utf-8")
    (tmp_path / "note.md.jinja").write_text("{{ document.title }}\n", encoding="utf-8")
    with pytest.raises(LettersUnusable, match=says):
        CaseDocuments.of(POLICY, tmp_path)


def test_a_folder_of_ones_own_and_a_policy_by_itself(tmp_path: Path) -> None:
    """A template may name what there is and nothing else; without a library the edition follows the case alone."""
    (tmp_path / "letters.toml").write_text(DECLARED, encoding="utf-8")
    (tmp_path / "note.md.jinja").write_text("{{ case.state }} since {{ case.since }}\n", encoding="utf-8")
    own = CaseDocuments.of(PolicyLibrary.bundled().edition(DONCASTER, "2015-16"), tmp_path)
    draft = own.draft("note", history(*OF_CONCERN), on=date(2015, 11, 30), evidence=school())
    assert draft.texts["md"].endswith("---\n\nmonitored since 10 September 2015\n")
    (tmp_path / "note.md.jinja").write_text("{{ case.stat }}\n", encoding="utf-8")
    with pytest.raises(LettersUnusable, match=r"note.md.jinja, line 1: there is no `stat` here; did you mean `state`"):
        CaseDocuments.of(POLICY, tmp_path).draft("note", history(*OF_CONCERN), on=date(2015, 11, 30), evidence=school())


@pytest.mark.parametrize("policy", [DONCASTER, "england.intervention"])
def test_conditions_are_told_in_the_words_of_events_and_fields(policy: str) -> None:
    """No condition of a pathway shows people a name of the policy; what has not happened is told so."""
    core = LIBRARY.in_force(policy, on=date(2015, 11, 4)).core
    wording = Wording(Situation(core, date(2015, 11, 4), date(2015, 11, 4)), NOTHING_KNOWN)
    states = [state for pathway in core.pathways.values() for state in pathway.states.values()]
    told = [wording.inner(condition) for state in states for condition in conditions_of(state)]
    assert told
    assert [text for text in told if "_" in text] == []
    assert any("” has not happened" in text for text in told)
