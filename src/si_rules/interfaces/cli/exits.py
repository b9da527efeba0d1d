"""How a command ends: the published exit codes, and one clear sentence where it fails."""

import sys
from collections.abc import Iterable
from typing import Final, NoReturn

from si_rules.source.diagnostics import Diagnostic, PolicyError
from si_rules.source.rendering import render

DONE: Final = 0
FINDINGS: Final = 1
WRONG_USAGE: Final = 2
POLICY_UNUSABLE: Final = 3
SOME_REFUSED: Final = 4
PROOF_FAILS: Final = 5


def counted(count: int, noun: str) -> str:
    """A count with its noun: `1 record`, `2 records`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def stop(code: int, message: str) -> NoReturn:
    """End with a code and a sentence on standard error."""
    print(f"si-rules: {message}", file=sys.stderr)
    sys.exit(code)


def stop_policy(error: PolicyError) -> NoReturn:
    """End because a policy cannot be used, with everything that is wrong with it."""
    show(error.diagnostics)
    sys.exit(POLICY_UNUSABLE)


def show(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics on standard error, a blank line between them."""
    found = list(diagnostics)
    print("\n\n".join(render(item) for item in found), file=sys.stderr)
    if len(found) > 1:
        print(f"\n{len(found)} findings", file=sys.stderr)
