"""One token damaged in any form of the language: what is wrong is told, and nothing raises an exception.

What is damaged are the page of all forms, the flood defences with their vocabulary and scenarios, and a policy that uses
these. Whatever can still be loaded must also decide, explain itself and run its scenarios.
"""

import os
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from si_rules import shipped
from si_rules.decisions.basis import Basis
from si_rules.evidence.any_vocabulary import model_of
from si_rules.interfaces.cli.fmt import laid_out
from si_rules.pipeline import Loaded, check_vocabulary, load
from si_rules.policy import Cohort, Policy
from si_rules.semantics.declared import LEGEND
from si_rules.semantics.invariants import broken
from si_rules.source.rendering import render
from si_rules.source.screening import read_source
from si_rules.tools.scenarios.reading import read_cases
from si_rules.tools.scenarios.running import run

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "03_flood_defences"
LANGUAGE = ROOT / "docs" / "reference" / "language.md"
SCHOOL = shipped.policies_folder() / "vocabularies" / "school.vocabulary"
LONG = os.environ.get("SI_RULES_LONG") == "1"
DAMAGES = int(os.environ.get("SI_RULES_DAMAGES", "2000" if LONG else "20"))  # of each text
FIRST = int(os.environ.get("SI_RULES_SEED", "0"))
SPARE = (
    "-", "|", "||", ",", ":", "(", ")", '"', '"a title"', "#", ".", "or", "and", "not", "is", "of", "none", "any", "yes",
    "under", "at least", "more than", "or better", "all of", "when", "holds", "latest", "previous", "judgement", "the",
    "0", "1", "-1", "7%", "5 points", "1000000000000", "0.000000000000000001", "2015-16", "2024-10-01", "2024-02-31", "x", "x.y", "SRC",
)  # fmt: skip
USER = f"""policy marrowdale.review
  title "A review of what the other policy says"
  edition 2024-25
  in force 2024-09-01 to 2025-08-31
  vocabulary defence 1
  uses marrowdale.repairs

legend
{"".join(f'  "{sentence}"' + chr(10) for sentence in LEGEND)}
source R "The review"

parameter enough "enough points" : points
  cites R "1"
  from 2024-09-01: 5 points

score worth "what it is worth to look again" : points
  cites R "2"
  adds up
    - 2 points when marrowdale.repairs.risk is high or worse
    - 1 point when marrowdale.repairs.priority is urgent
    - marrowdale.repairs.points

table again "looked at again"
  cites R "3"
  gives look : one of never, soon
  the first row that matches
  | marrowdale.repairs.breach.gravity | marrowdale.repairs.priority || look  |
  | grave or worse                    |                             || soon  |
  |                                   | urgent                      || soon  |
  |                                   |                             || never |

trigger look_again "look at it again"
  cites R "4"
  holds when any of
    - worth is at least enough
    - again.look is soon
    - marrowdale.repairs.place is at most marrowdale.repairs.first_places
"""

TOKEN = re.compile(r'"[^"\n]*"?|[A-Za-z_0-9.%-]+|\|\|?|[^\sA-Za-z_0-9]|\n *')


def forms() -> str:
    """The policy of the page of all forms."""
    text = LANGUAGE.read_text(encoding="utf-8")
    blocks = re.findall(
        r"<!-- file: forms/forms\.policy(?:, goes on)? -->\n(?:<!-- [^\n]* -->\n)?```policy\n(.*?)```", text, re.S
    )
    assert len(blocks) > 15
    return "".join(blocks)


def damaged(text: str, chance: random.Random) -> str:
    """A text with one token left out, doubled, exchanged, put elsewhere or misspelt."""
    tokens = [found for found in TOKEN.finditer(text) if not found[0].startswith('"Missing evidence')]
    body = text.find("source ")
    found = chance.choice([token for token in tokens if token.start() > body] or tokens)
    old, (start, end) = found[0], found.span()
    place = chance.randrange(len(old))
    new = chance.choice(
        [
            "",
            f"{old} {old}",
            chance.choice(SPARE),
            f"{old} {chance.choice(SPARE)}",
            chance.choice(tokens)[0],
            f"{chance.choice(tokens)[0]} {old}",
            old[:place] + chance.choice("abz_09.-\n ") + old[place + 1 :],
            old[:place] + old[place + 1 :],
        ]
    )
    return text[:start] + new + text[end:]


@cache
def defences() -> tuple[bytes, bytes, str]:
    """The flood defences: policy, vocabulary, scenarios."""
    files = (EXAMPLE / name for name in ("repairs.policy", "defence.vocabulary", "repairs.scenarios"))
    policy, vocabulary, scenarios = (path.read_bytes() for path in files)
    return policy, vocabulary, scenarios.decode()


