"""`si-rules convert`: evidence from one format to another, saying the same."""

import datetime
import sys
from pathlib import Path

import click
from pydantic import BaseModel

from si_rules.evidence.extras import ExtraMissing
from si_rules.evidence.readers import Refusal
from si_rules.evidence.school import SchoolEvidence
from si_rules.evidence.sheets.flattening import NotFlat, Table
from si_rules.evidence.writers import FORMATS, LINES, write_evidence_file
from si_rules.interfaces.cli.arguments import DAY, find_policy
from si_rules.interfaces.cli.evidence_files import check_target, model_for, read_records_as
from si_rules.interfaces.cli.exits import DONE, SOME_REFUSED, WRONG_USAGE, counted, stop


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
    check_target(target, FORMATS, replace)
    found = None if policy is None else find_policy(policy, on)
    model = SchoolEvidence if found is None else model_for(found)
    identified_by = "urn" if found is None else found.core.vocabulary.identified_by
    records: list[BaseModel] = []
    checking = Table()
    refused = 0
    for place, item in read_records_as(evidence, model, identified_by):
        refusal = item if isinstance(item, Refusal) else None
        if not isinstance(item, Refusal):
            try:
                if target.suffix.lower() != LINES:
                    checking.row_of(item)  # a record that no row can hold is told, and does not keep back the others
                records.append(item)
            except NotFlat as error:
                refusal = Refusal(place, str(getattr(item, identified_by)), error.heading, error.reason)
        if refusal is not None:
            refused += 1
            print(f"refused: {refusal}", file=sys.stderr)
    _write(target, records)
    told = f"; {counted(refused, 'remark')} on evidence refused" if refused else ""
    print(f"{counted(len(records), 'record')} written to {target}{told}", file=sys.stderr)
    sys.exit(SOME_REFUSED if refused else DONE)


def _write(target: Path, records: list[BaseModel]) -> None:
    try:
        write_evidence_file(target, records)
    except (ExtraMissing, ValueError) as error:
        stop(WRONG_USAGE, str(error))
    except OSError as error:
        stop(WRONG_USAGE, f"{target}: {(error.strerror or 'cannot be written').lower()}")
