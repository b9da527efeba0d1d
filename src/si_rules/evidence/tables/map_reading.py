"""Reads maps of columns from TOML and checks them, before a table is opened."""

import tomllib
from collections.abc import Collection
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from si_rules.evidence.readers import problems_of
from si_rules.evidence.tables.map_checks import problems
from si_rules.evidence.tables.maps import Maps


class MapsUnusable(ValueError):
    """The maps cannot be read, or name what the evidence has not; the message says what, in a sentence."""


def bundled_maps(origins: Collection[str] | None = None) -> Maps:
    """The maps of the tables as the Department for Education and Ofsted publish them, which come with the package.

    `origins` are those the vocabulary declares; without them it is not asked whether the maps name others.
    """
    resource = files("si_rules.evidence.tables").joinpath("published.toml")
    return maps_of(resource.read_text(encoding="utf-8"), "published.toml", origins)


def read_maps(path: Path, origins: Collection[str] | None = None) -> Maps:
    """The maps of a file, held against the origins of the vocabulary. Raises `MapsUnusable`."""
    try:
        return maps_of(path.read_bytes().decode("utf-8-sig"), str(path), origins)
    except OSError as error:
        raise MapsUnusable(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError:
        raise MapsUnusable(f"{path}: the file is not UTF-8") from None


def maps_of(text: str, name: str, origins: Collection[str] | None = None) -> Maps:
    """The maps of a TOML text; `name` stands in messages. Raises `MapsUnusable`."""
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise MapsUnusable(f"{name}: not TOML: {str(error).lower()}") from None
    except RecursionError:
        raise MapsUnusable(f"{name}: nested too deeply") from None
    try:
        maps = Maps.model_validate(raw)
    except ValidationError as error:
        path, reason = problems_of(error)[0]
        raise MapsUnusable(f"{name}, {path}: {reason.replace('of the vocabulary', 'of a map')}") from None
    for problem in problems(maps, origins):
        raise MapsUnusable(f"{name}, {problem}")
    return maps
