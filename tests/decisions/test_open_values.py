"""What a value may still be: in the order of its kind, whatever the order of sets; none among it."""

import datetime
import json
from fractions import Fraction

from tests.tools.books import books

from si_rules.decisions.basis import Basis
from si_rules.decisions.decision import Decision, Special
from si_rules.semantics.facts import Facts

ON = datetime.date(2016, 1, 10)
RULES = """
fact giver "who gave it" : the scale of donor
  cites SRC "5"
  is donor

fact state "its condition" : the scale of condition
  cites SRC "5"
  is condition

score care_points "points of care" : points
  cites SRC "6"
  adds up
    - 10 points when rare is yes
    - 2 points when bound is before 2000-01-01
"""


def undecided() -> Decision:
    """The decision about a book of which nothing is known."""
    policy, digest = books(RULES)
    nothing = Facts("x", None, {}, frozenset(), (), "none", {})
    return Basis(policy, digest).decide(lambda *_: nothing, ON, ON, False)


def test_values_still_possible_are_in_the_order_of_their_kind() -> None:
    """Places as on the scale, numbers ascending as numbers, none at the end."""
    values = {item.id: item.possible for item in undecided().values}
    assert values["state"] == ("fine", "fair", "poor", "broken")
    assert values["care_points"] == (Fraction(0), Fraction(2), Fraction(10), Fraction(12))
    assert values["giver"] == ("town", "family", Special.NONE)


def test_none_among_them_is_said() -> None:
    """That there may be none is a word in the text and in the JSON, which has what is possible by its texts."""
    decision = undecided()
    assert "  - who gave it: not known: town, family or none [SRC 5]" in decision.to_text().splitlines()
    found = {item["id"]: item["possible"] for item in json.loads(decision.to_json())["values"]}
    assert found["giver"] == ["family", "none", "town"]
    assert found["care_points"] == ["0", "10", "12", "2"]
