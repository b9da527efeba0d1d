"""Every element of the strategy that the project sets out to encode stands in a policy, and is tested there."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATEGORIES = {
    "CAT-1a",
    "CAT-1b",
    "CAT-2a",
    "CAT-2b",
    "CAT-2c",
    "CAT-3a",
    "CAT-3b",
    "CAT-4a",
    "CAT-4b",
    "CAT-5",
    "CAT-R",
}
OFFERS = {"OFF-1", "OFF-2", "OFF-3", "OFF-4", "OFF-5", "TRANS-34"}
TRIGGERS = {f"TRG-{number}" for number in range(1, 17)}
ESCALATION = {f"ESC-{number}" for number in range(1, 12)} | {"MON", "HMI"}
ACADEMIES = {f"ACA-{number}" for number in range(1, 6)}
INTERVENTION = {"OFC-1", "SOS-67", "SOS-68", "SOS-69", "SOS-A4"}
TIERS = {"TIER-1", "TIER-2", "TIER-3"}


@pytest.fixture(scope="module")
def elements() -> Iterator[ModuleType]:
    path = ROOT / "docs" / "generate_elements.py"
    spec = importlib.util.spec_from_file_location("generate_elements", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate_elements"] = module  # attrs looks a class up in its module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["generate_elements"]


def test_every_element_of_sections_5_and_6_and_of_the_tiers_is_listed(elements: ModuleType) -> None:
    """The list holds each clause of the categories, each offer, the sixteen triggers and the three tiers."""
    assert {item.id for item in elements.elements()} >= CATEGORIES | OFFERS | TRIGGERS | TIERS


def test_every_element_of_the_pathways_and_documents_is_listed(elements: ModuleType) -> None:
    """The list holds escalation, academies of concern, schools in an Ofsted category, and the documents."""
    assert {item.id for item in elements.elements()} >= ESCALATION | ACADEMIES | INTERVENTION | {"GOV", "DOC"}


def test_no_element_is_left_out_without_a_reason(elements: ModuleType) -> None:
    """Each element is marked in a policy, or says why not; and no mark names an element that there is not."""
    assert elements.lacking() == []


def test_every_rule_that_encodes_an_element_is_seen_in_every_truth(elements: ModuleType) -> None:
    """A clause, fact or trigger marked as an element is expected by name to hold, not to hold and to be undetermined."""
    for item in elements.encodings():
        if item.thing.sort in ("fact", "trigger", "clause"):
            assert set(elements.seen(item)) == set(elements.RULES.values()), (item.element, item.thing.name)


def test_every_consequence_that_encodes_an_element_is_expected_by_name(elements: ModuleType) -> None:
    """A consequence marked as an element is expected by name where it follows."""
    for item in elements.encodings():
        if item.thing.consequence is not None and item.thing.pathway is None:
            assert elements.seen(item).get(elements.CONSEQUENCES["follows"]), (item.element, item.thing.consequence)


def test_every_line_of_a_pathway_that_encodes_an_element_is_expected_by_name(elements: ModuleType) -> None:
    """A duty is expected to be due, a power to be there and not to be, an expectation to hold: each by name."""
    wanted = {"duty": {"due in", "met in"}, "power": {"available in"}, "expectation": {"holds in"}}
    for item in elements.encodings():
        if item.thing.sort in wanted:
            seen = set(elements.seen(item))
            assert seen & wanted[item.thing.sort], (item.element, item.thing.name, item.edition.edition)
            assert item.thing.sort != "power" or "not available in" in seen, (item.element, item.thing.name)


def test_every_move_that_encodes_an_element_is_taken_and_refused(elements: ModuleType) -> None:
    """In some scenario its event brings the case on, in some other it does not."""
    moves = [item for item in elements.encodings() if item.thing.move is not None]
    assert len(moves) > 20
    for item in moves:
        assert set(elements.seen(item)) >= {"taken in", "refused in"}, (item.element, item.thing.move)


def test_a_mark_before_nothing_is_an_error(elements: ModuleType, tmp_path: Path) -> None:
    """A mark that no rule follows is told with its file and line, not passed over."""
    edition = elements.PolicyLibrary.bundled().editions()[0]
    file = tmp_path / "a.policy"
    file.write_text('# element CAT-1a\nparty council "the council"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.policy:1: no rule stands after this mark"):
        list(elements.marks(edition, file))
