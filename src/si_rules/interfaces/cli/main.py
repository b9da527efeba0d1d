"""The command group `si-rules`. A command's module is imported when the command is called, not before."""

import os
import sys
from importlib import import_module
from typing import Final

import click

from si_rules._version import __version__

# Each command with the sentence that `--help` shows, so that help loads none of them.
COMMANDS: Final = {
    "decide": "Decide about subjects under a policy.",
    "assess": "Decide about all as one cohort, and write decisions, letters and a summary.",
    "letters": "Draft a letter, or list the letters of a policy and check their templates.",
    "check-run": "Say whether the folder of a run is what its manifest says.",
    "case": "Follow a case history through the pathways of a policy.",
    "check": "Say everything that is wrong with policies, at once.",
    "fmt": "Give policy, vocabulary and scenario files the one layout.",
    "test": "Run the scenarios beside the policies.",
    "judgements": "Write the sheet of judgements that can still matter, for officers to fill in.",
    "import-tables": "Turn published tables and a judgements sheet into evidence.",
    "convert": "Turn evidence into CSV, Excel, Parquet or JSON Lines, saying the same.",
    "moderate": "Record what people decided beside the decisions of a ledger.",
    "replay": "Decide again what a ledger holds, and say where it comes out otherwise.",
    "verify": "Say whether a ledger is what it was when it was recorded.",
    "checkpoint": "Write how many records a ledger holds and the root over them, signed, to be kept elsewhere.",
    "proof": "Write a file that proves one record of a ledger, for somebody who is not to have the ledger.",
    "keys": "Make a pair of keys, to sign with and to check signatures with.",
    "report": "Write a page about a decision of a ledger: its rules, its evidence, and the proof.",
    "bundle": "Make one file of an edition and all it uses; say whether one is whole.",
    "schema": "Print the JSON Schema of evidence or of a decision.",
    "explain": "Say what the code of a finding means, and how it is mended.",
    "policies": "List editions, when they are in force, and their digests.",
}


class LazyCommands(click.Group):
    """A group whose commands are files of this folder, loaded when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"si_rules.interfaces.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, and offer the nearest one where there is none of that name."""
        from si_rules.source.nearest import nearest  # only wanted for a mistake

        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            guess = nearest(name, COMMANDS)
            hint = f" Did you mean {guess}?" if guess else ""
            raise click.UsageError(f"There is no command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.command(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="si-rules")
def group() -> None:
    """Run published policies: decide, explain, check.

    Exit codes: 0 done, 1 findings, 2 wrong usage, 3 policy unusable, 4 some evidence refused and the rest decided,
    5 a folder is not what its manifest says, a ledger not what was recorded, or a bundle not whole.
    """


def main() -> None:
    """Run the command line. Output that nobody reads any more (a closed pipe) ends it quietly."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        try:
            group()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()
        sys.exit(0)
    except OSError as error:  # files that are read have their own sentences: what is left is the output
        _write_nowhere()
        print(f"si-rules: the output cannot be written: {(error.strerror or str(error)).lower()}", file=sys.stderr)
        sys.exit(2)


def _write_nowhere() -> None:
    """Send what is still buffered nowhere, so that ending the process does not fail on it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
