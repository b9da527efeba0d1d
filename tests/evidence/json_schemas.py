"""The part of JSON Schema that this project uses: whether a document is valid, and random documents that are."""

import math
import random
import re
from decimal import Decimal
from typing import Any

KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "enum", "const", "anyOf", "properties", "required",
    "additionalProperties", "patternProperties", "propertyNames", "maxProperties", "items", "minItems", "maxItems",
    "minimum", "maximum", "pattern", "minLength", "maxLength", "format",
}  # fmt: skip
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float, Decimal), "integer": (int, float, Decimal),
}  # fmt: skip


def mistakes(document: Any, schema: Any, root: Any, place: str = "$") -> list[str]:
    """What is wrong with a document, each with its place; empty where it is valid."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return mistakes(document, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, place)
    if "anyOf" in schema and all(mistakes(document, inner, root, place) for inner in schema["anyOf"]):
        return [f"{place}: {document!r} is none of {len(schema['anyOf'])}"]
    if "const" in schema and not same(document, schema["const"]):
        return [f"{place}: {document!r} is not {schema['const']!r}"]
    if "enum" in schema and not any(same(document, value) for value in schema["enum"]):
        return [f"{place}: {document!r} is not one of {schema['enum']}"]
    if "type" in schema:
        wanted = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        if not any(is_of(document, name) for name in wanted):
            return [f"{place}: {document!r} is not {wanted}"]
    found = []
    if isinstance(document, str) and not re.search(schema.get("pattern", ""), document):
        found.append(f"{place}: {document!r} does not match {schema['pattern']}")
    within = lambda number: schema.get("minimum", -math.inf) <= number <= schema.get("maximum", math.inf)  # noqa: E731
    if isinstance(document, int | float | Decimal) and not isinstance(document, bool) and not within(document):
        found.append(f"{place}: {document} is out of limits")
    if isinstance(document, str) and not schema.get("minLength", 0) <= len(document) <= schema.get(
        "maxLength", math.inf
    ):
        found.append(f"{place}: {len(document)} characters")
    if isinstance(document, list):
        if not schema.get("minItems", 0) <= len(document) <= schema.get("maxItems", math.inf):
            found.append(f"{place}: {len(document)} items")
        for number, item in enumerate(document):
            found += mistakes(item, schema.get("items", {}), root, f"{place}[{number}]")
    if isinstance(document, dict):
        found += [f"{place}: no {name}" for name in schema.get("required", ()) if name not in document]
        found += [f"{place}: too many keys"] if len(document) > schema.get("maxProperties", math.inf) else []
        for name, item in document.items():
            found += mistakes(name, schema.get("propertyNames", {}), root, f"{place}: the key")
            found += of_key(name, item, schema, root, place)
    return found


def of_key(name: str, item: Any, schema: Any, root: Any, place: str) -> list[str]:
    if name in schema.get("properties", {}):
        return mistakes(item, schema["properties"][name], root, f"{place}.{name}")
    for pattern, inner in schema.get("patternProperties", {}).items():
        if re.search(pattern, name):
            return mistakes(item, inner, root, f"{place}.{name}")
    further = schema.get("additionalProperties", True)
    if further is False:
        return [f"{place}: {name} is no key"]
    return [] if further is True else mistakes(item, further, root, f"{place}.{name}")


def same(document: Any, value: Any) -> bool:
    return type(document) is type(value) and bool(document == value)


def is_of(document: Any, name: str) -> bool:
    if isinstance(document, bool):
        return name == "boolean"
    return isinstance(document, TYPES[name]) and (name != "integer" or document == int(document))


def random_document(schema: Any, root: Any, chance: random.Random) -> Any:
    """A document that is valid: numbers as texts within the limits of the numbers beside them."""
    if "$ref" in schema:
        return random_document(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, chance)
    if "anyOf" in schema:
        choices = schema["anyOf"]
        chosen = chance.choice(choices)
        if "pattern" in chosen and "format" not in chosen:  # a number as a text: with the limits of the number
            return str(random_document(choices[0], root, chance))
        return random_document(chosen, root, chance)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return chance.choice(schema["enum"])
    kind = schema["type"] if isinstance(schema["type"], str) else chance.choice(schema["type"])
    match kind:
        case "object":
            return random_object(schema, root, chance)
        case "array":
            count = chance.randint(schema.get("minItems", 0), min(schema.get("maxItems", 3), 3))
            return [random_document(schema["items"], root, chance) for _ in range(count)]
        case "boolean":
            return chance.random() < 0.5
        case "integer" | "number":
            low, high = schema.get("minimum", -1000), schema.get("maximum", 1000)
            whole = chance.randint(int(low), int(high))
            exact = kind == "number" and low < whole < high and chance.random() < 0.5
            return Decimal(f"{whole}.25") if exact and whole >= 0 else whole
        case "string" if schema.get("format") == "date":
            return f"{chance.randint(1990, 2030)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        case "string":
            return chance.choice(("a", "B-7", "990001"))
        case _:
            return None


def random_object(schema: Any, root: Any, chance: random.Random) -> dict[str, Any]:
    names = [
        name for name in schema.get("properties", {}) if name in schema.get("required", ()) or chance.random() < 0.3
    ]
    found = {name: random_document(schema["properties"][name], root, chance) for name in names}
    for inner in schema.get("patternProperties", {}).values():
        for year in chance.sample(("2012-13", "2013-14", "2014-15", "1999-00"), chance.randint(0, 2)):
            found[year] = random_document(inner, root, chance)
    if isinstance(schema.get("additionalProperties"), dict) and chance.random() < 0.5:
        found["something"] = random_document(schema["additionalProperties"], root, chance)
    return found
