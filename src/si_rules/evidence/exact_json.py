"""JSON read exactly: numbers as decimals; a key given twice and numbers that are none become what no field accepts."""

import json
from decimal import Decimal
from typing import Any, Final

_MOST_DIGITS: Final = 400


class NotJson(ValueError):
    """A text that is not JSON as it is read here; the message says what is wrong, in a few words."""


class GivenTwice:
    """Stands in place of the value of a key that was given twice; no field accepts it, so the key is named."""

    def __repr__(self) -> str:
        return "given twice"


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
            parse_constant=_not_finite,
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


def _not_finite(text: str) -> float:
    """NaN and the infinities go on as floats, which every field refuses: so the field is named."""
    return float(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = GivenTwice() if key in found else value
    return found
