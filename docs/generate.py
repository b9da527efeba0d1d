"""Writes the parts of the documentation that are made from the vocabulary, the language and the codes, in place.

    python docs/generate.py            write them
    python docs/generate.py --check    end with 1 where one of them is not current

A part stands between the comments `<!-- generated: NAME -->` and `<!-- end -->`. The pages of the codes, in
`reference/diagnostics/`, are made as a whole, from what `si-rules explain` says.
"""

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from si_rules import PolicyLibrary, shipped
from si_rules.semantics.audiences import listed
from si_rules.semantics.core import Core
from si_rules.semantics.declared import ALWAYS, LEGEND
from si_rules.semantics.kinds import Date, Kind, Number, Scale, number_text
from si_rules.semantics.vocabulary import Field, Vocabulary
from si_rules.shipped import grammar_folder
from si_rules.source.meanings import FAMILIES, Meaning, read_meaning

FOLDER = Path(__file__).resolve().parent
PAGES_OF_CODES = FOLDER / "reference" / "diagnostics"
PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def policy() -> Core:
    """The policy that comes with the library."""
    return PolicyLibrary.bundled().in_force("doncaster.school_improvement", on=date(2015, 11, 4)).core


def fields(vocabulary: Vocabulary) -> Iterator[str]:
    """A table of every field: its name in rules, what it is, its values, and its place in JSON."""
    yield "| In rules | What it is | Values | In JSON |"
    yield "|---|---|---|---|"
    for field in vocabulary.fields.values():
        values = f"{in_words(field.kind)}{', or none' if field.optional else ''}{limits(vocabulary, field)}"
        yield f"| `{field.path}` | {field.title} | {values} | `{place(vocabulary, field)}` |"


def in_words(kind: Kind) -> str:
    """A kind with its unit and limits, its values as they are written."""
    match kind:
        case Scale():
            order = "worst to best" if kind.worst_first else "best to worst"
            return f"a scale, {order}: " + ", ".join(f"`{value}`" for value in kind.as_written)
        case Number(unit=unit, low=low, high=high, whole=whole):
            unit = "number" if unit == "number" else unit.replace("_", " ")
            span = f", {number_text(low)} to {number_text(high)}" if low is not None and high is not None else ""
            return f"{unit}{span}{', whole' if whole else ''}"
        case Date():
            return "a date"
        case _:
            values = getattr(kind, "values", ())
            return "one of " + ", ".join(f"`{value}`" for value in values) if values else "yes or no"


def limits(vocabulary: Vocabulary, field: Field) -> str:
    """For which years and which subjects a field exists, and who may see it, where that is not everybody."""
    series = vocabulary.series.get(field.parent or "")
    group = field.group or (series.group if series else None)
    parts = [f"first in {field.from_year}"] if field.from_year else []
    parts += [f"last in {field.until_year}"] if field.until_year else []
    parts += [f"{vocabulary.plural} with `{group}`"] if group else []
    audience = vocabulary.audience_of(field.path)
    parts += [f"shown to {', '.join(listed(audience))}"] if audience is not None else []
    return "".join(f"; {part}" for part in parts)


def place(vocabulary: Vocabulary, field: Field) -> str:
    """Where a field stands in an evidence record."""
    parent = field.parent or ""
    if parent in vocabulary.series:
        return f'{parent}["{field.from_year or "2014-15"}"].{field.key}'
    if parent in vocabulary.collections:
        return f"{vocabulary.collections[parent].listed_under}[].{field.key}"
    return field.key


def judgements(core: Core) -> Iterator[str]:
    """A table of the judgements that the policy which comes with the library reads."""
    yield "| Name | What is judged | Values |"
    yield "|---|---|---|"
    for name, judgement in core.judgements.items():
        roles = judgement.field.shown_to
        shown = f"; shown to {', '.join(listed(roles))}" if roles is not None else ""
        yield f"| `{name}` | {judgement.field.title} | {in_words(judgement.field.kind)}{shown} |"


def legend() -> Iterator[str]:
    """The sentences that every file with rules carries."""
    yield from ("```policy", "legend", *(f'  "{sentence}"' for sentence in ALWAYS), "```")


def whole_legend() -> Iterator[str]:
    """The sentences that a file with every form carries."""
    yield from ("```policy", "legend", *(f'  "{sentence}"' for sentence in LEGEND), "```")


def further_legend() -> Iterator[str]:
    """The sentences that a file carries where it has the forms they speak of."""
    yield from ("```policy", "legend", *(f'  "{sentence}"' for sentence in LEGEND if sentence not in ALWAYS), "```")


