"""The one text of a value, for digests: RFC 8785 restricted to strings, booleans, null, safe whole numbers,
arrays and objects with ASCII keys. Decimals and dates go in as strings; floats never do.
"""

import hashlib
import json
from typing import Any, Final

_SAFE: Final = 2**53 - 1
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value. Raises TypeError for anything outside the restriction."""
    _check(value)
    return _ENCODER.encode(value).encode("utf-8")


def digest(value: Any) -> str:
    """`sha256:` and the hexadecimal digest of the canonical JSON of a value."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def _check(value: Any) -> None:
    """Go through a value. Plain types are told apart by identity first: records are made by the thousand."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is list or kind is tuple:
        for item in value:
            if type(item) is not str:
                _check(item)
    elif kind is dict:
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise TypeError(f"the key {key!r} is not ASCII text")
            if type(item) is not str:
                _check(item)
    elif isinstance(value, int):
        if abs(value) > _SAFE:
            raise TypeError(f"{value} is too large for canonical JSON")
    elif not isinstance(value, str):
        raise TypeError(f"a {kind.__name__} has no canonical JSON")
