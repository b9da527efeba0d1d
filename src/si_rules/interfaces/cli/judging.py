"""A sheet of judgements that goes with the evidence of a command."""

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path

from attrs import define, field
from pydantic import BaseModel

from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.judgement_merging import merge
from si_rules.evidence.judgement_sheet import JudgementSheet, read_judgements
from si_rules.evidence.readers import Refusal
from si_rules.evidence.tables.reading import Remark
from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import WRONG_USAGE, counted, stop
from si_rules.policy import Policy

_MOST_SHOWN = 20


@define
class Judging:
    """A sheet of judgements that is put into records: how many remarks it drew, and each record with what it says."""

    sheet_name: str
    records: dict[str, BaseModel] = field(repr=False)
    policy: Policy
    on: datetime.date
    model: type[BaseModel]
    remarks: int = field(init=False)
    _sheet: JudgementSheet = field(init=False, repr=False)
    _name: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._name = "standard input" if self.sheet_name == "-" else Path(self.sheet_name).name
        data, core = read_bytes(self.sheet_name), self.policy.core
        try:
            self._sheet = read_judgements(data, self._name, self.records, self.on, core, self.model)
        except ExtraMissing as error:
            stop(WRONG_USAGE, str(error))
        _, further = merge(self._sheet, self.records, self.on, self._name)
        show_remarks([*self._sheet.remarks, *further])
        self.remarks = len(self._sheet.remarks) + len(further)
        judged = len(set(self._sheet.judgements) | set(self._sheet.fields))
        print(
            f"{self._name}: {counted(self._sheet.used, 'row')} used, of {counted(judged, core.vocabulary.noun)}; "
            f"{self._sheet.empty} without a value",
            file=sys.stderr,
        )

    def judged(self, item: BaseModel | Refusal) -> BaseModel | Refusal:
        """A record with the judgements of the sheet in it."""
        if isinstance(item, Refusal):
            return item
        subject = str(getattr(item, self.policy.core.vocabulary.identified_by))
        return merge(self._sheet, {subject: item}, self.on, self._name)[0][subject]


def show_remarks(remarks: Sequence[Remark]) -> None:
    """Tell remarks, of each file only the first: a file that is wrong throughout would bury the rest."""
    shown: dict[str, int] = {}
    for remark in remarks:
        shown[remark.file] = shown.get(remark.file, 0) + 1
        if shown[remark.file] <= _MOST_SHOWN:
            print(f"refused: {remark}", file=sys.stderr)
    for name, count in shown.items():
        if count > _MOST_SHOWN:
            print(f"refused: {name}: and {count - _MOST_SHOWN} more", file=sys.stderr)
