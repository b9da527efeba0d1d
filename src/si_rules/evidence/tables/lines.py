"""Evidence records as lines of JSON: the same record gives the same bytes, numbers with the digits they came with."""

import datetime
import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from pydantic import BaseModel


def line_of(record: BaseModel) -> str:
    """One line without its end. What was not supplied is left out; the order of the keys is the model's."""
    return _written(record.model_dump(exclude_defaults=True, by_alias=True))


def _written(value: Any) -> str:
    match value:
        case str():
            return encode_basestring(value)
        case None | bool() | int():
            return json.dumps(value)
        case Decimal():
            return format(value, "f")  # json.dumps would need a float
        case datetime.date():
            return f'"{value.isoformat()}"'
        case list() | tuple():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            return (
                f"{{{', '.join([f'{encode_basestring(str(key))}: {_written(item)}' for key, item in value.items()])}}}"
            )
        case _:
            raise TypeError(f"a {type(value).__name__} does not stand in evidence")
