"""What commands take from the command line: dates, policies, files; each with a clear sentence where it is wrong."""

import datetime
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from si_rules.interfaces.cli.exits import POLICY_UNUSABLE, PROOF_FAILS, WRONG_USAGE, stop, stop_policy
from si_rules.policy import NotInForce, Policy, PolicyLibrary, PolicyNotFound, open_policy
from si_rules.source.diagnostics import PolicyError

if TYPE_CHECKING:
    from si_rules.bundles.bundling import Bundle
    from si_rules.source.signing import PublicKey

MOST_BYTES = 1_000_000_000
MOST_BYTES_OF_BUNDLE: Final = 30_000_000


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
    """The policy of a file, a folder, a bundle, an id (the edition in force on `on`) or `id@edition`; ends the command
    otherwise.
    """
    try:
        path = Path(name)
        if path.suffix == ".bundle" and path.is_file():
            return _bundled(path)
        if path.exists():
            return open_policy(path)
        if path.suffix in (".policy", ".bundle") or "/" in name:
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


def read_bundle(path: Path, key: "PublicKey | None") -> "Bundle":
    """The bundle of a file, checked, with a key its signature too. Raises `BundleError`; ends the command without a file."""
    from si_rules.bundles.bundling import Bundle  # not wanted by most commands
    from si_rules.bundles.reading import BundleError

    try:
        if path.stat().st_size > MOST_BYTES_OF_BUNDLE:
            raise BundleError(f"it is too large: more than {MOST_BYTES_OF_BUNDLE:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        stop(WRONG_USAGE, f"{path}: {(error.strerror or 'cannot be read').lower()}")
    return Bundle.read(data, key)


def _bundled(path: Path) -> Policy:
    """The policy of a bundle, laid out in a folder that is there until the command ends."""
    from si_rules.bundles.bundling import load_laid_out
    from si_rules.bundles.reading import BundleError

    try:
        bundle = read_bundle(path, None)
        folder = click.get_current_context().with_resource(tempfile.TemporaryDirectory(prefix="si-rules-"))
        place = Path(folder, "a", "b", "c", "d", "policies")
        place.mkdir(parents=True)
        bundle.lay_out(place)
        policy = load_laid_out(bundle.contents, place)
    except BundleError as error:
        stop(PROOF_FAILS, f"{path}: {error}")
    if bundle.names:
        print(
            f"note: the signature of {path} was not checked: si-rules bundle verify {path} --key FILE", file=sys.stderr
        )
    return policy


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
