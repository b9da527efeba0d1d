"""The evidence of one flood defence, as `defence.vocabulary` declares it: what a Board's own system would hold."""

import datetime
from decimal import Decimal
from typing import Literal

from si_rules import Missing, NoneKnown, Record
from si_rules.evidence.absence import Disputed

Open = Missing | Disputed | None
Grade = Literal["very_good", "good", "fair", "poor", "very_poor"]


class Inspection(Record):
    """An inspection of a defence and its parts; a gate has no toe."""

    date: datetime.date
    reported: datetime.date | None = None
    whole: Grade | Open = None
    crest: Grade | Open = None
    face: Grade | Open = None
    toe: Grade | NoneKnown | Open = None


class Incident(Record):
    """Something that happened at a defence."""

    date: datetime.date
    reported: datetime.date | None = None
    effect: Literal["leak", "overtopping", "breach"] | Open = None


class Seepage(Record):
    """What an embankment let through over a year, in litres an hour."""

    published: datetime.date | None = None
    rate: int | Open = None


class Patrols(Record):
    """The patrols a private owner made over a year, in percent of those due."""

    published: datetime.date | None = None
    made: Decimal | Open = None


class Judgement(Record):
    """What somebody judged, and when."""

    value: bool | str | Missing
    author: str | None = None
    role: str | None = None
    date: datetime.date | None = None
    document: str | None = None


class DefenceEvidence(Record):
    """All that is known of one defence. Levels are in centimetres above the datum of the valley."""

    reference: str
    name: str
    structure: Literal["embankment", "wall", "gate", "outfall"] | Open = None
    owned_by: Literal["board", "council", "private_owner"] | Open = None
    homes: int | Open = None
    critical_site: bool | Open = None
    crest_level: int | Open = None
    ground_level: int | Open = None
    design_flood: int | Open = None
    finished_on: datetime.date | Open = None
    barriers: bool | Open = None
    replacement_agreed: datetime.date | NoneKnown | Open = None
    inspections: tuple[Inspection, ...] | Missing | None = None
    incidents: tuple[Incident, ...] | Missing | None = None
    seepage: dict[str, Seepage] = {}
    patrols: dict[str, Patrols] = {}
    judgements: dict[str, Judgement] = {}
