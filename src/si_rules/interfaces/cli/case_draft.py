"""The part of `si-rules case` that drafts a document from the case."""

import datetime
import sys
from pathlib import Path

from attrs import frozen
from pydantic import BaseModel

from si_rules.documents.case_drafts import CaseDocuments, CaseDraft, NotGiven
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.extras import ExtraMissing
from si_rules.interfaces.cli.draft_output import write_draft
from si_rules.interfaces.cli.exits import POLICY_UNUSABLE, SOME_REFUSED, WRONG_USAGE, counted, stop
from si_rules.library.letters import LettersUnusable
from si_rules.pathways.history import History
from si_rules.policy import NotInForce, Policy, PolicyLibrary
from si_rules.source.nearest import nearest


@frozen
class Drafted:
    """What a document is drafted from: the history of one subject under a policy, on a day."""

    policy: Policy
    folder: Path | None
    library: PolicyLibrary | None
    history: History
    evidence: BaseModel | None
    on: datetime.date
    known_at: datetime.date | None

    def write(self, name: str, form: str, to: Path | None) -> None:
        """Write the draft, and what it is on standard error; ends the command where there is none."""
        draft = self._draft(name, form)
        if form not in draft.texts:
            forms = ", ".join(draft.document.forms)
            stop(WRONG_USAGE, f"the document {name!r} has no template for {form}; it has {forms}")
        write_draft(draft.texts, form, to, f"{draft.document.title}, {draft.subject}")
        open_ = f"; {counted(len(draft.missing), 'thing')} to see to before it is sent" if draft.missing else ""
        print(f"a draft of {draft.document.title!r} for {draft.subject}, of a {draft.sort}{open_}", file=sys.stderr)

    def _draft(self, name: str, form: str) -> CaseDraft:
        try:
            documents = CaseDocuments.of(self.policy, self.folder)
            if name not in documents.documents:
                stop(WRONG_USAGE, _unknown(name, list(documents.documents), self.policy))
            return documents.draft(
                name,
                self.history,
                on=self.on,
                known_at=self.known_at,
                evidence=self.evidence,
                library=self.library,
                forms=(form,),
            )
        except NotGiven as error:
            stop(WRONG_USAGE, str(error))
        except NotInForce as error:
            stop(POLICY_UNUSABLE, str(error.args[0]))
        except LettersUnusable as error:
            stop(POLICY_UNUSABLE, f"letters: {error}")
        except EvidenceError as error:
            stop(SOME_REFUSED, f"the evidence, field {error.path}: {error.reason}")
        except (ExtraMissing, ValueError) as error:
            stop(WRONG_USAGE, str(error))


def _unknown(name: str, known: list[str], policy: Policy) -> str:
    if not known:
        return f"{policy.id} {policy.edition} has no documents that are drafted from a case"
    guess = nearest(name, known)
    return f"there is no document {name!r}; {f'did you mean {guess}?' if guess else 'there is ' + ', '.join(known)}"
