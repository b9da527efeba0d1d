"""`si-rules judgements`: the sheet of judgements that officers are asked for, with only what can still matter."""

import datetime
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from attrs import define, field
from pydantic import BaseModel

from si_rules.decisions.decision import Decision
from si_rules.decisions.question import Question
from si_rules.decisions.view import narrowed
from si_rules.evidence.data import EvidenceError
from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.judgement_book import Cover, workbook_of
from si_rules.evidence.judgement_rows import ASKED, MAY_NOT_MATTER, JudgementRow, csv_sheet_of, rows_about
from si_rules.evidence.judgement_sheet import GIVEN
from si_rules.evidence.readers import Refusal
from si_rules.evidence.sheets.writing import write_bytes
from si_rules.interfaces.cli.arguments import DAY, find_policy, roles_of
from si_rules.interfaces.cli.evidence_files import Gathered, Terms, check_target, gather
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, SOME_REFUSED, WRONG_USAGE, counted, stop
from si_rules.policy import NotInForce, Policy
from si_rules.semantics.audiences import PUBLIC
from si_rules.semantics.core import Core
from si_rules.semantics.facts import Reason
from si_rules.semantics.vocabulary import Vocabulary

_STATUSES = {"given": GIVEN, "matters": ASKED, "may_matter": MAY_NOT_MATTER}


@click.command()
@click.argument("policy")
@click.argument("evidence")
@click.option("--on", type=DAY, required=True, help="The date of the decision: which law applies.")
@click.option("--known-at", type=DAY, help="The date of knowledge: which evidence counts. The same, if not given.")
@click.option("--cohort", "cohort_file", help="A file of evidence: all the subjects that figures speak of.")
@click.option("--judgements", "sheet", help="A sheet filled in before: what it gives is not asked again.")
@click.option("--as-if", is_flag=True, help="Ask outside the in-force period.")
@click.option("--audience", default="public", show_default=True, help="Roles, with commas: who is asked.")
@click.option("--to-xlsx", "book_file", type=click.Path(path_type=Path), help="The workbook to write.")
@click.option("--to-csv", "text_file", type=click.Path(path_type=Path), help="The CSV to write, without drop-downs.")
@click.option("--replace", is_flag=True, help="Write over a file that is there already.")
def command(policy: str, evidence: str, on: datetime.date, known_at: datetime.date | None, cohort_file: str | None,
            sheet: str | None, as_if: bool, audience: str, book_file: Path | None, text_file: Path | None,
            replace: bool) -> None:  # fmt: skip
    """Write the sheet of judgements that can still matter, for officers to fill in.

    A judgement is asked where some answer to it can still change an outcome, a trigger, a consequence or a value.
    What the evidence gives already is shown as given. POLICY and EVIDENCE are as for `si-rules decide`, which reads
    the sheet again: --judgements.
    """
    targets = _targets(book_file, text_file, replace)
    found = find_policy(policy, on)
    roles = roles_of(audience, found)
    gathered = gather(evidence, cohort_file, sheet, Terms(found, on, known_at or on, roles))
    asking = _Asking(found, narrowed(found.core, roles), roles, on, known_at or on, as_if)
    asking.ask(gathered)
    try:
        for path in targets:
            write_bytes(path, asking.bytes_for(path))
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))
    except OSError as error:
        stop(WRONG_USAGE, f"{error.filename}: {(error.strerror or 'cannot be written').lower()}")
    print(asking.summary(), file=sys.stderr)
    sys.exit(SOME_REFUSED if asking.refused else DONE)


def _targets(book_file: Path | None, text_file: Path | None, replace: bool) -> list[Path]:
    targets = [path for path in (book_file, text_file) if path is not None]
    if not targets:
        stop(WRONG_USAGE, "say where to write: --to-xlsx FILE, --to-csv FILE, or both")
    for path, suffix in ((book_file, ".xlsx"), (text_file, ".csv")):
        if path is not None:
            check_target(path, (suffix,), replace)
    return targets


