"""The summary for a board as blocks, and as JSON of the form `si-rules/board/1`."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from si_rules.decisions.account import TRUTHS
from si_rules.documents.blocks import Block, Heading, Item, Items, Notice, Table, Text
from si_rules.documents.board_values import BoardSummary, ClassificationCount, Count, DutyCount, OutcomeCount
from si_rules.semantics.audiences import PUBLIC
from si_rules.semantics.facts import CohortIdentity
from si_rules.semantics.kinds import words

FORMAT: Final = "si-rules/board/1"
TITLE: Final = "Summary for the board"


def board_blocks(summary: BoardSummary, elsewhere: Iterable[str] = ()) -> Iterator[Block]:
    """The whole summary. Parts with nothing to say are left out, and classifications of policies told elsewhere, by id."""
    _, _, title, _ = summary.policy
    yield Heading(1, f"{TITLE}: {title}")
    yield Text(_about(summary))
    if summary.cohort is not None:
        yield Text(_cohort(summary.cohort, summary), "Figures are of the cohort:")
    if summary.refused:
        yield Notice(tuple(_refused(summary)))
    told = tuple(f"{id}." for id in elsewhere)
    for found in summary.classifications:
        if not found.id.startswith(told):
            yield Heading(2, found.title)
            yield from _classification(found, summary)
    yield from _figures(summary)
    yield from _rules_of_all(summary)
    yield from _triggers(summary)
    yield from _duties(summary)
    yield from _moderations(summary)
    yield from _missing(summary)


def _about(summary: BoardSummary) -> str:
    readers = "everybody" if summary.audience == (PUBLIC,) else ", ".join(map(words, summary.audience))
    if not summary.subjects:
        return f"Nobody was decided about. Made for {readers} to see."
    return f"{summary.decided} {_number(summary.subjects, summary)}. Made for {readers} to see."


def _cohort(cohort: CohortIdentity, summary: BoardSummary) -> str:
    """Its name and size, and how many more there are of whom nothing is known."""
    unread = (
        f" {cohort.unread:,} more could not be read: figures are known between limits only." if cohort.unread else ""
    )
    return f"{cohort.name}, {_number(cohort.members, summary)}.{unread}"


def _number(count: int, summary: BoardSummary) -> str:
    return f"{count:,} {summary.noun[0] if count == 1 else summary.noun[1]}"


def _refused(summary: BoardSummary) -> Iterator[Block]:
    count = len(summary.refused)
    yield Text(
        f"{count:,} {'remark' if count == 1 else 'remarks'} on evidence that could not be used. Whom they are about is "
        "counted nowhere below.",
        "Refused:",
    )


def counted(count: Count) -> str:
    """A count as people read it: `12`, or `12 to 15` where more may come."""
    return f"{count.least:,}" if count.least == count.most else f"{count.least:,} to {count.most:,}"


# ---- the parts


def _classification(found: ClassificationCount, summary: BoardSummary) -> Iterator[Block]:
    if found.of_all is not None:
        yield Text(f"{found.of_all}.", "For all together:", found.cites)
        return
    open_ = found.statuses["undetermined"]
    if open_:
        yield Text(f"{_number(open_, summary)} not determined: each may turn out to be in any of several classes.")
    yield from (Text(f"Some of what is shown as possible may turn out not to be: {doubt}") for doubt in found.doubts)
    if found.moderated:
        yield Text(f"{_number(found.moderated, summary)}, of which {found.changed:,} to another class.", "Moderated:")
    head = ["Outcome", "By the rules", *(["With moderation"] if found.moderated else [])]
    rows = [
        [_outcome(item), counted(item.by_rules), *([counted(item.moderated)] if found.moderated else [])]
        for item in found.outcomes
    ]
    yield Table(tuple(head), tuple(map(tuple, rows)), frozenset({1, 2}))


def _outcome(item: OutcomeCount) -> str:
    return f"{item.outcome}, {item.title}" if item.title is not None else words(item.outcome)


def _figures(summary: BoardSummary) -> Iterator[Block]:
    if summary.figures:
        yield Heading(2, "Figures of the whole cohort")
        yield Items(Item(item.text, f"{item.title}:", item.cites) for item in summary.figures)


def _rules_of_all(summary: BoardSummary) -> Iterator[Block]:
    """Targets and the like: triggers that hold of the whole cohort or do not."""
    rows = [(item.title, TRUTHS[item.of_all], item.cites) for item in summary.triggers if item.of_all is not None]
    if rows:
        yield Heading(2, "Targets and other rules about the whole cohort")
        yield Table(("Rule", "Holds or not", "Cited from"), tuple(rows))


def _triggers(summary: BoardSummary) -> Iterator[Block]:
    rows = [
        (item.title, *(f"{count:,}" for count in item.statuses.values()))
        for item in summary.triggers
        if item.of_all is None
    ]
    if rows and summary.subjects:
        yield Heading(2, "Triggers of concern")
        yield Table(
            ("Trigger", *(TRUTHS[status].capitalize() for status in summary.triggers[0].statuses)),
            tuple(rows),
            frozenset({1, 2, 3, 4}),
        )


def _duties(summary: BoardSummary) -> Iterator[Block]:
    if not summary.duties:
        return
    moderated = bool(summary.moderations)
    yield Heading(2, "Duties by who bears them")
    head = ("Who", "What", "When", "By the rules", *(("With moderation",) if moderated else ()))
    yield Table(head, tuple(_duty(item, moderated) for item in summary.duties), frozenset({3, 4}))


def _duty(item: DutyCount, moderated: bool) -> tuple[str, ...]:
    shown = _for_all if item.once else counted
    cells = item.bearer_title, item.title, item.when or "", shown(item.by_rules)
    return (*cells, shown(item.moderated)) if moderated else cells


def _for_all(count: Count) -> str:
    if count.least == count.most:
        return "once, for all" if count.least else "no"
    return "perhaps, for all"


def _moderations(summary: BoardSummary) -> Iterator[Block]:
    if summary.moderations:
        yield Heading(2, "Moderation")
        rows = (
            (item.name, item.told.title, item.told.said, item.told.text, item.told.reason or "")
            for item in summary.moderations
        )
        yield Table(("Who", "What", "The rules say", "Moderated to", "Reason"), tuple(rows))


def _missing(summary: BoardSummary) -> Iterator[Block]:
    if summary.missing:
        yield Heading(2, "Evidence that is missing most")
        rows = ((item.text, f"{item.subjects:,}") for item in summary.missing)
        yield Table(("Evidence", "Can still matter to"), tuple(rows), frozenset({1}))


# ---- JSON


def board_document(summary: BoardSummary) -> dict[str, Any]:
    """The summary in its published JSON form. Names and order are fixed."""
    id, edition, title, digest = summary.policy
    cohort = summary.cohort
    return {
        "format": FORMAT,
        "policy": {"id": id, "edition": edition, "title": title, "digest": digest},
        "on": summary.on,
        "known_at": summary.known_at,
        "audience": list(summary.audience),
        "cohort": None if cohort is None else _cohort_document(cohort),
        "subjects": summary.subjects,
        "classifications": {item.id: _classification_document(item) for item in summary.classifications},
        "figures": [
            {
                "id": item.id,
                "title": item.title,
                "status": item.status,
                "value": item.value,
                "between": None if item.between is None else list(item.between),
            }
            for item in summary.figures
        ],
        "triggers": [
            {"id": item.id, "title": item.title, "statuses": item.statuses, "of_all": item.of_all}
            for item in summary.triggers
        ],
        "duties": [
            {
                "bearer": item.bearer,
                "action": item.action,
                "title": item.title,
                "when": item.when,
                "once": item.once,
                "by_rules": _count(item.by_rules),
                "moderated": _count(item.moderated),
            }
            for item in summary.duties
        ],
        "moderations": [
            {
                "subject": item.subject,
                "classification": item.told.classification,
                "rules_say": item.told.said,
                "moderated_outcome": item.told.outcome,
                "changed": item.told.changed,
                "date": str(item.told.date),
                "reason": item.told.reason,
            }
            for item in summary.moderations
        ],
        "missing": [{"path": item.path, "title": item.text, "subjects": item.subjects} for item in summary.missing],
        "refused": [{"place": item.place, "subject": item.subject} for item in summary.refused],
    }


def _cohort_document(cohort: CohortIdentity) -> dict[str, Any]:
    return {"name": cohort.name, "members": cohort.members, "unread": cohort.unread, "digest": cohort.digest}


def _classification_document(item: ClassificationCount) -> dict[str, Any]:
    return {
        "title": item.title,
        "statuses": item.statuses,
        "exact": item.exact,
        "of_all": item.of_all,
        "moderated": item.moderated,
        "changed": item.changed,
        "outcomes": {
            outcome.outcome: {
                "title": outcome.title,
                "by_rules": _count(outcome.by_rules),
                "moderated": _count(outcome.moderated),
            }
            for outcome in item.outcomes
        },
    }


def _count(count: Count) -> dict[str, int]:
    return {"least": count.least, "most": count.most}
