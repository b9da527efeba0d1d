"""`si-rules letters`: the draft of one letter, or which letters a policy has."""

import datetime
import sys
from functools import partial
from pathlib import Path
from typing import Final

import click
from pydantic import BaseModel

from si_rules.documents.case_declaration import CaseDocument
from si_rules.documents.case_drafts import CaseDocuments
from si_rules.documents.declaration import FORMS, Letter
from si_rules.documents.letters import Letters
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.readers import Refusal
from si_rules.interfaces.cli.arguments import DAY, find_policy
from si_rules.interfaces.cli.draft_output import form_of, write_draft
from si_rules.interfaces.cli.evidence_files import cohort_name
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, SOME_REFUSED, WRONG_USAGE, counted, stop
from si_rules.interfaces.cli.run_files import RunFiles, load_letters
from si_rules.library.letters import LettersUnusable
from si_rules.policy import Cohort, NotInForce, Policy
from si_rules.semantics.kinds import words
from si_rules.source.nearest import nearest

_SHOWN: Final = 5


@click.command()
@click.argument("policy")
@click.argument("evidence", required=False)
@click.option("--on", type=DAY, help="The date of the decision: which law applies.")
@click.option("--known-at", type=DAY, help="The date of knowledge: which evidence counts. The same, if not given.")
@click.option("--judgements", "sheet", help="A sheet of judgements, CSV or Excel, that is put into the evidence.")
@click.option("--subject", help="The id of whom the letter is to; needed where EVIDENCE holds several.")
@click.option("--letter", "name", help="Which letter; needed where the policy has several.")
@click.option(
    "--moderation", "moderation_files", multiple=True, help="Moderations, CSV or JSON Lines; may be given again."
)
@click.option("--letters", "folder", type=click.Path(path_type=Path), help="A folder of letters of your own.")
@click.option("--as-if", is_flag=True, help="Decide outside the in-force period, and say so.")
@click.option("--format", "form", type=click.Choice(FORMS), default="md", show_default=True, help="Markdown or HTML.")
@click.option(
    "--to", type=click.Path(path_type=Path), help="A file for the draft: .md, .html or .docx; it must not be there yet."
)
def command(policy: str, evidence: str | None, on: datetime.date | None, known_at: datetime.date | None,
            sheet: str | None, subject: str | None, name: str | None, moderation_files: tuple[str, ...], folder: Path | None, as_if: bool,
            form: str, to: Path | None) -> None:  # fmt: skip
    """Draft a letter, or list the letters of a policy and check their templates.

    Without EVIDENCE, lists the letters. POLICY and EVIDENCE are as for `si-rules decide`; all of EVIDENCE is the
    cohort that figures speak of.
    """
    found = find_policy(policy, on)
    letters = load_letters(found, folder, on)
    if evidence is None:
        for item in letters.letters.values():
            click.echo("\n".join(_listed(item, letters)))
        for document in CaseDocuments.of(found, folder).documents.values():
            click.echo("\n".join(_of_a_case(document, found)))
        sys.exit(DONE)
    if on is None:
        stop(WRONG_USAGE, "say on which date the letter is decided: --on DATE")
    letter, form = _letter(name, letters), form_of(to, form)
    files = RunFiles(found)
    read = files.evidence(evidence, sheet, on)
    refused = read.refused
    moderations, _, not_moderated = files.moderations(moderation_files)
    policies = [found, *letters.further(on).values()]
    usable = _usable(read.known, policies, on, known_at or on, refused)
    record = _record(subject, usable, found)
    cohort = Cohort(cohort_name(evidence), usable, read.unread + len(read.known) - len(usable))
    try:
        decide = partial(Policy.decide, evidence=record, on=on, known_at=known_at, cohort=cohort, as_if=as_if)
        whole = decide(found)
        standing, stale = moderations.of(whole)
        further = {id: decide(other) for id, other in letters.further(on).items()}
        draft = letters.draft(letter.name, whole, standing, further, (form,))
    except NotInForce as error:
        stop(POLICY_UNUSABLE, f"{error.args[0]} (--as-if)")
    except LettersUnusable as error:
        stop(POLICY_UNUSABLE, f"letters: {error}")
    refused += [*not_moderated, *stale]
    for remark in refused:
        print(f"refused: {remark}", file=sys.stderr)
    if draft is None:
        print(f"nothing in the decision brings the letter {letter.name!r}", file=sys.stderr)
    elif form not in draft.texts:
        stop(WRONG_USAGE, f"the letter {letter.name!r} has no template for {form}; it has {', '.join(letter.forms)}")
    else:
        write_draft(draft.texts, form, to, f"{draft.letter.title}, {draft.subject}")
        open_ = f"; {counted(len(draft.missing), 'thing')} to see to before it is sent" if draft.missing else ""
        print(f"a draft of {letter.title!r} to {whole.subject.id}{open_}", file=sys.stderr)
    sys.exit(SOME_REFUSED if refused else DONE)


