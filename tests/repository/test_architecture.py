"""The rooms in docs/architecture.md, in the contracts of pyproject.toml and in src/si_rules are the same."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "si_rules"

pytestmark = pytest.mark.skipif(
    not (ROOT / "docs" / "architecture.md").is_file(),
    reason="needs the checkout: docs/architecture.md is not there",
)


def read_table() -> dict[str, tuple[str, set[str]]]:
    """Return each room of the table, lowest first, as written ("source/"), with the rooms it may import."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    header = "| Room | Holds | May import |"
    assert header in text, f"docs/architecture.md has no table headed {header!r}"
    rows: dict[str, tuple[str, set[str]]] = {}
    for line in text.partition(header)[2].splitlines()[2:]:
        if not line.startswith("|"):
            break
        room, _, imports = (cell.strip() for cell in line.strip("|").split("|"))
        written = room.strip("`")
        name = written.removesuffix("/").removesuffix(".py")
        if imports == "every row above":
            allowed = set(rows)
        elif imports == "nothing":
            allowed = set()
        else:
            allowed = set(re.findall(r"`(\w+)`", imports))
            assert allowed, f"the row of {room} does not say what it may import"
        rows[name] = (written, allowed)
    return rows


def read_contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def room_of(module: str) -> str:
    return module.strip().removeprefix(f"{PACKAGE}.")


def imports_the_contracts_allow() -> dict[str, set[str]]:
    """Return each room of the layers contract with the rooms that no contract keeps it from importing."""
    contracts = read_contracts()
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    allowed: dict[str, set[str]] = {}
    below: set[str] = set()
    for layer in reversed(layers):
        rooms = {room_of(module) for module in layer.split("|")}
        for room in rooms:
            allowed[room] = set(below)
        below |= rooms
    for contract in contracts:
        if contract["type"] == "forbidden":
            for source in contract["source_modules"]:
                allowed[room_of(source)] -= {room_of(module) for module in contract["forbidden_modules"]}
    return allowed


def test_the_table_says_what_the_contracts_allow() -> None:
    """The table lets a room import exactly what the contracts let it import."""
    table = {room: imports for room, (_, imports) in read_table().items()}
    assert table == imports_the_contracts_allow()


def test_every_kind_of_contract_is_understood() -> None:
    """Only layers and forbidden contracts are used, which is all that the comparison with the table reads."""
    assert {contract["type"] for contract in read_contracts()} == {"layers", "forbidden"}


def test_a_room_names_only_rows_above_it() -> None:
    """The table runs from low to high: a row names no row below it, and not itself."""
    seen: set[str] = set()
    for room, (_, imports) in read_table().items():
        assert imports <= seen, f"{room} names {sorted(imports - seen)}, which the table has no higher up"
        seen.add(room)


def test_every_folder_of_the_package_is_in_the_table() -> None:
    """The folders of src/si_rules that hold Python are the rooms of the table."""
    package = ROOT / "src" / PACKAGE
    folders = {f"{path.name}/" for path in package.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    rooms = {written for written, _ in read_table().values() if written.endswith("/")}
    assert folders == rooms


def test_every_module_in_the_table_exists() -> None:
    """A room that is one module of the table is a module of src/si_rules."""
    modules = [written for written, _ in read_table().values() if written.endswith(".py")]
    assert modules
    for module in modules:
        assert (ROOT / "src" / PACKAGE / module).is_file(), module
