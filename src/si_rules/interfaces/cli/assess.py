"""`si-rules assess`: a year's run, from evidence to a folder of decisions, letters and a summary."""

import datetime
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import click

from si_rules.decisions.as_json import as_text
from si_rules.documents.assessment import REFUSED, Assessment, Run
from si_rules.documents.manifest import NAME, Output, manifest
from si_rules.evidence.readers import Refusal
from si_rules.interfaces.cli.arguments import DAY, find_policy, roles_of
from si_rules.interfaces.cli.evidence_files import cohort_name
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, SOME_REFUSED, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.new_folder import NewFolder
from si_rules.interfaces.cli.progress import shown
from si_rules.interfaces.cli.run_files import RunFiles, load_letters
from si_rules.library.letters import LettersUnusable
from si_rules.policy import Policy

_MOST_SHOWN: Final = 20


@click.command()
@click.argument("policy")
@click.argument("evidence")
@click.option("--on", type=DAY, required=True, help="The date of the decisions: which law applies.")
@click.option("--known-at", type=DAY, help="The date of knowledge: which evidence counts. The same, if not given.")
@click.option("--with", "others", multiple=True, help="A further policy to decide by; may be given again.")
@click.option("--judgements", "sheet", help="A sheet of judgements, CSV or Excel, that is put into the evidence.")
@click.option(
    "--moderation", "moderation_files", multiple=True, help="Moderations, CSV or JSON Lines; may be given again."
)
@click.option("--letters", "letters_folder", type=click.Path(path_type=Path), help="A folder of letters of your own.")
@click.option("--no-letters", is_flag=True, help="Write no letters.")
@click.option("--as-if", is_flag=True, help="Decide outside the in-force period, and say so.")
@click.option(
    "--audience", default="public", show_default=True, help="Roles, with commas: who may see decisions and summary."
)
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="The folder to write.")
@click.option("--replace", is_flag=True, help="Replace a folder that an earlier run wrote.")
def command(policy: str, evidence: str, on: datetime.date, known_at: datetime.date | None, others: tuple[str, ...],
            sheet: str | None, moderation_files: tuple[str, ...], letters_folder: Path | None, no_letters: bool, as_if: bool, audience: str,
            target: Path, replace: bool) -> None:  # fmt: skip
    """Decide about all subjects as one cohort, and write decisions, letters and a summary into a folder.

    POLICY and EVIDENCE are as for `si-rules decide`. The folder is written whole or not at all.
    """
    found = in_force(policy, on, as_if)
    further = tuple(in_force(name, on, as_if) for name in others)
    for id, count in Counter(item.id for item in (found, *further)).items():
        if count > 1:
            stop(WRONG_USAGE, f"{id} is named {count} times; name each policy once")
    letters = None if no_letters else load_letters(found, letters_folder, on)
    with NewFolder(target, replace, NAME) as folder:
        files = RunFiles(found)
        read = files.evidence(evidence, sheet, on)
        moderations, ids, not_moderated = files.moderations(moderation_files)
        roles, cohort = roles_of(audience, found), cohort_name(evidence)
        run = Run(found, further, on, known_at or on, as_if, roles, cohort, tuple(read.known), read.unread)
        assessment = Assessment(run, letters, moderations, ids, read.refused, not_moderated)
        try:
            usable = assessment.usable()
        except TypeError as error:
            stop(POLICY_UNUSABLE, f"the model of the evidence does not fit: {error}")
        try:
            for made in shown(assessment.pieces(usable), "Deciding", len(usable) + 2):
                for piece in made:
                    folder.append(piece.path, piece.text)
        except LettersUnusable as error:
            stop(POLICY_UNUSABLE, f"letters: {error}")
        outputs = [Output(*written) for written in folder.written()]
        folder.append(NAME, as_text(manifest(assessment, files.inputs, outputs), 2) + "\n")
        folder.finish()
    show_refused([*assessment.refused, *assessment.not_moderated], f"{target / REFUSED}")
    print(summary(assessment, target), file=sys.stderr)
    sys.exit(SOME_REFUSED if assessment.refused or assessment.not_moderated else DONE)


def in_force(name: str, on: datetime.date, as_if: bool) -> Policy:
    """The policy of a name; ends the command where it is not in force on a day, unless it is used as if it were."""
    found = find_policy(name, on)
    first, last = found.in_force
    if not first <= on <= last and not as_if:
        stop(POLICY_UNUSABLE, f"{found.id} {found.edition} is in force from {first} to {last}, not on {on} (--as-if)")
    return found


def show_refused(refused: list[Refusal], where: str) -> None:
    """Tell the first refusals; where all of them stand, if there are more."""
    for item in refused[:_MOST_SHOWN]:
        print(f"refused: {item}", file=sys.stderr)
    if len(refused) > _MOST_SHOWN:
        print(f"refused: and {len(refused) - _MOST_SHOWN} more, in {where}", file=sys.stderr)


def summary(assessment: Assessment, target: Path) -> str:
    """The last line: how many were decided, with which outcomes, how many letters and moderations, what was refused."""
    counts = assessment.counts
    parts = [f"{counts['decided']} decided"]
    if assessment.letters is not None:
        parts.append(f"{counted(counts['letters'], 'draft letter')}")
    if counts["moderated"] or assessment.not_moderated:
        parts.append(counted(counts["moderated"], "moderated outcome"))
    refused = len(assessment.refused) + len(assessment.not_moderated)
    if refused:
        parts.append(f"{counted(refused, 'remark')} on what was refused")
    outcomes = ", ".join(f"{label}: {count}" for label, count in sorted(assessment.outcomes.items()))
    return f"{'; '.join(parts)}, in {target}. {outcomes}".rstrip()