@cache
def used() -> Loaded:
    policy, vocabulary, _ = defences()
    return load({"repairs.policy": policy}, ("defence.vocabulary", vocabulary), keep=False)


def _forms_damaged(text: str) -> Loaded:
    return load({"forms.policy": text.encode()}, ("school.vocabulary", SCHOOL.read_bytes()), keep=False)


def _policy_damaged(text: str) -> Loaded:
    return load({"repairs.policy": text.encode()}, ("defence.vocabulary", defences()[1]), keep=False)


def _vocabulary_damaged(text: str) -> Loaded:
    alone = check_vocabulary("defence.vocabulary", text.encode())
    loaded = load({"repairs.policy": defences()[0]}, ("defence.vocabulary", text.encode()), keep=False)
    assert not any(item.is_error for item in alone) or loaded.policy is None
    return loaded


def _user_damaged(text: str) -> Loaded:
    others = used()
    assert others.policy is not None
    vocabulary = ("defence.vocabulary", defences()[1])
    return load({"review.policy": text.encode()}, vocabulary, keep=False, used=[(others.policy, others.digest)])


def _used_damaged(text: str) -> Loaded:
    loaded = _policy_damaged(text)
    if loaded.policy is None:
        return loaded
    vocabulary = ("defence.vocabulary", defences()[1])
    return load({"review.policy": USER.encode()}, vocabulary, keep=False, used=[(loaded.policy, loaded.digest)])


TEXTS: dict[str, tuple[Callable[[], str], Callable[[str], Loaded]]] = {
    "forms": (forms, _forms_damaged),
    "policy": (lambda: defences()[0].decode(), _policy_damaged),
    "vocabulary": (lambda: defences()[1].decode(), _vocabulary_damaged),
    "user": (lambda: USER, _user_damaged),
    "used": (lambda: defences()[0].decode(), _used_damaged),
}


def decide(loaded: Loaded) -> None:
    """Decide about somebody of whom nothing is known, alone and among all, and tell it."""
    assert loaded.policy is not None
    assert broken(loaded.policy) == []
    policy = Policy(loaded.policy, loaded.digest)
    model = model_of(loaded.policy.vocabulary)
    record = model.model_validate({loaded.policy.vocabulary.identified_by: "1"})
    for cohort in (None, Cohort("all", [record], 1)):
        decision = policy.decide(record, on=policy.in_force[0], cohort=cohort)
        assert decision.to_text(explain=True)
        assert decision.to_json(explain=True)


@pytest.mark.skipif(not EXAMPLE.is_dir(), reason="needs the checkout: there is no folder examples")
@pytest.mark.parametrize("name", TEXTS)
def test_no_damage_raises_an_exception(name: str) -> None:
    """Whatever is damaged, findings can be shown; what has no error decides; the formatter leaves it or lays it out."""
    text, read = TEXTS[name][0](), TEXTS[name][1]
    whole = read(text)
    assert whole.policy is not None, [item.message for item in whole.diagnostics]
    for seed in range(FIRST, FIRST + DAMAGES):
        wrong = damaged(text, random.Random(f"{name} {seed}"))
        try:
            loaded = read(wrong)
            for item in loaded.diagnostics:
                assert render(item)
            assert loaded.policy is not None or any(item.is_error for item in loaded.diagnostics)
            if loaded.policy is not None:
                decide(loaded)
            laid_out("damaged.policy", wrong.encode())
        except Exception as error:
            raise AssertionError(f"{name}, seed {seed}: {type(error).__name__}: {error}") from error


@pytest.mark.skipif(not EXAMPLE.is_dir(), reason="needs the checkout: there is no folder examples")
def test_no_damage_of_scenarios_raises_an_exception() -> None:
    """Damaged scenarios draw findings; of those without one, two are run."""
    loaded, text = used(), defences()[2]
    assert loaded.policy is not None
    basis = Basis(loaded.policy, loaded.digest)
    for seed in range(FIRST, FIRST + DAMAGES):
        wrong = damaged(text, random.Random(f"scenarios {seed}"))
        try:
            source, mistakes = read_source("damaged.scenarios", wrong.encode())
            cases, found = read_cases(source, loaded.policy) if not mistakes else ([], [])
            some = random.Random(seed).sample(cases, min(2, len(cases)))
            failures = [failure for case in some for failure in run(case, basis).failures]
            for item in [*mistakes, *found, *failures]:
                assert render(item)
            laid_out("damaged.scenarios", wrong.encode())
        except Exception as error:
            raise AssertionError(f"scenarios, seed {seed}: {type(error).__name__}: {error}") from error
