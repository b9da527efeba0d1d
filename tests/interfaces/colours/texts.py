"""Texts to try colours on: all policies, vocabularies and scenarios there are, shipped and for tests and in pages."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SUFFIXES = {".policy", ".vocabulary", ".scenarios"}
PAGES = ["README.md", "docs/reference/language.md", "docs/how-to/write-scenarios.md"]  # without wrong examples
FENCE = re.compile(r"^```policy\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def every_text() -> Iterator[tuple[str, str]]:
    """Every valid text with a name."""
    folders = [ROOT / "policies", ROOT / "examples", ROOT / "tests" / "conformance"]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES):
        yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "tests" / "conformance" / "behaviour").glob("*.cases")):
        for case in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            title, _, body = case.partition("\n")
            for part in body.split("--- scenarios\n"):
                yield f"{path.stem}: {title}", part
    for page in PAGES:
        path = ROOT / page
        for number, block in enumerate(FENCE.findall(path.read_text(encoding="utf-8")), 1):
            yield f"{page}, block {number}", block


TEXTS = list(every_text())
