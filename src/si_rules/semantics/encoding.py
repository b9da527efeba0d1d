"""The core as JSON text and back, for the cache of loaded policies: data only, never a pickle."""

import datetime
import json
from fractions import Fraction
from typing import Any, Final

import attrs

from si_rules.semantics import core, forms, kinds, pathway_forms, vocabulary, years

_CLASSES: Final[dict[str, type[Any]]] = {
    found.__name__: found
    for module in (forms, core, vocabulary, kinds, years, pathway_forms)
    for found in vars(module).values()
    if isinstance(found, type) and attrs.has(found) and found.__module__ == module.__name__
}
_FIELDS: Final = {name: tuple(f.name for f in attrs.fields(found)) for name, found in _CLASSES.items()}


def encode(policy: core.Core) -> str:
    """The JSON text of a core; equal cores give equal texts."""
    return json.dumps(_encode(policy), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> core.Core:
    """The core of a text made by `encode`. Raises ValueError for any other text."""
    try:
        found = _decode(json.loads(text))
    except (KeyError, TypeError, IndexError, ArithmeticError, RecursionError) as error:
        raise ValueError("not the text of a core") from error
    if not isinstance(found, core.Core):
        raise ValueError("not the text of a core")
    return found


def _encode(value: Any) -> Any:
    match value:
        case None | bool() | str() | int():
            return value
        case Fraction():
            return {"n": f"{value.numerator}/{value.denominator}"}
        case datetime.date():
            return {"d": value.isoformat()}
        case frozenset():
            return {"s": sorted(value)}
        case tuple():
            return [_encode(item) for item in value]
        case dict():
            return {"m": [[key, _encode(item)] for key, item in value.items()]}
        case _:
            name = type(value).__name__
            return {"c": name, "v": [_encode(getattr(value, field)) for field in _FIELDS[name]]}


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple([_decode(item) for item in value])
    if not isinstance(value, dict):
        return value
    if "c" in value:
        return _CLASSES[value["c"]](*[_decode(item) for item in value["v"]])
    if "m" in value:
        return {key: _decode(item) for key, item in value["m"]}
    if "n" in value:
        return Fraction(value["n"])
    if "d" in value:
        return datetime.date.fromisoformat(value["d"])
    return frozenset(value["s"])
