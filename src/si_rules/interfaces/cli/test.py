"""`si-rules test`: the scenarios beside the policies."""

import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path

import click

from si_rules.interfaces.cli.exits import DONE, FINDINGS, WRONG_USAGE, show, stop, stop_policy
from si_rules.policy import Policy, PolicyNotFound, open_policy
from si_rules.source.diagnostics import PolicyError
from si_rules.source.nearest import nearest
from si_rules.tools.scenarios.beside import editions_beside
from si_rules.tools.scenarios.coverage import WAYS, coverage, gaps
from si_rules.tools.scenarios.reporting import (
    Tested,
    as_dict,
    counts,
    coverage_lines,
    summary_lines,
    tables,
    way_words,
)
from si_rules.tools.scenarios.running import run_files


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--coverage", "covered", is_flag=True, help="Say how everything in the policy was seen.")
@click.option(
    "--require",
    "required",
    metavar="WAYS",
    help=f"End with 1 where something was never seen in one of these ways, with commas: {', '.join(WAYS)}; or all.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="How to show results.")
def command(paths: tuple[Path, ...], covered: bool, required: str | None, format_: str) -> None:
    """Run the scenarios beside the policies.

    PATHS are scenario files, or folders with policies and scenarios under them.
    """
    wanted = _ways(required)
    files = list(dict.fromkeys(file for path in paths for file in _scenario_files(path)))
    folders = list(dict.fromkeys([*(file.parent for file in files), *_without_scenarios(paths)]))
    tested = [_test(folder, [f for f in files if f.parent == folder], covered or bool(wanted)) for folder in folders]
    failures = [failure for one in tested for failure in one.failures]
    if format_ == "json":
        click.echo(json.dumps(as_dict(tested, wanted), ensure_ascii=False, indent=2))
    else:
        if covered:
            _show_coverage(tested, wanted)
        if failures:
            show(failures)
        click.echo(counts(tested))
        for one in tested:
            if not one.has_files and not wanted:
                print(f"note: {one.policy.id} {one.policy.edition} has no scenarios", file=sys.stderr)
    lacking = _show_lacking(tested, wanted)
    sys.exit(FINDINGS if failures or lacking else DONE)


def _test(folder: Path, files: list[Path], covered: bool) -> Tested:
    policy = _policy(folder)
    try:
        earlier = cache(partial(editions_beside, policy, folder))
        results, mistakes = run_files(policy.core, policy.digest, files, policy.later, earlier)
    except PolicyError as error:  # an earlier edition, to which a history reaches back
        stop_policy(error)
    except OSError as error:
        stop(WRONG_USAGE, f"{error.filename}: {(error.strerror or 'cannot be read').lower()}")
    found = tuple(coverage(results, policy.core)) if covered else None
    return Tested(policy.core, policy.digest, tuple(results), tuple(mistakes), found, bool(files))


def _ways(required: str | None) -> tuple[str, ...]:
    """The ways that `--require` names, in their order; ends the command for a word that is none of them."""
    if required is None:
        return ()
    names = [name.strip().replace("-", "_").replace(" ", "_") for name in required.split(",")]
    for name in names:
        if name not in (*WAYS, "all"):
            guess = nearest(name, WAYS)
            hint = f"did you mean {guess}?" if guess else f"there is {', '.join(WAYS)}, and all"
            stop(WRONG_USAGE, f"--require: nothing is seen {name!r}; {hint}")
    return tuple(way for way in WAYS if way in names or "all" in names)


def _scenario_files(path: Path) -> list[Path]:
    if path.is_file():
        if path.suffix in (".policy", ".vocabulary", ".calendar"):
            stop(WRONG_USAGE, f"{path} is no file of scenarios; to check it: si-rules check {path}")
        return [path]
    found = sorted(path.rglob("*.scenarios")) if path.is_dir() else []
    if not found:
        stop(WRONG_USAGE, f"{path} holds no scenario files")
    return found


def _without_scenarios(paths: Iterable[Path]) -> Iterator[Path]:
    """The folders of policies under some folders that hold no scenario file."""
    for path in paths:
        if path.is_dir():
            for folder in sorted({file.parent for file in path.rglob("*.policy")}):
                if not any(folder.glob("*.scenarios")):
                    yield folder


def _policy(folder: Path) -> Policy:
    try:
        return open_policy(folder)
    except PolicyError as error:
        stop_policy(error)
    except PolicyNotFound as error:
        stop(WRONG_USAGE, str(error.args[0]))


# ---- coverage


def _show_coverage(tested: Iterable[Tested], wanted: tuple[str, ...]) -> None:
    """Tables with rules between them on a terminal, plain text elsewhere; the summary after them.

    What was never seen in the ways that are required is listed once, as lacking.
    """
    for one in tested:
        if sys.stdout.isatty():
            _show_tables(one)
        else:
            click.echo("\n".join(coverage_lines(one)))
        click.echo("")
        click.echo("\n".join(summary_lines(one, wanted)))
        click.echo("")


def _show_tables(tested: Tested) -> None:
    from rich.console import Console  # only a terminal wants it
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for sort, heads, rows in tables(tested.covered or ()):
        table = Table(title=Text(f"{tested.policy.id} {tested.policy.edition}: {sort}"), title_justify="left")
        table.add_column(Text(sort), overflow="fold")
        for head in heads:
            table.add_column(Text(head), justify="right")
        for name, *numbers in rows:
            cells = (Text(number, style="bold red" if number == "0" else "") for number in numbers)
            table.add_row(Text(name), *cells)
        console.print(table)


def _show_lacking(tested: Iterable[Tested], wanted: tuple[str, ...]) -> bool:
    """List on standard error what was required to be seen and never was, by edition where there are several."""
    tested, lacking = list(tested), []
    for one in tested:
        found = [f"  {thing.sort} {thing.name}: {way_words(ways)}" for thing, ways in gaps(one.covered or (), wanted)]
        none = ", which has no scenarios" if not one.has_files else ""
        head = f"of {one.policy.id} {one.policy.edition}{none}:"
        lacking += [head, *found] if found and (none or len(tested) > 1) else found
    if lacking:
        print("\n".join(["required, and never seen:", *lacking]), file=sys.stderr)
    return bool(lacking)
