"""`si-rules policies`: the editions of a library."""

import datetime
from pathlib import Path

import click

from si_rules.interfaces.cli.arguments import DAY
from si_rules.interfaces.cli.exits import DONE, POLICY_UNUSABLE, show
from si_rules.policy import PolicyLibrary, PolicyNotFound, load_edition
from si_rules.source.diagnostics import PolicyError


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--on", type=DAY, help="Only editions in force on this date.")
@click.option("--files", is_flag=True, help="List what goes into each digest as well: every file, with its own.")
def command(folder: Path | None, on: datetime.date | None, files: bool) -> None:
    """List editions, when they are in force, their digests, and their amendments.

    FOLDER is a folder of policies; without it, the policies that come with si-rules.
    """
    library = PolicyLibrary.open(folder) if folder else PolicyLibrary.bundled()
    code = DONE
    for edition in library.editions():
        if on is not None and not edition.covers(on):
            continue
        period = " to ".join(map(str, edition.in_force)) if edition.in_force else "no period"
        try:
            policy = load_edition(edition, library.folder)
            click.echo(f"{edition.id}@{edition.edition}  {period}  {policy.digest}  {edition.title}")
            for item in sorted(edition.amendments, key=lambda item: (str(item.first), str(item.adopted))):
                click.echo(f"  amended from {item.first}, adopted {item.adopted}: {item.title}")
            for file in policy.files if files else ():
                click.echo(f"  {file.digest}  {file.name} ({file.of})")
        except PolicyError as error:
            click.echo(f"{edition.id}@{edition.edition}  {period}  unusable  {edition.title}")
            show(error.diagnostics)
            code = POLICY_UNUSABLE
        except PolicyNotFound as error:
            click.echo(f"{edition.id}@{edition.edition}  {period}  unusable: {error.args[0]}")
            code = POLICY_UNUSABLE
    raise SystemExit(code)
