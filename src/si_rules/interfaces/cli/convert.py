"""`si-rules convert`: evidence from one format to another, saying the same."""

import datetime
import sys
from pathlib import Path

import click
from pydantic import BaseModel

from si_rules.evidence.readers import Refusal
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.sheets.flattening import NotFlat, Table
from si_rules.evidence.sheets.grid import ExtraMissing
from si_rules.evidence.sheets.writing import WRITTEN, bytes_of, write_bytes
from si_rules.evidence.tables.lines import line_of
from si_rules.interfaces.cli.arguments import DAY, find_policy
from si_rules.interfaces.cli.evidence_files import check_target, model_for, read_records_as
from si_rules.interfaces.cli.exits import DONE, SOME_REFUSED, WRONG_USAGE, counted, stop

_LINES = ".jsonl"
_SHEET = "evidence"


@click.command()
@click.argument("evidence")
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    help="The file to write: .csv, .xlsx, .parquet or .jsonl.",
)
@click.option("--policy", help="A policy whose vocabulary the evidence is of, where it is not about schools.")
@click.option("--on", type=DAY, help="The day that says which edition of the policy.")
@click.option("--replace", is_flag=True, help="Write over a file that is there already.")
def command(evidence: str, target: Path, policy: str | None, on: datetime.date | None, replace: bool) -> None:
    """Turn evidence into another format.

    EVIDENCE is as for `si-rules decide`. The new file says the same, digit for digit. A record that is refused is
    left out, and told.
    """
    check_target(target, (*WRITTEN, _LINES), replace)
    found = None if policy is None else find_policy(policy, on)
    model = SchoolEvidence if found is None else model_for(found)
    identified_by = "urn" if found is None else found.core.vocabulary.identified_by
    records: list[BaseModel] = []
    table = Table()
    refused = 0
    for place, item in read_records_as(evidence, model, identified_by):
        refusal = item if isinstance(item, Refusal) else None
        if not isinstance(item, Refusal):
            try:
                if target.suffix.lower() != _LINES:
                    table.add(item)
                records.append(item)
            except NotFlat as error:
                refusal = Refusal(place, str(getattr(item, identified_by)), error.heading, error.reason)
        if refusal is not None:
            refused += 1
            print(f"refused: {refusal}", file=sys.stderr)
    _write(target, records, table)
    told = f"; {counted(refused, 'remark')} on evidence refused" if refused else ""
    print(f"{counted(len(records), 'record')} written to {target}{told}", file=sys.stderr)
    sys.exit(SOME_REFUSED if refused else DONE)


def _write(target: Path, records: list[BaseModel], table: Table) -> None:
    try:
        if target.suffix.lower() == _LINES:
            data = "".join(f"{line_of(record)}\n" for record in records).encode()
        else:
            data = bytes_of(table, target.suffix.lower(), _SHEET)
        write_bytes(target, data)
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))
    except OSError as error:
        stop(WRONG_USAGE, f"{target}: {(error.strerror or 'cannot be written').lower()}")
