"""`python -m benchmarks.page`: the page of results and its plots, from the figures of a run.

With `--from FILE` the figures of a new run take the place of those that are kept beside the page; with `--check` nothing
is written, and the exit code is 1 where the page is not what the figures give.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import plots
from benchmarks.goals import goal, met, shown
from benchmarks.timing import HAND, ROOT, Row

PAGE: Final = ROOT / "docs" / "explanation" / "benchmarks.md"
FOLDER: Final = ROOT / "docs" / "explanation" / "benchmarks"
KEPT: Final = FOLDER / "results.json"
WORDS: Final = {
    "single_prepared": "one decision, prepared evidence",
    "single_prepared_gappy": "the same, 8 % missing",
    "single_traced": "with its trace",
    "single_traced_gappy": "the same, 8 % missing",
    "single_raw": "from a flat dict, validated",
    "single_nested": "from the JSON of a school",
    "batch_kept": "22,000 at once, kept",
    "batch_kept_gappy": "the same, 8 % missing",
    "hand_three_valued": "Python by hand, three truths",
    "hand_three_valued_gappy": "the same, 8 % missing",
    "whole_decision": "a whole decision",
    "whole_decision_gappy": "the same, 8 % missing",
    "whole_decision_explained": "a whole decision, explained",
    "whole_decision_explained_gappy": "the same, 8 % missing",
    "batch_mb": "memory of 22,000 answers",
    "compile_doncaster_ms": "the Doncaster policy compiled",
    "england_minutes": "all England, three years",
    "england_schools_per_second": "schools read, decided and written",
    "england_peak_mb": "memory of the command",
    "shape_wide_table": "a table of 400 rows",
    "shape_wide_table_whole": "the same, whole decisions",
    "shape_many_triggers": "60 triggers",
    "shape_many_triggers_whole": "the same, whole decisions",
    "shape_deep_cohort": "figures over a cohort",
}
PEERS: Final = {"zen_engine": "zen-engine", "rule_engine": "rule-engine"}
KINDS: Final = {"single": "one decision", "traced": "with its trace", "batch": "4,000 at once, kept"}
SERIES: Final = (
    ("schools", "How many schools at once", "schools", (("schools", "a decision among so many"),)),
    ("rules", "How many rules", "triggers", (("rules", "an answer"), ("rules, whole decisions", "a whole decision"))),
    ("gaps", "How much is missing", "share of all values", (("share missing", "an answer"), ("share missing, whole decisions", "a whole decision"))),
    ("cohort", "How many members of a cohort", "members", (("members of a cohort", "a whole decision"),)),
)  # fmt: skip
INTRO: Final = """# How fast it is

<!-- Written by `python -m benchmarks.page`: change that, or the figures in benchmarks/results.json. -->

`make bench` measures the library, prints this and writes `build/bench.json`. What counts is the ratio: one decision, made
up for the purpose, is taken by the library, by other engines, and by Python that was written by hand for it and knows of no
missing value. They take turns in one process, and the median of the ratios of all rounds is given. At 1 the library is as
quick as such Python; more is better. Milliseconds say more about a machine than about the library.

The decision has 28 fields, twelve triggers and how many of them hold, a category, a tier and a warning:
`benchmarks/decision/flat/decision.policy`. There are 22,000 invented records of it, complete, and again with 8 % of all
values missing. An *answer* says of every classification which outcomes are possible and of every trigger whether it holds.
A *whole decision*, as `Policy.decide` gives it, also has exact outcomes, what is needed, what follows, near misses and
digests, and explains itself.

Every answer on complete records is compared with that of Python by hand, every one on records with gaps with Python by
hand in three truths, and for some records every completion of what is missing is tried.
"""


def page(run: dict[str, Any]) -> str:
    """The page of a run's figures."""
    rows: dict[str, Row] = {found["name"]: found for found in run["rows"]}
    parts = [INTRO, f"The figures are those of a run with {run['machine']}.\n"]
    parts += ["## Beside Python written by hand\n", "![Speed beside Python by hand](benchmarks/speed.svg)\n"]
    parts += [*_table(rows, [name for name in WORDS if name.startswith(("single", "batch_k", "hand", "whole"))])]
    parts += ["\n## Agreement\n", "| | Answers | The same | |", "|---|---|---|---|"]
    parts += [f"| {_words(name)} | {found['records']:,} | {found['value']:.2%} | {found['note']} |" for name, found in rows.items() if name.startswith("agreement")]  # fmt: skip
    parts += ["\n## Other engines\n", *_peers(rows)]
    parts += ["\n## Time and memory\n", *_table(rows, ["batch_mb", "compile_doncaster_ms", "england_minutes", "england_schools_per_second", "england_peak_mb"])]  # fmt: skip
    parts += [
        "\n## Shapes that nobody tuned for\n",
        *_table(rows, [name for name in WORDS if name.startswith("shape")]),
    ]
    parts += ["\n## How cost grows\n", "Microseconds of one decision; both scales go by powers of ten.\n"]
    parts += [f"![{title}](benchmarks/{name}.svg)\n" for name, title, _, _ in SERIES]
    parts += ["What is kept of a decision, and what it costs:\n", "| | µs |", "|---|---|"]
    parts += [f"| {found['at']} | {shown(found['value'])} |" for found in run["rows"] if found.get("series") == "trace"]
    return "\n".join(parts) + "\n"


