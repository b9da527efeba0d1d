"""The nearest name."""

from si_rules.source.nearest import nearest


def test_a_slip_finds_the_name_that_was_meant() -> None:
    """One letter wrong finds the name; nothing like it finds none."""
    assert nearest("capacty", ["capacity", "leadership"]) == "capacity"
    assert nearest("zebra", ["capacity", "leadership"]) is None


def test_the_same_last_part_is_near() -> None:
    """A name given without its series, or under another, is found by its last part."""
    assert nearest("rwm_level_4_plus", ["ks2.rwm_level_4_plus", "phase"]) == "ks2.rwm_level_4_plus"


def test_a_long_word_is_not_searched_for() -> None:
    """The search is bounded: a word of hundreds of letters has no nearest name."""
    assert nearest("x" * 500, ["x" * 499]) is None