def meanings() -> list[Meaning]:
    """What every code means."""
    files = sorted(shipped.codes_folder().glob("SI*.md"))
    return [read_meaning(path.stem, path.read_text(encoding="utf-8")) for path in files]


def codes() -> Iterator[str]:
    """A table of the codes for each family, each with a link to its page."""
    for digit, family in FAMILIES.items():
        yield from (f"## {family}", "", "| Code | Means |", "|---|---|")
        for item in meanings():
            if item.code[2] == digit:
                yield f"| [{item.code}](diagnostics/{item.code}.md) | {item.title} |"
        yield ""


def page_of(item: Meaning) -> str:
    """The page of one code."""
    parts = [f"# {item.code}: {item.title}", item.means, "## Why it matters", item.why]
    if item.no_example:
        parts += ["## No example", item.no_example]
    else:
        fence = f"```{item.reading.split()[0]}"
        parts += ["## Wrong", f"{fence}\n{item.wrong}```", "## Right", f"{fence}\n{item.right}```"]
    parts.append(f"`si-rules explain {item.code}` says the same. [All codes](../diagnostics.md)")
    return "\n\n".join(parts) + "\n"


def grammar(name: str) -> Iterator[str]:
    """A file of the grammar, without the lines that only tie it to the other files."""
    lines = (grammar_folder() / f"{name}.lark").read_text(encoding="utf-8").splitlines()
    yield "```text"
    yield from (line for line in lines if not line.startswith(("%import", "%declare")))
    yield "```"


def clauses() -> list[tuple[str, bool]]:
    """The clauses of the specification in order, each with whether it is a definition."""
    text = (FOLDER / "reference" / "spec.md").read_text(encoding="utf-8")
    found = re.findall(r"^\*\*\[([a-z0-9.-]+)\]\*\*\{ #[a-z0-9.-]+ \}( \*Definition)?", text, re.MULTILINE)
    return [(name, bool(definition)) for name, definition in found]


def cases() -> list[tuple[str, str, list[str]]]:
    """The conformance cases: file, title, and the clauses each shows."""
    found = []
    folder = FOLDER.parent / "tests" / "conformance"
    for path in sorted(folder.glob("*/*.cases")):
        for head in re.findall(r"^=== (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE):
            shown = re.findall(r"\[([^\]]*)\]", head)
            found.append((f"{path.parent.name}/{path.stem}", head.partition(" [")[0], shown))
    return found


def conformance_counts() -> Iterator[str]:
    """How many clauses and cases there are."""
    definitions = sum(definition for _, definition in clauses())
    yield f"There are {len(clauses())} clauses, {definitions} of them definitions, and {len(cases())} cases."


def conformance_cases() -> Iterator[str]:
    """A table of every clause with its cases, by file and title."""
    yield "| Clause | Cases |"
    yield "|---|---|"
    for name, definition in clauses():
        shown = [f"`{file}`: {title}" for file, title, names in cases() if name in names]
        yield f"| [{name}](spec.md#{name}) | {'<br>'.join(shown) or ('*Definition*' if definition else 'none')} |"


def pages() -> Iterator[tuple[Path, str]]:
    """Every page that is made here, whole or in part, as it should be."""
    core = policy()
    made = {"fields": fields(core.vocabulary), "judgements": judgements(core), "legend": legend(), "codes": codes()}
    made |= {"further-legend": further_legend(), "whole-legend": whole_legend()}
    made |= {f"grammar-{name}": grammar(name) for name in ("policy", "terminals", "scenarios")}
    made |= {"conformance-counts": conformance_counts(), "conformance-cases": conformance_cases()}
    parts = {name: "\n".join(lines) + "\n" for name, lines in made.items()}
    yield from ((PAGES_OF_CODES / f"{item.code}.md", page_of(item)) for item in meanings())
    for page in sorted(FOLDER.rglob("*.md")):
        if page.parent != PAGES_OF_CODES:
            yield page, PART.sub(lambda match: match[1] + parts[match[2]], page.read_text(encoding="utf-8"))


def main() -> int:
    """Write or check every page. The exit code is 1 where a check finds one that is not current."""
    current = dict(pages())
    stale = [page for page, text in current.items() if not page.is_file() or page.read_text(encoding="utf-8") != text]
    left = [page for page in sorted(PAGES_OF_CODES.glob("*.md")) if page not in current]
    if "--check" in sys.argv[1:]:
        for page in [*stale, *left]:
            print(f"{page.relative_to(FOLDER)} is not current; run: python docs/generate.py")
        return 1 if stale or left else 0
    PAGES_OF_CODES.mkdir(exist_ok=True)
    for page in stale:
        page.write_text(current[page], encoding="utf-8", newline="\n")
    for page in left:
        page.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
