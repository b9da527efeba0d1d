"""What commands take from the command line: dates, policies, files; each with a clear sentence where it is wrong."""

import datetime
import sys
from pathlib import Path

import click

from si_rules.interfaces.cli.exits import POLICY_UNUSABLE, WRONG_USAGE, stop, stop_policy
from si_rules.policy import NotInForce, Policy, PolicyLibrary, PolicyNotFound, open_policy
from si_rules.source.diagnostics import PolicyError

MOST_BYTES = 1_000_000_000


class Day(click.ParamType[datetime.date]):
    """A date written `2015-11-04`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """The date, or a usage error that says how to write it."""
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date; write year, month and day: 2015-11-04", param, ctx)


DAY = Day()


def find_policy(name: str, on: datetime.date | None, library: PolicyLibrary | None = None) -> Policy:
    """The policy of a file, a folder, an id (the edition in force on `on`) or `id@edition`; ends the command otherwise."""
    try:
        path = Path(name)
        if path.exists():
            return open_policy(path)
        if path.suffix == ".policy" or "/" in name:
            stop(POLICY_UNUSABLE, f"there is no policy file or folder {name}")
        library = library or PolicyLibrary.bundled()
        policy_id, _, edition = name.partition("@")
        if edition:
            return library.edition(policy_id, edition)
        if on is None:
            stop(WRONG_USAGE, f"say which edition of {policy_id}: {policy_id}@EDITION, or --on DATE")
        return _in_force(library, policy_id, on)
    except PolicyError as error:
        stop_policy(error)
    except (PolicyNotFound, NotInForce) as error:
        stop(POLICY_UNUSABLE, str(error.args[0]))
    except OSError as error:
        stop(POLICY_UNUSABLE, f"{error.filename}: {(error.strerror or 'cannot be read').lower()}")


def _in_force(library: PolicyLibrary, policy_id: str, on: datetime.date) -> Policy:
    """The edition in force on a day; where none is and there is only one, that one, for `--as-if` to judge."""
    try:
        return library.in_force(policy_id, on)
    except NotInForce:
        editions = [edition for edition in library.editions() if edition.id == policy_id]
        if len(editions) == 1 and not editions[0].covers(on):
            return library.edition(policy_id, editions[0].edition)
        raise


def roles_of(audience: str, policy: Policy) -> frozenset[str]:
    """The roles of an option, with commas; ends the command for one that the vocabulary does not have."""
    known = policy.core.vocabulary.audiences
    roles = frozenset(part.strip() for part in audience.split(",") if part.strip())
    for role in sorted(roles):
        if role not in known and role != "public":
            stop(WRONG_USAGE, f"there is no audience {role!r}; the vocabulary has {', '.join(sorted(known))}")
    return roles or frozenset({"public"})


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for `-`; ends the command where they cannot be read."""
    if name == "-":
        return sys.stdin.buffer.read()
    path = Path(name)
    try:
        if path.stat().st_size > MOST_BYTES:
            stop(WRONG_USAGE, f"{name} is larger than {MOST_BYTES:,} bytes; split it")
        return path.read_bytes()
    except OSError as error:
        stop(WRONG_USAGE, f"{name}: {(error.strerror or 'cannot be read').lower()}")
