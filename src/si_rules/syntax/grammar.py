"""The parsers, built from `grammar/*.lark` once in a process and kept in the user's cache between processes.

Lark's cache is a pickle: it is written to and read from a folder of the user's own, never from a
policy folder or a bundle.
"""

import os
import re
import sys
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from lark import Lark

from si_rules import shipped
from si_rules.syntax.layout import BlockLayout

STARTS = {
    "policy": ["declaration"],
    "scenarios": [
        "declaration",
        "head_given",
        "head_expected",
        "cell_given",
        "cell_expected",
        "cell_value",
        "cell_track",
        "cell_duty",
        "cell_power",
    ],
}


@cache
def parser(name: Literal["policy", "scenarios"], builder: type) -> Lark:
    """The parser of policy and vocabulary files, or of scenario files, building the tree as it goes."""
    path = shipped.grammar_folder() / f"{name}.lark"
    options: dict[str, Any] = {
        "parser": "lalr",
        "lexer": "contextual",
        "start": STARTS[name],
        "import_paths": [str(path.parent)],
        "source_path": str(path),
        "postlex": BlockLayout(),
        "transformer": builder(),
        "maybe_placeholders": True,
        "propagate_positions": False,
    }
    text = path.read_text(encoding="utf-8")
    folder = shipped.user_cache_folder()
    if folder is None:
        return Lark(text, **options)
    python = ".".join(map(str, sys.version_info[:3]))
    cached = folder / f"{name}-{shipped.grammar_digest()[:16]}-lark{version('lark')}-py{python}.lark-cache"
    if not cached.exists():
        _write_cache(text, options, cached)
    try:
        return Lark(text, cache=str(cached), **options)
    except Exception:  # a cache that cannot be read is made anew, whatever is wrong with it
        cached.unlink(missing_ok=True)
        return Lark(text, **options)


@cache
def keywords() -> dict[str, str]:
    """Each keyword terminal as an author writes it: `HOLDS_WHEN` is `holds when`. Of several words the first stands."""
    text = (shipped.grammar_folder() / "terminals.lark").read_text(encoding="utf-8")
    found = re.findall(r"^([A-Z][A-Z_]*)\.[0-9]+: /([a-z, +*()|?\\0-9A-Z]+)\\b/$", text, re.MULTILINE)
    return {name: _as_written(pattern) for name, pattern in found}


def _as_written(pattern: str) -> str:
    """The words of a keyword's pattern: the first of several, plurals with their s, one space between words."""
    text = re.sub(r"\(([^|()]*)\|[^()]*\)", r"\1", pattern)
    text = text.replace("n?", "").replace("?", "")
    return text.replace(" +", " ").replace(", *", ", ")


def _write_cache(text: str, options: dict[str, Any], target: Path) -> None:
    """Write the cache beside its place and move it there, so that no process reads half of one."""
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    os.close(handle)
    try:
        Path(name).unlink()
        Lark(text, cache=name, **options)
        Path(name).replace(target)
    except OSError:
        Path(name).unlink(missing_ok=True)
