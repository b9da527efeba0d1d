"""Reads the JSON of a bundle, which is untrusted: bounded depth, no key twice, and a sentence for what is wrong."""

import json
from typing import Any, Final

_DEEPEST: Final = 6


class BundleError(ValueError):
    """A file is no bundle, cannot be read, was altered, or holds what it should not; the message says so in a sentence."""


def document_of(data: bytes) -> dict[str, Any]:
    """The object of a JSON text. Raises `BundleError`, which tells a text that is cut short from one that is none."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise BundleError("it is cut short") from None
        raise BundleError("it is not a bundle: it is not UTF-8") from None
    try:
        found = json.loads(
            text, object_pairs_hook=_once, parse_constant=_refused, parse_float=_refused, parse_int=_refused
        )
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or error.msg.startswith(
            ("Unterminated string", "Invalid \\escape", "Invalid \\u")
        )
        if cut and text.lstrip().startswith("{"):
            raise BundleError("it is cut short") from None
        raise BundleError("it is not a bundle: it is not JSON") from None
    except (ValueError, RecursionError) as error:
        told = str(error) if isinstance(error, BundleError) else "it is not a bundle: it is not JSON that one has"
        raise BundleError(told) from None
    if not isinstance(found, dict):
        raise BundleError("it is not a bundle: it is not a JSON object")
    if _deeper_than(found, _DEEPEST):
        raise BundleError("it is not a bundle: it is nested too deep")
    return found


def text_at(found: dict[str, Any], key: str) -> str:
    """A text under a key. Raises `BundleError` where there is none."""
    value = found.get(key)
    if not isinstance(value, str):
        raise BundleError(f"its {key} is not there")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BundleError("it says something twice")
    return found


def _refused(_number: str) -> Any:
    raise BundleError("it holds a number, which no bundle has")


def _deeper_than(value: Any, depth: int) -> bool:
    if depth < 0:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_deeper_than(item, depth - 1) for item in inner)
