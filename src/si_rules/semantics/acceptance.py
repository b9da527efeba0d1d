"""How old evidence may be, which of two origins is taken, whose counts: what a policy says of evidence itself."""

from collections.abc import Iterable

from si_rules.semantics import core
from si_rules.semantics.declared import Declared
from si_rules.semantics.interpretations import Ownership
from si_rules.semantics.kinds import DURATIONS
from si_rules.semantics.report import Report
from si_rules.semantics.traversal import reads_of
from si_rules.semantics.vocabulary import Vocabulary
from si_rules.syntax import tree
from si_rules.syntax.pieces import unit_of

_LONGEST = 4


def read_periods(declared: Declared, ownership: Ownership, report: Report) -> dict[str, core.Period]:
    """For how long judgements (`judgements.NAME`) and records (by the name of the collection) are accepted."""
    found: dict[str, core.Period] = {}
    for name, (source, judgement) in declared.judgements.items():
        report.source = source
        _keep(f"judgements.{name}", judgement.accepted_for, found, ownership, report)
    for name, (source, item) in declared.restated.items():
        if isinstance(item, tree.Records):
            report.source = source
            _keep(name, item.accepted_for, found, ownership, report)
    return found


def _keep(key: str, lines: tuple[tree.AcceptedFor, ...], found: dict[str, core.Period], ownership: Ownership,
          report: Report) -> None:  # fmt: skip
    for line in lines:
        cites, interpretations = ownership.cites(line.cites), ownership.interpretations(line.interpretations)
        unit = unit_of(line.unit.text)
        if key in found:
            report.error("SI202", "it is said twice for how long this is accepted", line.span, "keep one line")
        elif unit not in DURATIONS:
            report.unknown("length of time", line.unit.text, line.unit.span, DURATIONS)
        elif not line.count.text.isdigit() or not 1 <= int(line.count.text) < 10**_LONGEST:
            report.error("SI210", f"nothing is accepted for {line.count.text} {unit}", line.count.span,
                         "write a whole number from 1 on")  # fmt: skip
        else:
            found[key] = core.Period(int(line.count.text), unit, cites, interpretations)


def read_breaks(declared: Declared, ownership: Ownership, report: Report) -> dict[str, core.Break]:
    """What a policy says of the breaks that it restates, by the path of the measure; only where it says anything."""
    found: dict[str, core.Break] = {}
    for name, (source, item) in declared.restated.items():
        if isinstance(item, tree.Evidence):
            report.source = source
            cites = ownership.cites(tuple(cite for line in item.breaks_in for cite in line.cites))
            rests = ownership.interpretations(tuple(one for line in item.breaks_in for one in line.interpretations))
            if cites or rests:
                found[name] = core.Break(cites, rests)
    return found


def read_preferences(declared: Declared, vocabulary: Vocabulary, ownership: Ownership,
                     report: Report) -> tuple[core.Preference, ...]:  # fmt: skip
    """Which origin is preferred over which; a circle is reported."""
    found: list[core.Preference] = []
    over: dict[str, set[str]] = {}
    for source, written in declared.preferences:
        report.source = source
        cites, interpretations = ownership.cites(written.cites), ownership.interpretations(written.interpretations)
        for word in (written.preferred, written.over):
            if word.text not in vocabulary.origins:
                report.unknown("origin", word.text, word.span, vocabulary.origins)
                break
        else:
            better, worse = written.preferred.text, written.over.text
            if better == worse or better in _beaten(over, worse):
                report.error("SI507", f"`{better}` and `{worse}` are each preferred over the other", written.span,
                             "delete one of the two lines")  # fmt: skip
                continue
            over.setdefault(better, set()).add(worse)
            found.append(core.Preference(better, worse, cites, interpretations))
    return tuple(found)


def _beaten(over: dict[str, set[str]], origin: str) -> set[str]:
    """The origins over which one is preferred, directly or by way of others."""
    found: set[str] = set()
    waiting = [origin]
    while waiting:
        for other in over.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def read_counted(declared: Declared, vocabulary: Vocabulary, ownership: Ownership, used: Iterable[core.Core],
                 report: Report) -> dict[str, core.Counting]:  # fmt: skip
    """The records and results of which those of another count too, by name.

    A policy that is used and reads them must say the same: of one subject there is one list and one year.
    """
    found: dict[str, core.Counting] = {}
    for name, (source, item) in declared.restated.items():
        if not isinstance(item, tree.Records | tree.Results):
            continue
        report.source = source
        for marked in item.marked:
            report.error("SI602", "how those of another are marked is for the vocabulary to say", marked.span,
                         "leave out the line; `counts those of a …` says that they count")  # fmt: skip
        holder = vocabulary.collections.get(name) or vocabulary.series.get(name)
        for line in item.counts:
            counting = core.Counting(ownership.cites(line.cites), ownership.interpretations(line.interpretations))
            if holder is None:
                continue  # which is told where it is restated
            known = [holder.mark.other] if holder.mark is not None else []
            if line.other.text not in known:
                report.unknown(f"mark in `{name}` of those of a", line.other.text, line.other.span, known)
                continue
            found[name] = counting
        for other in used:
            if (name in found) != (name in other.counted) and _reads(other, name):
                says = "counts" if name in other.counted else "does not count"
                report.error("SI504", f"`{other.id}`, which is used here, {says} those of another in `{name}`",
                             item.name.span, "let both say the same")  # fmt: skip
    return found


def _reads(policy: core.Core, name: str) -> bool:
    return any(name in (path, path.rpartition(".")[0]) for path in reads_of(policy))