@define
class _Asking:
    """Asks, subject after subject, and keeps the rows and the counts."""

    policy: Policy
    core: Core  # as the roles may see it
    roles: frozenset[str]
    on: datetime.date
    known_at: datetime.date
    as_if: bool
    rows: list[JudgementRow] = field(factory=list)
    counts: Counter[str] = field(factory=Counter)
    subjects: int = 0
    refused: int = 0
    _last: Decision | None = None

    def ask(self, gathered: Gathered) -> None:
        """Take in all records; tell which are refused."""
        self.refused += gathered.refused
        for place, item in gathered.items:
            if isinstance(item, Refusal):
                self._refuse(item)
                continue
            try:
                self._about(item, gathered)
            except EvidenceError as error:
                subject = str(getattr(item, self.core.vocabulary.identified_by))
                self._refuse(Refusal(place, subject, error.path, error.reason))
            except NotInForce as error:
                stop(POLICY_UNUSABLE, str(error.args[0]) + " (--as-if)")

    def _refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        print(f"refused: {refusal}", file=sys.stderr)

    def _about(self, record: BaseModel, gathered: Gathered) -> None:
        decision = self.policy.decide(
            record,
            on=self.on,
            known_at=self.known_at,
            cohort=gathered.cohort,
            as_if=self.as_if,
            audience=self.roles,
        )
        questions = decision.questions()
        self.counts.update(question.status for question in questions)
        self.rows += rows_about(record, self.core, _states(questions))
        self.subjects += 1
        self._last = decision

    def bytes_for(self, path: Path) -> bytes:
        """The file, by the ending of its name."""
        if path.suffix.lower() == ".csv":
            return csv_sheet_of(self.core, self.rows)
        return workbook_of(self.core, self.rows, self._cover(), min(self.on, self.known_at))

    def _cover(self) -> Cover:
        core, asked = self.core, self.counts["matters"] + self.counts["may_matter"]
        first, last = core.in_force
        cohort = self._last.cohort if self._last else None
        lines = [
            ("Policy", f"{core.title}"),
            ("Edition", f"{core.id} {core.edition}, in force from {first} to {last}"),
            ("Digest of the policy", self.policy.digest),
            ("Day of the decision", str(self.on)),
            ("As known at", str(self.known_at)),
            ("Made for", ", ".join(sorted(self.roles - {PUBLIC})) or "everybody"),
            ("Cohort", f"{cohort.name}, {cohort.members} members, {cohort.digest}" if cohort else "none"),
            ("", ""),
            (core.vocabulary.plural.capitalize(), str(self.subjects)),
            ("Questions asked", str(asked)),
            ("Of these may not matter", str(self.counts["may_matter"])),
            ("Judgements given", str(self.counts["given"])),
            ("Judgements not asked", str(self.counts["needless"])),
            ("", ""),
        ]
        return Cover(
            f"Judgements for {core.title}", (*lines, *_guide(core.evidence_vocabulary, min(self.on, self.known_at)))
        )

    def summary(self) -> str:
        """The last word, on standard error."""
        asked = self.counts["matters"] + self.counts["may_matter"]
        refused = f"; {counted(self.refused, 'remark')} on what was refused" if self.refused else ""
        return (
            f"{counted(self.subjects, self.core.vocabulary.noun)}: {counted(asked, 'question')} asked, "
            f"{self.counts['may_matter']} of them may not matter; {self.counts['given']} given, "
            f"{self.counts['needless']} not asked{refused}"
        )


def _states(questions: tuple[Question, ...]) -> Iterator[tuple[str, str, Reason | None]]:
    """How each judgement stands, as a row says it; one on which nothing hangs has no row."""
    for question in questions:
        if question.status in _STATUSES:
            yield question.judgement, _STATUSES[question.status], question.missing


def _guide(vocabulary: Vocabulary, latest: datetime.date) -> Iterator[tuple[str, str]]:
    """What an officer needs to know, as lines of the cover."""
    noun = vocabulary.noun
    yield (
        "What to fill in",
        "On the sheet judgements, the cells with a yellow ground: value, author, role, date, document. Leave blank what "
        "you cannot judge; a blank cell is never taken as a no. A note is yours, and is not read.",
    )
    yield "date", f"The day on which it was judged, not after {latest}. A value without a date is refused."
    yield (
        "What is asked",
        f"A judgement is asked of a {noun} where some answer to it can still change what is decided: an outcome, a trigger, a "
        "consequence or a value. The sheet guidance says of each judgement which rules read it.",
    )
    yield (
        "What is not asked",
        "Where every answer would leave all of that as it is, there is no question. A judgement that would only be one "
        "more reason for an outcome that stands already is not asked either.",
    )
    yield (
        "asked, may not matter",
        "What hangs on these answers was not followed to the end: two missing values are compared with each other, a "
        "figure over a cohort is not known yet, or there were too many cases. They may turn out to change nothing.",
    )
    yield "given", "The evidence has this judgement. It is shown to be read; to change it, change the evidence."
