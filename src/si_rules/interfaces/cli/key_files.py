"""Files of keys and of what is signed, for commands: each with a clear sentence where it is wrong."""

import os
from pathlib import Path

from si_rules.interfaces.cli.arguments import read_bytes
from si_rules.interfaces.cli.exits import WRONG_USAGE, stop
from si_rules.source.extras import ExtraMissing
from si_rules.source.signing import PrivateKey, PublicKey, SigningError


def private_key(path: Path) -> PrivateKey:
    """The private key of a file; ends the command where there is none."""
    try:
        return PrivateKey.read(read_bytes(str(path)))
    except (SigningError, ExtraMissing) as error:
        stop(WRONG_USAGE, _told(path, error))


def public_key(path: Path) -> PublicKey:
    """The public key of a file; ends the command where there is none."""
    try:
        return PublicKey.read(read_bytes(str(path)))
    except (SigningError, ExtraMissing) as error:
        stop(WRONG_USAGE, _told(path, error))


def write_new(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that must not be there yet, with these rights at most; ends the command otherwise.

    What is there already may be a key or evidence: it is never written over.
    """
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
        with os.fdopen(number, "wb") as file:
            file.write(data)
    except FileExistsError:
        stop(WRONG_USAGE, f"{path} is there already; name another file")
    except OSError as error:
        stop(WRONG_USAGE, f"{path}: {(error.strerror or 'cannot be written').lower()}")


def _told(path: Path, error: Exception) -> str:
    return str(error) if isinstance(error, ExtraMissing) else f"{path}: {error}"
