"""From the parts of a made-up policy to a policy that decides."""

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.decision import ours
from si_rules.policy import Policy, open_policy

HEAD: Final = """policy benchmarks.{name}
  title "A shape to measure with"
  edition 2015-16
  in force 2015-09-01 to 2016-08-31
  vocabulary {name} 1

"""
WORDS: Final = """vocabulary {name} 1
  subject school, plural schools
  identified by reference

audience public "everybody"

"""
SETTINGS: Final = """  cites MADE "1"
  applies to every school
  when several classes hold, the most serious stands: {classes}
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
"""


def legend() -> str:
    """The legend as every file with rules carries it."""
    text = (ours.HERE / "flat" / "decision.policy").read_text(encoding="utf-8")
    return text[text.index("legend\n") : text.index("source MADE")]


def made(name: str, rules: str, fields: str) -> Policy:
    """The policy of some rules over fields, which are declared in its vocabulary and restated in it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / f"{name}.vocabulary").write_text(WORDS.format(name=name) + fields, encoding="utf-8")
        source = 'source MADE "Made up by a program"\n\n'
        text = HEAD.format(name=name) + legend() + source + rules + "\n" + fields
        (place / f"{name}.policy").write_text(text, encoding="utf-8")
        return open_policy(place, keep=False)


def classification(name: str, clauses: dict[str, str]) -> str:
    """A classification with one clause in each class, the most serious first."""
    text = f'classification {name} "What comes of it"\n' + SETTINGS.format(classes=", ".join(clauses))
    for label, condition in clauses.items():
        text += f'  class {label} "{label}"\n    cites MADE "1"\n    clause c_{label}, when {condition}\n'
    return text
