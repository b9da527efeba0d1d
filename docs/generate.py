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
from typing import Any

import generate_elements
from attrs import evolve

from si_rules import PolicyLibrary, shipped
from si_rules.evidence.tables.map_reading import bundled_maps
from si_rules.evidence.tables.maps import ResultsMap, SchoolsMap
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


def policy(name: str = "doncaster.school_improvement") -> Core:
    """A policy that comes with the library, without the events that it declares itself."""
    found = PolicyLibrary.bundled().in_force(name, on=date(2015, 11, 4)).core
    return evolve(found, vocabulary=found.evidence_vocabulary)


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


INTERPRETATIONS = {"categories": ("CAT", "OFF", "MOD"), "triggers": ("TRG",), "tiers": ("TIER",)}
OF_WHOLE_POLICIES = {
    "school-year": ("doncaster.school_year",),
    "targets": ("doncaster.targets",),
    "plans": ("doncaster.ks2_initiative", "doncaster.post_ofsted_action_plan"),
}


def interpretations(core: Core, beginnings: tuple[str, ...]) -> Iterator[str]:
    """A table of the interpretations whose ids begin so: the reason of each, and the rules that say they rest on it."""
    named = [name for name in core.interpretations if name.partition("-")[0] in beginnings]
    yield from interpretation_table([(core, named)])


def interpretations_of(policies: tuple[str, ...]) -> Iterator[str]:
    """The same, of all that policies themselves interpret; not of what they use."""
    library = PolicyLibrary.bundled()
    cores = [library.in_force(name, on=date(2015, 11, 4)).core for name in policies]
    yield from interpretation_table(
        [(core, [name for name in core.interpretations if "." not in name]) for core in cores]
    )


def interpretation_table(parts: list[tuple[Core, list[str]]]) -> Iterator[str]:
    """A row for each interpretation, told once where several policies have it."""
    reasons: dict[str, str] = {}
    used: dict[str, dict[str, None]] = {}
    for core, names in parts:
        owners = interpretation_owners(core)
        for name in names:
            reasons.setdefault(name, core.interpretations[name])
            used.setdefault(name, {}).update(dict.fromkeys(owners.get(name, ())))
    yield "| Id | Why we read it so | Used by |"
    yield "|---|---|---|"
    for name in sorted(reasons) if len(parts) > 1 else reasons:
        yield f"| {name} | {reasons[name]} | {', '.join(f'`{owner}`' for owner in used[name])} |"


def interpretation_owners(core: Core) -> dict[str, list[str]]:
    """By interpretation, what says that it rests on it: classifications, classes, rules, values, parameters and more."""
    found: dict[str, list[str]] = {}
    named: list[tuple[str, tuple[str, ...]]] = []
    for classification in core.classifications.values():
        named.append((classification.id, classification.interpretations))
        named += [(f"{classification.id}.{item.label}", item.interpretations) for item in classification.classes]
    for each in (core.rules, core.definitions, core.figures, core.parameters, core.judgements, core.due):
        named += [(name, item.interpretations) for name, item in each.items()]  # type: ignore[attr-defined]
    named += [(item.rule, item.interpretations) for item in core.consequences]
    for owner, names in named:
        for name in names:
            found.setdefault(name, []).append(owner)
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


def published_columns() -> Iterator[str]:
    """For each published table, every column with the field it gives, or why it gives none; and its days."""
    maps = bundled_maps()
    tables: list[tuple[str, Any]] = [("", maps.schools), ("inspections", maps.inspections)]
    tables += [(table.series, table) for table in maps.results]
    for holder, table in [*tables, ("predecessors", maps.links), ("", maps.authorities)]:
        names = getattr(table, "files", None) or (table.file,)
        yield f"### {', '.join(f'`{name}`' for name in names)}"
        yield ""
        if isinstance(table, ResultsMap):
            days = [f"{year} on {day}" for year, day in sorted(table.published.items())]
            yield from (f"Of the origin `{table.origin}`. Published: {', '.join(days)}.", "")
        yield from ("| Column | Gives |", "|---|---|")
        for column, gives in _read(holder, table):
            yield f"| `{column}` | {gives} |"
        yield from (f"| `{column}` | not read: {reason} |" for column, reason in table.unread.items())
        yield ""


def _read(holder: str, table: Any) -> Iterator[tuple[str, str]]:
    """The columns that are read, each with what it gives."""
    own = {"key": "whose the row is", "authority": "the authority of the school", "year": "the year that ends in it",
           "number": "the number of an authority", "linked": "the other school", "name": "the name of the authority",
           "kind": "whether the other came before or after"}  # fmt: skip
    yield from ((getattr(table, key), what) for key, what in own.items() if getattr(table, key, None))
    fields = ["opened", "closed"] if isinstance(table, SchoolsMap) else ["date"]
    yield from (
        (getattr(table, key), f"`{f'{holder}.' if holder else ''}{key}`") for key in fields if hasattr(table, key)
    )
    yield from (
        (name, "whether the row is of a school") for name in getattr(table, "benchmarks", {}) if name != table.authority
    )
    given: dict[str, list[str]] = {}
    for column in getattr(table, "columns", ()):
        given.setdefault(column.column, []).append(f"`{f'{holder}.' if holder else ''}{column.field}`")
    for rule in getattr(table, "phases", ()):
        for name in rule.where:
            if "`phase`" not in given.setdefault(name, []):
                given[name].append("`phase`")
    yield from ((column, ", ".join(fields)) for column, fields in given.items())


def pages() -> Iterator[tuple[Path, str]]:
    """Every page that is made here, whole or in part, as it should be."""
    core = policy()
    made = {"fields": fields(core.vocabulary), "judgements": judgements(core), "legend": legend(), "codes": codes()}
    year, plan = policy("doncaster.school_year"), policy("doncaster.post_ofsted_action_plan")
    made |= {"judgements-school-year": judgements(year), "fields-authority": fields(plan.vocabulary)}
    made |= {"further-legend": further_legend(), "whole-legend": whole_legend()}
    made |= {f"grammar-{name}": grammar(name) for name in ("policy", "terminals", "scenarios")}
    made |= {"published-columns": published_columns()}
    made |= {"conformance-counts": conformance_counts(), "conformance-cases": conformance_cases()}
    made |= {f"interpretations-{part}": interpretations(core, ids) for part, ids in INTERPRETATIONS.items()}
    made |= {f"interpretations-{part}": interpretations_of(ids) for part, ids in OF_WHOLE_POLICIES.items()}
    made |= {f"elements-{section}": generate_elements.table(section) for section in generate_elements.sections()}
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
