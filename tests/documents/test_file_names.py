"""Names of files from ids: no id leads out of a folder, and no two names are the same."""

import re

import pytest
from hypothesis import given, strategies as st

from si_rules.documents.file_names import file_names

SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")


def test_a_plain_id_is_its_name() -> None:
    """Numbers and letters with hyphens stay what they are."""
    assert file_names(["990001", "MFB-10", "a.b"]) == {"990001": "990001", "MFB-10": "MFB-10", "a.b": "a.b"}


@pytest.mark.parametrize(
    "id", ["../../etc/passwd", "..", ".", "", "/", "C:\\x", "a/b", "con", "NUL.txt", "lpt1", "a.", "a ", ".x", "-x", "x" * 300, "é", "\x00", "\ud800", "a\nb"]
)  # fmt: skip
def test_no_id_leads_anywhere_else(id: str) -> None:
    """What could be a path, a device or nothing at all becomes a plain name with a mark."""
    (name,) = file_names([id]).values()
    assert SAFE.fullmatch(name)
    assert name != id
    assert not name.endswith(".")
    assert len(name) < 100
    assert name.partition(".")[0].lower() not in {"con", "nul", "lpt1"}


def test_ids_that_come_to_one_name_are_told_apart() -> None:
    """Capital and small letters are one name on some systems; neither of two gets the plain one, in whatever order."""
    names = file_names(["A1", "a1", "a/1", "a-1"])
    assert len({name.casefold() for name in names.values()}) == 4
    assert names["A1"] != "A1"
    assert names == file_names(["a-1", "a/1", "a1", "A1"])


def test_an_id_that_looks_like_a_marked_name_is_told_apart() -> None:
    """An id chosen to be the marked name of another does not take its place."""
    marked = file_names(["a/b"])["a/b"]
    names = file_names(["a/b", marked])
    assert len({name.casefold() for name in names.values()}) == 2


@given(st.lists(st.text(max_size=30), max_size=30))
def test_names_are_safe_and_differ_whatever_the_ids(ids: list[str]) -> None:
    """Of any ids whatever, each has a safe name of its own."""
    names = file_names(ids)
    assert set(names) == set(ids)
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert all(SAFE.fullmatch(name) and not name.endswith(".") for name in names.values())
