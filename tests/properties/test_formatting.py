"""Laws of the formatter, over random texts in every form of the grammar: see `random_texts`."""

import itertools
import random
from collections.abc import Iterator

import pytest
from tests.properties.cases import FIRST_SEED, LONG
from tests.properties.random_texts import Sentences, Written, form, grammar, plain_comments, rules_of, write

from si_rules.source.screening import read_source
from si_rules.source.text import Source
from si_rules.syntax.formatting import Language, lay_out
from si_rules.syntax.parsing import parse_declarations

TEXTS = 3000 if LONG else 300
STEP = 50
LANGUAGES: tuple[Language, Language] = ("policy", "scenarios")


def source_of(text: str) -> Source:
    source, found = read_source("random", text.encode())
    assert found == [], (text, found)
    return source


def sentences_of(seed: int) -> tuple[Language, list[list[tuple[str, str]]], Sentences]:
    chance = random.Random(seed)
    language = LANGUAGES[seed % 3 == 0]
    maker = Sentences(language, chance)
    return language, [maker.declaration() for _ in range(chance.randint(1, 6))], maker


def parses(source: Source, language: Language) -> bool:
    """A word may be read as another than was meant (`is` and `unmatched` are one together): some texts do not parse."""
    return parse_declarations(source, grammar(language))[1] == []


def texts_of(first: int) -> Iterator[tuple[int, Language, Written, Source]]:
    """The texts of a stretch of seeds that parse: nearly all."""
    made = 0
    for seed in range(first, first + STEP):
        language, sentences, maker = sentences_of(seed)
        written = write(sentences, maker.chance)
        source = source_of(written.text)
        if parses(source, language):
            made += 1
            yield seed, language, written, source
    assert made >= STEP * 0.8


SEEDS = pytest.mark.parametrize("first", range(FIRST_SEED, FIRST_SEED + TEXTS, STEP))


@SEEDS
def test_the_layout_says_the_same_and_stays(first: int) -> None:
    """Laid out, a text has the same tree and all its comments in order, and laid out again it does not change."""
    for seed, language, written, source in texts_of(first):
        text, found = lay_out(source, language)
        assert found == [], (seed, found)
        laid = source_of(text)
        read = [parse_declarations(item, grammar(language))[0] for item in (source, laid)]
        assert read[0] == read[1], seed
        assert plain_comments(written.text) == written.comments == plain_comments(text), seed
        assert lay_out(laid, language) == (text, []), seed


@SEEDS
def test_what_is_laid_out_looks_as_the_layout_says(first: int) -> None:
    """No space at the end of a line, no two blank lines, none at the ends of the file, and an even indentation."""
    for seed, language, _, source in texts_of(first):
        lines = lay_out(source, language)[0].split("\n")
        assert lines.pop() == "", seed
        assert lines[0], seed
        assert lines[-1], seed
        assert not [line for line in lines if line != line.rstrip()], seed
        assert not [line for line in lines if (len(line) - len(line.lstrip(" "))) % 2], seed
        assert not [1 for one, two in itertools.pairwise(lines) if not (one or two)], seed


@SEEDS
def test_there_is_one_layout(first: int) -> None:
    """However the same words are spaced and indented, they are laid out the same, but for blank lines and comments."""
    for seed in range(first, first + STEP):
        language, sentences, maker = sentences_of(seed)
        sources = [source_of(write(sentences, maker.chance, asides=False).text) for _ in range(3)]
        if parses(sources[0], language):
            assert len({lay_out(source, language)[0].replace("\n\n", "\n") for source in sources}) == 1, seed


def test_a_text_that_does_not_parse_stays_and_its_mistakes_are_told() -> None:
    """One word left out of a random text: it comes back as it is, with what the parser finds."""
    told = 0
    for seed in range(FIRST_SEED, FIRST_SEED + 60):
        language, sentences, maker = sentences_of(seed)
        words = sentences[maker.chance.randrange(len(sentences))]
        del words[maker.chance.choice([place for place, (name, _) in enumerate(words) if not name.startswith("_")])]
        source, found = read_source("random", write(sentences, maker.chance).text.encode())
        if found or parses(source, language):
            continue
        told += 1
        assert lay_out(source, language) == (source.text, parse_declarations(source, grammar(language))[1])
    assert told > 20


def test_nearly_every_form_of_the_grammar_is_tried() -> None:
    """At most one in fifty of the forms that the grammars have is in none of the random texts."""
    for language in LANGUAGES:
        wanted = {form(rule) for name, rules in rules_of(language)[0].items() for rule in rules if "start" not in name}
        used: set[str] = set()
        for seed in range(FIRST_SEED, FIRST_SEED + max(TEXTS, 2500)):
            made_in, _, maker = sentences_of(seed)
            used |= maker.used if made_in == language else set()
        assert len(wanted - used) <= len(wanted) / 50, sorted(wanted - used)
