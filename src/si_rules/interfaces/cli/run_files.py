"""What a run takes from files: evidence, moderations and letters, each remembered as it was read."""

import datetime
import hashlib
from collections import Counter
from pathlib import Path

from attrs import define, evolve, field, frozen
from pydantic import BaseModel

from si_rules.decisions.moderation import Moderation, Moderations, stand
from si_rules.decisions.moderation_reading import read_moderations
from si_rules.documents.letters import Letters
from si_rules.documents.manifest import Input
from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.judgement_merging import merge
from si_rules.evidence.judgement_sheet import read_judgements
from si_rules.evidence.readers import Refusal, read_file, records_refused
from si_rules.evidence.tables.reading import Remark
from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.evidence_files import model_for, note_unknown_judgements, unknown_judgements
from si_rules.interfaces.cli.exits import POLICY_UNUSABLE, WRONG_USAGE, stop
from si_rules.library.letters import LettersUnusable
from si_rules.policy import Policy


def load_letters(policy: Policy, folder: Path | None, on: datetime.date | None) -> Letters:
    """The letters of a folder, or those beside the policy; ends the command where they cannot be used on a day."""
    try:
        letters = Letters.of(policy, folder)
        letters.further(on or policy.in_force[0])
        return letters
    except LettersUnusable as error:
        stop(POLICY_UNUSABLE, f"letters: {error}")
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))


@frozen
class ReadRecords:
    """Records with their places, what was refused of them and of the sheet, and how many records could not be read."""

    known: list[tuple[str, BaseModel]]
    refused: list[Refusal]
    unread: int


@define
class RunFiles:
    """The files of a run under a policy; `inputs` says what each of them was."""

    policy: Policy
    inputs: list[Input] = field(factory=list)

    def evidence(self, name: str, sheet: str | None, on: datetime.date) -> ReadRecords:
        """The records of a file, with the judgements of a sheet in them."""
        key = self.policy.core.vocabulary.identified_by
        try:
            items = list(read_file(name, self._bytes("evidence", name), model_for(self.policy), key))
            records = {str(getattr(item, key)): (place, item) for place, item in items if not isinstance(item, Refusal)}
            refused = [item for _, item in items if isinstance(item, Refusal)]
            unread = records_refused(items)
            if sheet is not None:
                refused += self._judge(records, sheet, on)
        except ExtraMissing as error:
            stop(WRONG_USAGE, str(error))
        unknown = Counter(name for _, item in records.values() for name in unknown_judgements(item, self.policy))
        note_unknown_judgements(unknown, self.policy)
        return ReadRecords(list(records.values()), refused, unread)

    def _judge(self, records: dict[str, tuple[str, BaseModel]], sheet: str, on: datetime.date) -> list[Refusal]:
        """Put the judgements of a sheet into records; what could not be put in."""
        data, core, name = self._bytes("judgements", sheet), self.policy.core, Path(sheet).name
        plain = {subject: item for subject, (_, item) in records.items()}
        read = read_judgements(data, name, plain, on, core, model_for(self.policy))
        merged, further = merge(read, plain, on, name)
        for subject, item in merged.items():
            records[subject] = records[subject][0], item
        return [_refusal(remark) for remark in (*read.remarks, *further)]

    def moderations(self, files: tuple[str, ...]) -> tuple[Moderations, frozenset[str], list[Refusal]]:
        """The moderations that stand, the ids of all that were read, and those that are refused."""
        read: list[tuple[str, Moderation]] = []
        refused: list[Refusal] = []
        for name in files:
            found = read_moderations(self._bytes("moderation", name))
            prefix = f"{Path(name).name}, " if len(files) > 1 else ""
            read += [(prefix + place, record) for place, record in found.records]
            refused += [evolve(item, place=prefix + item.place) for item in found.refused]
        standing, more = stand(read, self.policy.core)
        return standing, frozenset(record.id for _, record in read), refused + more

    def _bytes(self, role: str, name: str) -> bytes:
        data = read_bytes(name)
        shown_name = "standard input" if name == "-" else Path(name).name
        self.inputs.append(Input(role, shown_name, hashlib.sha256(data).hexdigest(), len(data)))
        return data


def _refusal(remark: Remark) -> Refusal:
    line = f", line {remark.line}" if remark.line is not None else ""
    return Refusal(f"{remark.file}{line}", remark.subject, remark.column or "", remark.reason)
