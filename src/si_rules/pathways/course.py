"""One possible course of a case: where it stands, and how it came there."""

import datetime

from attrs import frozen

from si_rules.pathways.case import Departure, Step


@frozen
class Stay:
    """A time in a state or stage; `entered` and `left` are places in the history, the days beside them.

    `called` is its name in the edition in which it was entered: a later one may carry it on under another.
    """

    state: str
    called: str
    since: datetime.date
    entered: int
    until: datetime.date | None = None
    left: int | None = None


@frozen
class Course:
    """One possible course of a case: where it stands, where it was, and the guards it took for granted."""

    state: str | None = None
    stays: tuple[Stay, ...] = ()
    steps: tuple[Step, ...] = ()
    departures: tuple[Departure, ...] = ()
    hangs_on: tuple[str, ...] = ()
    lapsed: frozenset[tuple[str, datetime.date]] = (
        frozenset()
    )  # time-outs that passed without effect, by the stay's day

    def stay(self, state: str) -> Stay:
        """The present stay in a state or stage."""
        return next(stay for stay in reversed(self.stays) if stay.state == state and stay.until is None)


class TooManyCourses(Exception):
    """More courses are possible than are followed."""
