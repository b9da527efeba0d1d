"""Documents drafted from a case: warning letters and notices, plans, agendas. Each rests on a power or a duty of the case."""

from datetime import date
from pathlib import Path

from attrs import frozen
from pydantic import BaseModel

from si_rules import shipped
from si_rules.documents import case_values
from si_rules.documents.case_basis import NOTHING_KNOWN, Basis, NotGiven as NotGiven, basis_of
from si_rules.documents.case_declaration import CaseDocument, documents_of
from si_rules.documents.case_law import Law, law_on
from si_rules.documents.case_notice import missing_of, notice_blocks
from si_rules.documents.case_told import NAMES, subject_of, values_of
from si_rules.documents.declaration import FORMS, letters_of, templates_without
from si_rules.documents.filling import filled
from si_rules.documents.templates import Templates
from si_rules.evidence.facts import facts_of
from si_rules.library.letters import LetterFiles, letters_beside, read_letters
from si_rules.pathways.case import Case
from si_rules.pathways.history import History
from si_rules.pathways.visible import visible
from si_rules.policy import Policy, PolicyLibrary, follow_through
from si_rules.semantics.core import Core


@frozen
class CaseDraft:
    """A draft of a document about one case, in each of its forms, with the notice at its head.

    `sort` says whether it rests on a duty or a power; `missing` what has to be seen to before it is sent.
    """

    document: CaseDocument
    subject: str
    sort: str
    missing: tuple[str, ...]
    texts: dict[str, str]


@frozen
class CaseDocuments:
    """The documents of a policy that are drafted from cases."""

    policy: Policy
    files: LetterFiles
    documents: dict[str, CaseDocument]
    _templates: dict[str, Templates]

    @classmethod
    def of(cls, policy: Policy, folder: str | Path | None = None) -> "CaseDocuments":
        """The documents of a folder of letters; without one, those beside the policy, if there are any.

        Raises `LettersUnusable` with file and line where they cannot be used; `ExtraMissing` without Jinja2.
        """
        beside = letters_beside(policy.folder) if policy.folder is not None else None
        files = read_letters(Path(folder) if folder is not None else beside or shipped.letters_folder())
        documents = documents_of(files.declaration, files.templates, policy.core)
        letters = letters_of(files.declaration, files.templates, policy.core)
        sources = templates_without(files.templates, letters)
        return cls(policy, files, documents, {form: Templates(sources, form, NAMES) for form in FORMS})

    def draft(self, name: str, history: History, *, on: date, known_at: date | None = None,
              evidence: BaseModel | None = None, library: PolicyLibrary | None = None,
              forms: tuple[str, ...] = FORMS) -> CaseDraft:  # fmt: skip
        """The draft of a document from a history, as it stands on a day and was known at another.

        With a `library` each event goes by the edition in force on its day, else by this one. The document is made from
        the case as its readers may see it: what they may not see changes nothing in it. Raises `NotGiven` where the
        case gives no power or duty for it, `LettersUnusable` with the line for what a template names and there is not,
        and what `PolicyLibrary.follow` raises.
        """
        document = self.documents[name]
        case = self._case(document, history, on, known_at, evidence, library)
        core = visible(self.policy.core_on(on), frozenset({document.audience}))
        basis = basis_of(document, case, core)
        law = self._law(document, case, basis, evidence)
        figures = self._figures(document, core, case, evidence)
        missing = missing_of(document, basis, figures, law)
        notice = notice_blocks(document, case, basis, core, missing)
        values = values_of(document, case, basis, core, law, figures, missing)
        title = f"Draft: {document.title}, {subject_of(case, core).name}"
        texts = {
            form: filled(self._templates[form], name, form, title, notice, values, self.files.style)
            for form in document.forms
            if form in forms
        }
        return CaseDraft(document, case.subject, basis.sort, missing, texts)

    def _case(self, document: CaseDocument, history: History, on: date, known_at: date | None,
              evidence: BaseModel | None, library: PolicyLibrary | None) -> Case:  # fmt: skip
        roles = (document.audience,)
        if library is not None:
            return library.follow(self.policy.id, history, on=on, known_at=known_at, evidence=evidence, audience=roles)
        editions = [(self.policy.in_force[0], self.policy)]
        return follow_through(editions, history, on=on, known_at=known_at, evidence=evidence, audience=roles)

    def _law(self, document: CaseDocument, case: Case, basis: Basis, evidence: BaseModel | None) -> Law | None:
        if document.law is None:
            return None
        near, events = self.policy.folder, basis.act.done_by
        return law_on(document.law, near, events, case.on, case.subject, document.audience, evidence)

    def _figures(self, document: CaseDocument, core: Core, case: Case,
                 evidence: BaseModel | None) -> tuple[case_values.Figure, ...]:  # fmt: skip
        if evidence is None:
            facts = NOTHING_KNOWN
        else:
            facts = facts_of(evidence, core, case.on, case.known_at, {document.audience})
        return case_values.figures_of(document.figures, core, facts, case.on, case.known_at)