def _listed(item: Letter, letters: Letters) -> list[str]:
    """A letter as the list shows it."""
    sent_by = [c.title for c in letters.policy.consequences if c.action == item.action][:1]
    return [
        f"{item.name}: {item.title}",
        f"  sent by the act: {sent_by[0] if sent_by else 'none that the policy names'}",
        f"  about: {', '.join(item.about)}; made for: {words(item.audience)}; forms: {', '.join(item.forms)}",
    ]


def _of_a_case(item: CaseDocument, policy: Policy) -> list[str]:
    """A document drafted from a case as the list shows it."""
    states = policy.core.pathways[item.pathway].states.values()
    titles = {act.action: act.title for state in states for act in state.powers}
    titles |= {act.action: act.title for state in states for act in state.duties}
    return [
        f"{item.name}: {item.title}, drafted from a case: si-rules case … --draft {item.name}",
        f"  sent by the act: {titles[item.action]}",
        f"  pathway: {item.pathway}; made for: {words(item.audience)}; forms: {', '.join(item.forms)}",
    ]


def _letter(name: str | None, letters: Letters) -> Letter:
    known = letters.letters
    if not known:
        stop(
            WRONG_USAGE, "the policy has no letter that is drafted from a decision, only documents drafted from a case"
        )
    if name is None:
        if len(known) > 1:
            stop(WRONG_USAGE, f"say which letter: --letter {' or '.join(known)}")
        return next(iter(known.values()))
    if name not in known:
        guess = nearest(name, known)
        stop(
            WRONG_USAGE,
            f"there is no letter {name!r}; {f'did you mean {guess}?' if guess else 'there is ' + ', '.join(known)}",
        )
    return known[name]


def _usable(records: list[tuple[str, BaseModel]], policies: list[Policy], on: datetime.date, known_at: datetime.date,
            refused: list[Refusal]) -> list[BaseModel]:  # fmt: skip
    """The records that can be decided about under all policies; the others are refused."""
    key = policies[0].core.vocabulary.identified_by
    found = []
    for place, record in records:
        try:
            for policy in policies:
                policy.check(record, on=on, known_at=known_at)
            found.append(record)
        except EvidenceError as error:
            refused.append(Refusal(place, str(getattr(record, key)), error.path, error.reason))
        except TypeError as error:
            stop(POLICY_UNUSABLE, f"the model of the evidence does not fit: {error}")
    return found


def _record(subject: str | None, usable: list[BaseModel], policy: Policy) -> BaseModel:
    key, noun = policy.core.vocabulary.identified_by, policy.core.vocabulary.noun
    known = {str(getattr(record, key)): record for record in usable}
    if subject is None:
        if len(known) == 1:
            return usable[0]
        some = ", ".join(list(known)[:_SHOWN])
        stop(
            WRONG_USAGE,
            f"there are {counted(len(known), 'usable record')}; say to which {noun}: --subject ID ({some} …)",
        )
    if subject not in known:
        guess = nearest(subject, known)
        stop(WRONG_USAGE, f"there is no usable record of {subject}{f'; did you mean {guess}?' if guess else ''}")
    return known[subject]
