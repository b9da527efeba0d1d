"""A policy with one word changed draws few findings and never an exception."""

import os
import random
import re
from datetime import date

import pytest

from si_rules import PolicyLibrary, shipped
from si_rules.pipeline import load

LONG = os.environ.get("SI_RULES_LONG") == "1"
FOLDER = shipped.policies_folder()
VOCABULARY = ("school.vocabulary", (FOLDER / "vocabularies/school.vocabulary").read_bytes())
EDITION = FOLDER / "doncaster/school_improvement/2015-16"
FILES = {name: (EDITION / name).read_bytes() for name in ("categories.policy", "triggers.policy")}
FLOORS = PolicyLibrary.bundled().in_force("england.accountability", on=date(2015, 11, 4))


def findings(changed: str) -> int:
    """How much is found wrong with the policy whose categories are these."""
    files = {**FILES, "categories.policy": changed.encode()}
    return len(load(files, VOCABULARY, keep=False, used=[(FLOORS.core, FLOORS.digest)]).diagnostics)


@pytest.mark.parametrize("part", range(3))
def test_one_changed_word_draws_about_one_finding(part: int) -> None:
    """Mutations of the shipped policy, with SI_RULES_LONG=1 three hundred: never an exception, at most one finding in half of them."""
    chance = random.Random(f"{part} 20151104")
    text = FILES["categories.policy"].decode("utf-8")
    assert findings(text) == 0
    words = list(re.finditer(r"\S+", text))
    counts = []
    for _ in range(100 if LONG else 20):
        word = chance.choice(words)
        old = word.group()
        place = chance.randrange(len(old))
        typo = old[:place] + chance.choice('abcxyz_.,:"-') + old[place + 1 :]
        new = chance.choice(["", f"{old} {old}", chance.choice(words).group(), typo])
        counts.append(findings(text[: word.start()] + new + text[word.end() :]))
    counts.sort()
    tally = {number: counts.count(number) for number in sorted(set(counts))}
    print(f"findings of {len(counts)} mutations: median {counts[len(counts) // 2]}, most {counts[-1]}, {tally}")
    assert counts[len(counts) // 2] <= 1
    assert max(counts) <= 8
