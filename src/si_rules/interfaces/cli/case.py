"""`si-rules case`: a case history through the pathways of a policy."""

import datetime
import sys
from pathlib import Path

import click
from pydantic import BaseModel

from si_rules.evidence.any_vocabulary import model_of
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.readers import Refusal, read_evidence
from si_rules.evidence.school import SchoolEvidence
from si_rules.interfaces.cli.arguments import DAY, find_policy, read_bytes
from si_rules.interfaces.cli.case_draft import Drafted
from si_rules.interfaces.cli.draft_output import form_of
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, SOME_REFUSED, WRONG_USAGE, stop
from si_rules.pathways.as_json import as_text as as_json
from si_rules.pathways.as_text import written
from si_rules.pathways.case import Case
from si_rules.pathways.diagram import mermaid
from si_rules.pathways.history import History, read_history
from si_rules.pathways.timeline import page
from si_rules.policy import NotInForce, Policy, PolicyLibrary, follow_through


@click.command()
@click.argument("policy")
@click.argument("history", required=False)
@click.option("--evidence", "evidence_file", help="Evidence about the subject of the history: JSON or JSON Lines.")
@click.option("--on", type=DAY, help="The day of the case: what had happened by then.")
@click.option("--known-at", type=DAY, help="The day of knowledge: what was recorded by then. The same, if not given.")
@click.option("--audience", help="Roles, with commas: made for them to see. Everything, if not given.")
@click.option("--format", "format_", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option(
    "--draft",
    "document",
    help="Draft a document from the case instead: its name, as `si-rules letters POLICY` lists it.",
)
@click.option(
    "--letters", "folder", type=click.Path(path_type=Path), help="A folder of letters of your own, for --draft."
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="A file for the draft: .md, .html or .docx; it must not be there yet."
)
@click.option("--diagram", is_flag=True, help="Write the pathways of the policy as Mermaid state diagrams instead.")
def command(policy: str, history: str | None, evidence_file: str | None, on: datetime.date | None,
            known_at: datetime.date | None, audience: str | None, format_: str, document: str | None,
            folder: Path | None, to: Path | None, diagram: bool) -> None:  # fmt: skip
    """Follow a case history through the pathways of a policy.

    POLICY is a file, a folder, an id (each event goes by the edition in force on its day), or id@edition. HISTORY is
    a JSON file {"subject": …, "events": […]}, or - for standard input.
    """
    found = find_policy(policy, on)
    if not found.core.pathways:
        stop(POLICY_UNUSABLE, f"{found.id} {found.edition} declares no pathway")
    if diagram:
        click.echo("\n".join(mermaid(found.core, pathway) for pathway in found.core.pathways.values()), nl=False)
        return
    if history is None or on is None:
        stop(WRONG_USAGE, "a case needs its HISTORY and a day: --on DATE")
    read = read_history(read_bytes(history))
    for item in read.refusals:
        print(f"refused: {item}", file=sys.stderr)
    if read.history is None:
        sys.exit(SOME_REFUSED)
    record = None if evidence_file is None else _evidence(evidence_file, found, read.history.subject)
    if to is not None and document is None:
        stop(WRONG_USAGE, "--to is for a draft: --draft NAME")
    if document is not None and (audience is not None or format_ == "json"):
        stop(WRONG_USAGE, "a draft is made for the readers it names, as text (Markdown) or html")
    case = _followed(policy, found, read.history, record, on, known_at, audience)
    for item in case.refused:
        print(f"refused: {item}", file=sys.stderr)
    if document is not None:
        library = PolicyLibrary.bundled() if _by_id(policy) else None
        made = Drafted(found, folder, library, read.history, record, on, known_at)
        made.write(document, form_of(to, "html" if format_ == "html" else "md"), to)
        sys.exit(SOME_REFUSED if read.refusals or case.refused else DONE)
    if format_ == "json":
        click.echo(as_json(case))
    elif format_ == "html":
        click.echo(page(case, found.core.parties, found.core.interpretations), nl=False)
    else:
        click.echo(written(case, found.core.parties, found.core.interpretations), nl=False)
    sys.exit(SOME_REFUSED if read.refusals or case.refused else DONE)


def _followed(name: str, policy: Policy, history: History, record: BaseModel | None, on: datetime.date,
              known_at: datetime.date | None, audience: str | None) -> Case:  # fmt: skip
    roles = None if audience is None else [role.strip() for role in audience.split(",") if role.strip()]
    try:
        if _by_id(name):
            library = PolicyLibrary.bundled()
            return library.follow(policy.id, history, on=on, known_at=known_at, evidence=record, audience=roles)
        first = policy.in_force[0]
        return follow_through([(first, policy)], history, on=on, known_at=known_at, evidence=record, audience=roles)
    except NotInForce as error:
        stop(POLICY_UNUSABLE, str(error.args[0]))
    except EvidenceError as error:
        stop(SOME_REFUSED, f"the evidence, field {error.path}: {error.reason}")
    except ValueError as error:
        stop(WRONG_USAGE, str(error))


def _by_id(name: str) -> bool:
    """Whether a policy is named by its id, so that every event goes by the edition of its day."""
    return not Path(name).exists() and "@" not in name


def _evidence(name: str, policy: Policy, subject: str) -> BaseModel:
    """The record of the subject in a file of evidence; ends the command where there is none."""
    vocabulary = policy.core.vocabulary
    model = SchoolEvidence if vocabulary.name == "school" else model_of(vocabulary)
    for item in read_evidence(read_bytes(name), model, vocabulary.identified_by):
        if isinstance(item, Refusal):
            print(f"refused: {item}", file=sys.stderr)
        elif str(getattr(item, vocabulary.identified_by)) == subject:
            return item
    stop(SOME_REFUSED, f"{name} holds no evidence about {subject}, of whom the history is")
