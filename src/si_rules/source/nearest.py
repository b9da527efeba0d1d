"""The name somebody most likely meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

_LIKE_ENOUGH: Final = 0.6
_LONGEST: Final = 80
_SHARED_ENOUGH: Final = 0.5


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name most like `word`, or None where none is like enough. Ties go to the first by name."""
    if len(word) > _LONGEST:
        return None
    best, best_ratio = None, _LIKE_ENOUGH
    for name in sorted(set(known)):
        matcher = SequenceMatcher(None, word, name, autojunk=False)
        if matcher.real_quick_ratio() < best_ratio or matcher.quick_ratio() < best_ratio:
            continue
        ratio = matcher.ratio()
        if name.rpartition(".")[2] == word.rpartition(".")[2]:
            ratio = max(ratio, 0.9)
        if ratio > best_ratio:
            best, best_ratio = name, ratio
    return best


def nearest_sentence(sentence: str, known: Iterable[str]) -> str | None:
    """The known sentence that has most words in common with one, or None where fewer than half are."""
    words = set(sentence.lower().split())
    best, best_share = None, _SHARED_ENOUGH
    for other in known:
        others = set(other.lower().split())
        share = len(words & others) / max(1, len(words | others))
        if share >= best_share:
            best, best_share = other, share
    return best
