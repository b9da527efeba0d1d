"""The one text of a value, for digests: RFC 8785 restricted to strings, booleans, null, safe whole numbers,
arrays and objects with ASCII keys. Decimals and dates go in as strings; floats never do.
"""

import hashlib
import json
from typing import Any, Final

_SAFE: Final = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The canonical JSON of a value. Raises TypeError for anything outside the restriction."""
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def digest(value: Any) -> str:
    """`sha256:` and the hexadecimal digest of the canonical JSON of a value."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def _check(value: Any) -> None:
    match value:
        case None | bool() | str():
            return
        case int():
            if abs(value) > _SAFE:
                raise TypeError(f"{value} is too large for canonical JSON")
        case list() | tuple():
            for item in value:
                _check(item)
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or not key.isascii():
                    raise TypeError(f"the key {key!r} is not ASCII text")
                _check(item)
        case _:
            raise TypeError(f"a {type(value).__name__} has no canonical JSON")
