"""What is kept between conditions and between cases is what would be worked out anew."""

import pytest
from tests.pathways.cases import DONCASTER, LIBRARY
from tests.pathways.test_random_histories import Random

from si_rules import PolicyLibrary
from si_rules.pathways.as_json import as_text
from si_rules.pathways.asking import Asking

SOME = range(500, 560)


def test_no_guard_is_answered_otherwise_than_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every condition asked anew, at every event and of every supposed one, the cases are the same to the byte."""
    kept = [as_text(Random(seed).case()) for seed in SOME]
    monkeypatch.setattr(Asking, "_answered", Asking._asked)
    monkeypatch.setattr(Asking, "changing", lambda *_: None)
    assert [as_text(Random(seed).case()) for seed in SOME] == kept


def test_a_library_that_has_followed_other_cases_follows_one_as_a_new_one_does() -> None:
    """Nothing of a case stays behind: neither other cases nor other audiences before it change a byte."""
    for seed in SOME[:12]:
        made = Random(seed)
        made.case(audience={"public"})
        used = as_text(made.case())
        new = PolicyLibrary.bundled()
        history = made.history()
        assert as_text(new.follow(made.policy, history, on=made.on, evidence=made.evidence)) == used


def test_a_library_finds_its_editions_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Following a second case reads no file."""
    made = next(Random(seed) for seed in SOME if Random(seed).policy == DONCASTER)
    made.case()
    monkeypatch.setattr("si_rules.policy.find_editions", lambda _: pytest.fail("the folder is walked again"))
    assert LIBRARY.editions()
    made.case()