def _words(name: str) -> str:
    return name.removeprefix("agreement_").replace("_", " ")


def _table(rows: dict[str, Row], names: Sequence[str]) -> Iterator[str]:
    yield "| | Figure | Goal | Reached | How |\n|---|---|---|---|---|"
    for name in names:
        found = rows.get(name)
        if found is None:
            continue
        unit = "" if found["unit"] == "of the speed" else f" {found['unit']}"
        reached = {True: "yes", False: "no", None: ""}[met(found)]
        how = found.get("note", "")
        if found.get("per_second"):
            how += f"; {plots.number(found['per_second'])} a second"
        yield f"| {WORDS[name]} | {shown(found['value'])}{unit} | {goal(name)} | {reached} | {how} |"


def _peers(rows: dict[str, Row]) -> Iterator[str]:
    known = {name: title for name, title in PEERS.items() if f"peer_{name}_single" in rows}
    if not known:
        yield "None was installed in this run: `make peers` installs them."
        return
    yield "`make peers` installs them. What they say of records with gaps was counted over 400 of these.\n"
    yield "| | " + " | ".join(known.values()) + " | here |\n|---|" + "---|" * (len(known) + 1)
    ours = {"single": "single_prepared", "traced": "single_traced", "batch": "batch_kept"}
    for kind, words in KINDS.items():
        cells = [rows.get(f"peer_{name}_{kind}") for name in known]
        told = ["has none" if found is None else shown(found["value"]) for found in cells]
        yield f"| {words} | {' | '.join(told)} | {shown(rows[ours[kind]]['value'])} |"
    gaps = [rows[f"peer_{name}_definite_where_unknown"]["note"].partition(": ")[2] for name in known]
    yield f"| records with gaps | {' | '.join(gaps)} | every one answered, with what is possible |"


def drawings(run: dict[str, Any]) -> dict[str, str]:
    """The plots of a run, by the name of the file."""
    rows = {found["name"]: found for found in run["rows"]}
    names = [name for name in WORDS if name in rows and rows[name]["unit"] == "of the speed"]
    drawn = [(_titled(name), float(rows[name]["value"])) for name in names if not name.startswith("shape")]
    drawn += [(f"{title}: {words}", float(rows[found]["value"])) for peer, title in PEERS.items()
              for kind, words in KINDS.items() if (found := f"peer_{peer}_{kind}") in rows]  # fmt: skip
    plotted = {"speed.svg": plots.bars(f"Speed; {HAND} is 1", "of the speed, by powers of ten", drawn)}
    for name, title, across, series in SERIES:
        lines = [
            (words, [(float(found["at"]), float(found["value"])) for found in run["rows"] if found.get("series") == of])
            for of, words in series
        ]
        plotted[f"{name}.svg"] = plots.lines(title, across, "µs", [line for line in lines if line[1]])
    return plotted


def _titled(name: str) -> str:
    if WORDS[name].startswith("the same"):
        return f"{WORDS[name.removesuffix('_gappy').removesuffix('_whole')]}, {WORDS[name].partition(', ')[2]}"
    return WORDS[name]


def machine() -> str:
    """What a run ran on, as far as it matters to a reader."""
    busy = f", at a load of {os.getloadavg()[1]:.1f} from all that ran there" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()} on {platform.system()}, {os.cpu_count()} processors{busy}"


def files(run: dict[str, Any]) -> dict[Path, str]:
    """Every file of the page."""
    kept = json.dumps(run, indent=1, ensure_ascii=False) + "\n"
    return {PAGE: page(run), KEPT: kept, **{FOLDER / name: text for name, text in drawings(run).items()}}


def main() -> int:
    """Write the page, or check it."""
    said = argparse.ArgumentParser(prog="python -m benchmarks.page", description="Write the page of results.")
    said.add_argument("--from", dest="source", type=Path, help="the results of a new run, such as build/bench.json")
    said.add_argument("--check", action="store_true", help="write nothing; exit code 1 where the page is another")
    given = said.parse_args()
    if given.source is None:
        run = json.loads(KEPT.read_text(encoding="utf-8"))
    else:
        run = {"machine": machine(), "rows": json.loads(given.source.read_text(encoding="utf-8"))}
    made = files(run)
    if given.check:
        wrong = [path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
        for path in wrong:
            print(f"{path.relative_to(ROOT)} is not what the figures give: python -m benchmarks.page", file=sys.stderr)
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
