"""Where an outcome is not exact, the text says why."""

import pytest
from tests.conformance.test_conformance import decided, usable

CLASSES = """classification care "Care"
  cites SRC "1"
  applies to every book
  when several classes hold, the most serious stands: high, low
  when no class holds, unmatched
  when evidence is missing, undetermined between the outcomes still possible, unless only one is left
  class high "High"
    cites SRC "2"
    clause h, when {}
  class low "Low"
    cites SRC "3"
    clause l, when condition is poor
"""
FIGURE = 'figure place "the place by wear" : number\n  cites SRC "1"\n  over every book\n  is the rank by worn, lowest first\n'
HEAD = "  Some of these may turn out not to be possible: "


@pytest.mark.parametrize(
    ("condition", "members", "nodes", "doubt"),
    [
        ("place is at most 5", None, None, "“the place by wear” is a figure over a cohort, and no cohort was given."),
        ("place is at most 2", '[{"isbn": "2"}, {"isbn": "3"}]', None,
         "“the place by wear” is a figure over a cohort, and not known of every member."),
        ("weight is more than price", None, None, "missing values are compared with each other: its weight; what it cost."),
        ("for every repair, repair.result is whole", None, None,
         "what is asked of all the records is weighed as one question: a repair: the list of them, which may be empty."),
        ("rare is yes", None, "1", "too much is missing for everything to be gone through."),
    ],
)  # fmt: skip
def test_the_reason_is_the_true_one(condition: str, members: str | None, nodes: str | None, doubt: str) -> None:
    """A cohort that is missing, missing values compared, a missing list, and the bound are each told as what they are."""
    policy, digest = usable(FIGURE + CLASSES.format(condition))
    settings = {} if nodes is None else {"nodes": nodes}
    text = decided(policy, digest, "{}", settings, members).to_text()
    assert [line for line in text.splitlines() if line.startswith(HEAD)] == [HEAD + doubt]


def test_an_exact_outcome_has_no_doubt() -> None:
    """Where one missing value decides, nothing is said."""
    policy, digest = usable(CLASSES.format("rare is yes"))
    decision = decided(policy, digest, "{}", {}, None)
    assert HEAD not in decision.to_text()
    assert decision.account().classifications[0].doubts == ()
