"""`si-rules case --draft`: what it takes, and how it ends."""

import json
from pathlib import Path

import pytest
from tests.interfaces.test_command_line import si_rules

CASE = ("case", "doncaster.school_improvement", "-", "--on", "2015-12-14", "--draft")
HISTORY = json.dumps({"subject": "990001", "events": [
    {"event": "identified", "date": "2015-09-10"},
    {"event": "concern_meeting", "date": "2015-10-08", "progress": "insufficient"},
]})  # fmt: skip


def test_a_draft_goes_out_alone_and_what_it_is_to_standard_error() -> None:
    """Without evidence the draft stands, and says that it is not known whether it may be sent."""
    done = si_rules(*CASE, "warning_notice", "--format", "html", given=HISTORY)
    assert done.returncode == 0
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert "It is not known whether “A maintained school of concern” applies" in done.stdout
    assert done.stderr.startswith("a draft of 'Warning Notice' for 990001, of a power; ")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("warning_notise",), 2, "there is no document 'warning_notise'; did you mean warning_notice?"),
        (("warning_notice", "--audience", "public"), 2, "a draft is made for the readers it names"),
        (("warning_notice", "--format", "json"), 2, "a draft is made for the readers it names"),
        (("academy_warning_letter",), 2, "“An academy of concern” has not begun in its history"),
        (("warning_notice", "--letters", "nowhere"), 3, "letters: nowhere: no such file or directory"),
    ],
)
def test_what_cannot_be_drafted_is_said_in_one_sentence(arguments: tuple[str, ...], code: int, says: str) -> None:
    """Nothing is written but the reason."""
    done = si_rules(*CASE, *arguments, given=HISTORY)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(f"si-rules: {'no ' if 'academy' in arguments[0] else ''}"), done.stderr
    assert says in done.stderr


def test_a_policy_without_documents_says_so() -> None:
    """A policy beside which no documents are declared drafts none."""
    history = json.dumps({"subject": "990001", "events": [{"event": "warning_notice", "date": "2015-12-01"}]})
    done = si_rules("case", "england.intervention", "-", "--on", "2015-12-14", "--draft", "any", given=history)
    assert done.returncode == 2
    assert "has no documents that are drafted from a case" in done.stderr


def test_a_refused_event_leaves_a_draft_and_its_own_exit_code() -> None:
    """What cannot be read of the history is named, and the rest is drafted from."""
    history = json.loads(HISTORY)
    history["events"].append({"event": "identified", "date": "yesterday"})
    done = si_rules(*CASE, "warning_letter", given=json.dumps(history))
    assert done.returncode == 4
    assert "refused: event 3" in done.stderr
    history["events"][-1] = {"event": "identifed", "date": "2015-10-01"}
    done = si_rules(*CASE, "warning_letter", given=json.dumps(history))
    assert done.returncode == 4
    assert "did you mean identified?" in done.stderr


def test_a_folder_of_documents_alone_has_no_letter_from_a_decision(tmp_path: Path) -> None:
    """It lists its documents; a letter asked of it is refused with a sentence."""
    text = '[note]\ntitle = "A note"\npathway = "concern"\naction = "draw_up_timeline"\n'
    (tmp_path / "letters.toml").write_text(text, encoding="utf-8")
    (tmp_path / "note.md.jinja").write_text("{{ document.title }}\n", encoding="utf-8")
    policy = ("letters", "doncaster.school_improvement@2015-16")
    listed = si_rules(*policy, "--letters", str(tmp_path))
    assert (listed.returncode, listed.stdout.partition(",")[0]) == (0, "note: A note")
    done = si_rules(*policy, "-", "--on", "2015-11-04", "--letters", str(tmp_path), given='{"urn": "990001"}')
    assert done.returncode == 2
    assert "only documents drafted from a case" in done.stderr
