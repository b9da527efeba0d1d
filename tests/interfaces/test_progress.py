"""The bar of `decide` on a terminal."""

import io
import sys
from collections.abc import Iterator

import pytest

from si_rules.interfaces.cli.decide import _shown
from si_rules.interfaces.cli.evidence_files import _expected


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_long_evidence_is_shown_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first item is given long before the last was read, and none is lost."""
    monkeypatch.setattr(sys, "stderr", Terminal())
    read = []

    def items() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number

    shown = _shown(items(), 1000)
    assert next(shown) == 0
    assert len(read) < 250
    assert list(shown) == list(range(1, 1000))
    assert "1000/1000" in sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_short_evidence_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written for a few records."""
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(_shown(iter(range(5)), 5)) == list(range(5))
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_how_many_are_expected_is_told_by_lines() -> None:
    """A CSV has a line of headings, JSON Lines have none, and of a list of JSON nothing is known."""
    assert _expected("a.csv", b"urn\n1\n2\n") == 2
    assert _expected("a.jsonl", b"{}\n{}\n") == 2
    assert _expected("a.json", b"[\n{}\n]\n") is None
