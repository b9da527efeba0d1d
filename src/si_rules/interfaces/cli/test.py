"""`si-rules test`: the scenarios beside the policies."""

import sys
from pathlib import Path

import click

from si_rules.interfaces.cli.exits import DONE, FINDINGS, WRONG_USAGE, counted, show, stop, stop_policy
from si_rules.policy import Policy, PolicyNotFound, open_policy
from si_rules.source.diagnostics import Diagnostic, PolicyError
from si_rules.tools.scenarios.running import CaseResult, coverage, run_files


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--coverage", "covered", is_flag=True, help="Say for each rule in how many scenarios it decided, held, …")
def command(paths: tuple[Path, ...], covered: bool) -> None:
    """Run the scenarios beside the policies.

    PATHS are scenario files, or folders with policies and scenarios under them.
    """
    files = [file for path in paths for file in _scenario_files(path)]
    failures: list[Diagnostic] = []
    total = 0
    for folder in dict.fromkeys(file.parent for file in files):
        policy = _policy(folder)
        results, mistakes = run_files(policy.core, policy.digest, [file for file in files if file.parent == folder])
        total += len(results)
        failures += mistakes
        failures += [failure for result in results for failure in result.failures]
        if covered:
            _show_coverage(policy, results)
    if failures:
        show(failures)
    click.echo(f"{counted(total, 'scenario')}, {counted(len(failures), 'failure')}")
    sys.exit(FINDINGS if failures else DONE)


def _scenario_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(path.rglob("*.scenarios")) if path.is_dir() else []
    if not found:
        stop(WRONG_USAGE, f"{path} holds no scenario files")
    return found


def _policy(folder: Path) -> Policy:
    try:
        return open_policy(folder)
    except PolicyError as error:
        stop_policy(error)
    except PolicyNotFound as error:
        stop(WRONG_USAGE, str(error.args[0]))


def _show_coverage(policy: Policy, results: list[CaseResult]) -> None:
    click.echo(f"{'rule':<36} decides  holds  does not  undetermined  does not apply")
    for name, counts in coverage(results, list(policy.core.rules)):
        numbers = [counts[key] for key in ("decides", "holds", "does_not_hold", "undetermined", "not_applicable")]
        click.echo("{:<36} {:>7} {:>6} {:>9} {:>13} {:>15}".format(name, *numbers))
