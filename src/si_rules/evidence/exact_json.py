"""JSON read exactly: numbers as decimals, a key twice refused, NaN and the infinities refused."""

import json
from decimal import Decimal
from typing import Any, Final, NoReturn

_MOST_DIGITS: Final = 400


class NotJson(ValueError):
    """A text that is not JSON as it is read here; the message says what is wrong, in a few words."""


def loads(text: str | bytes | bytearray) -> Any:
    """The value of a JSON text. Raises `NotJson`."""
    if not isinstance(text, str):
        try:
            text = bytes(text).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise NotJson("the text is not UTF-8") from None
    try:
        return json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_refuse,
            object_pairs_hook=_object,
        )
    except NotJson:
        raise
    except json.JSONDecodeError as error:
        raise NotJson(f"not JSON: {error.msg.lower()} at character {error.pos + 1}") from None
    except RecursionError:
        raise NotJson("nested too deeply") from None


def _number(text: str) -> Decimal:
    if len(text) > _MOST_DIGITS:
        raise NotJson(f"a number of {len(text):,} characters")
    return Decimal(text)


def _refuse(text: str) -> NoReturn:
    raise NotJson(f"{text} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotJson(f"`{key}` is given twice")
        found[key] = value
    return found
