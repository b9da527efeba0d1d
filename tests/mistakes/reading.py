"""Reads snippets: after a policy that stands before each of them, and with letters that nobody can see spelt out."""

import re
from pathlib import Path

from si_rules import shipped
from si_rules.pipeline import load
from si_rules.semantics.declared import LEGEND
from si_rules.source.diagnostics import Diagnostic

VOCABULARY = ("school.vocabulary", (shipped.policies_folder() / "vocabularies/school.vocabulary").read_bytes())
WRITTEN_LEGEND = "legend\n" + "".join(f'  "{sentence}"\n' for sentence in LEGEND)
PRELUDE = (
    (Path(__file__).parent / "prelude.policy").read_text(encoding="utf-8").replace("LEGEND\n", WRITTEN_LEGEND + "\n")
)

# A letter that cannot be seen is named in brackets that the language does not have.
UNSEEN = {"tab": "\t", "non-breaking space": "\u00a0"}


def as_typed(text: str) -> str:
    """A snippet with the letters that its brackets name."""
    return re.sub(r"⟨(U\+([0-9A-F]{4})|[a-z -]+)⟩", lambda m: chr(int(m[2], 16)) if m[2] else UNSEEN[m[1]], text)


def findings(snippet: str, whole: bool = False) -> list[tuple[int, Diagnostic]]:
    """What is found in a snippet, each with its line there; `whole` reads it as a file of its own."""
    before = "" if whole else PRELUDE
    found = read(before + as_typed(snippet.replace("LEGEND\n", WRITTEN_LEGEND)))
    start = before.count("\n")
    return [(item.source.place(item.span.start)[0] - start, item) for item in found]


def read(text: str) -> list[Diagnostic]:
    """What is found in a whole file."""
    return load({"snippet.policy": text.encode()}, VOCABULARY, keep=False).diagnostics
