"""Cases of a pathway followed: one long one, and many."""

import statistics
from datetime import date, timedelta

from benchmarks.timing import Row, row, seconds
from si_rules import History, PolicyLibrary, SchoolEvidence

MANY = 10_000  # cases
IN_TURN = ("documents_provided", "concern_meeting", "meeting_report_uploaded", "committee_meeting", "committee_minuted")


def history(length: int, number: int = 0) -> dict[str, object]:
    """The history of a school of concern with so many events, a week apart; `number` tells cases apart."""
    start = date(2015, 9, 7) + timedelta(days=number % 7)
    first = ((0, "identified"), (1, "notified"), (14, "action_plan_agreed"), (150, "warning_letter"))
    events = [{"event": name, "date": str(start + timedelta(days=day))} for day, name in first]
    for place in range(length - len(first)):
        name = IN_TURN[place % len(IN_TURN)]
        judged = {"progress": "insufficient", "sustained": "yes" if (place + number) % 10 > 5 else "no"}
        day = start + timedelta(days=18 + place * 7 + number % 5)
        events.append({"event": name, "date": str(day), **(judged if name == "concern_meeting" else {})})
    return {"subject": str(100000 + number), "events": events}


def following(many: int = MANY, rounds: int = 9) -> list[Row]:
    """One case of 40 events again and again, and many different ones of 20, each with evidence, forecast included."""
    library, on = PolicyLibrary.bundled(), date(2016, 7, 1)

    def follow(case: History) -> None:
        school = SchoolEvidence(urn=case.subject, phase="primary", legal_type="community")
        library.follow("doncaster.school_improvement", case, on=on, evidence=school)

    one = History.model_validate(history(40))
    follow(one)
    longest = statistics.median(seconds(lambda: follow(one)) for _ in range(5 * rounds))
    cases = [History.model_validate(history(20, number)) for number in range(many)]
    whole = seconds(lambda: [follow(case) for case in cases])
    note = None if many == 10_000 else f"scaled from {many:,} cases"
    return [
        row("case_40_events_ms", longest * 1000, "ms"),
        row("cases_10000_seconds", whole * 10_000 / many, "s", note=note),
        row("case_20_events_ms", whole / many * 1000, "ms", "case_40_events_ms", longest * 1000),
    ]
