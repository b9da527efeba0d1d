"""Evidence records as lines of JSON: the same record gives the same bytes, numbers with the digits they came with."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final

from pydantic import BaseModel


def line_of(record: BaseModel) -> str:
    """One line without its end. What was not supplied is left out; the order of the keys is the model's."""
    return _written(record.model_dump(exclude_defaults=True, by_alias=True))


def _written(value: Any) -> str:
    write = _PLAIN.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, dict):
        return f"{{{', '.join([_key(str(key)) + _written(item) for key, item in value.items()])}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_written, value))}]"
    for kind, write in _PLAIN.items():
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"a {type(value).__name__} does not stand in evidence")


@lru_cache(maxsize=4096)
def _key(key: str) -> str:
    return f"{encode_basestring(key)}: "


_PLAIN: Final[dict[type, Callable[[Any], str]]] = {
    str: encode_basestring,
    bool: lambda value: "true" if value else "false",
    int: int.__repr__,
    type(None): lambda _: "null",
    Decimal: "{:f}".format,  # json.dumps would need a float
    datetime.date: lambda value: f'"{value.isoformat()}"',
}
