"""Chooses the evidence of a random policy, its judgements and its parameters."""

import random
from dataclasses import replace
from datetime import date
from fractions import Fraction

from tests.properties.generator.declarations import (
    DAYS,
    GROUP_FIELD,
    ORIGINS,
    PERCENT,
    YEARS,
    Declared,
    Kind,
    Measure,
    Parameter,
    Results,
    heads,
)

GRADES = ("gold", "silver", "tin")
MARKS = ("fine", "poor")
OFFICERS = ("officers",)


def random_declarations(chance: random.Random) -> Declared:
    """The evidence of a policy: kinds, limits, and what may be none differ from one to the next."""
    pick = chance.choice

    def likely(share: float) -> bool:
        return chance.random() < share

    sorts = ("egg", "chick", "hen", "cock")[: pick((3, 4))]
    points = pick((Kind("number", unit="points"),
                   Kind("number", unit="points", low=Fraction(-2), high=Fraction(3), limits_written=True)))  # fmt: skip
    share = pick((PERCENT, replace(PERCENT, low=Fraction(20), high=Fraction(80), limits_written=True)))
    grades = Kind("scale", GRADES, likely(0.5))
    fields = (
        Measure(GROUP_FIELD, Kind("choice", sorts), likely(0.15)),
        Measure("grade", grades, likely(0.3)),
        Measure("prior", grades, likely(0.3)),
        Measure("lit", Kind("flag"), likely(0.3)),
        Measure("share", share, likely(0.3)),
        Measure("size", pick((heads(0, 4), heads(1, 3))), likely(0.3)),
        Measure("spare", heads(0, 3), likely(0.2)),
        Measure("crowd", heads(), likely(0.3)),
        Measure("margin", points, likely(0.4)),
        Measure("opened", Kind("date"), likely(0.2)),
        Measure("hidden", Kind("flag"), shown_to=OFFICERS),
        Measure("visit.mark", Kind("scale", MARKS)),
        Measure("visit.note", Kind("choice", ("dry", "wet", "odd")), likely(0.3)),
        Measure("visit.stay", heads(0, 2), likely(0.3)),
        Measure("visit.secret", PERCENT, shown_to=OFFICERS),
        Measure("tests.passed", PERCENT, likely(0.2), None, pick((None, None, 2013, 2014))),
        Measure("tests.score", points, likely(0.3), pick((None, None, 2012, 2014)), None),
        Measure("tests.sat", heads(0, 3), likely(0.2)),
        Measure("turnout.rate", PERCENT, likely(0.2), breaks=pick(((), (), (2014,), (2013,)))),
        Measure("turnout.hidden", PERCENT, shown_to=("officers", "chair")),
    )
    judgements = (
        Measure("judgements.view", Kind("flag"), accepted_months=pick((None, 6))),
        Measure("judgements.trust", Kind("scale", ("high", "fair", "low"), likely(0.5)), accepted_months=pick((None, None, 12))),
        Measure("judgements.secret", Kind("flag"), shown_to=OFFICERS),
    )  # fmt: skip
    results = (
        Results("tests", likely(0.7), 12, 15, pick(((), (), ((2014, date(2016, 2, 1)),), ((2015, date(2016, 9, 5)),)))),
        Results("turnout", False, pick((3, 9)), 30, (), pick((None, None, "opened"))),
    )
    preferred = pick(((), (), ((ORIGINS[0], ORIGINS[1]),), ((ORIGINS[0], ORIGINS[1]), (ORIGINS[1], ORIGINS[2]))))
    group = sorts[1 : pick((2, 3))] or sorts[1:2]
    return Declared(fields, group, results, judgements, _parameters(chance), pick((None, None, 18)), preferred)


def _parameters(chance: random.Random) -> tuple[Parameter, ...]:
    pick = chance.choice
    return (
        Parameter("floor", PERCENT, tuple((year, Fraction(pick((40, 50, 60)))) for year in YEARS)),
        Parameter("gap", Kind("number", unit="percentage_points"),
                  from_date=((date(2015, 9, 1), Fraction(5)), (date(2016, 2, 1), Fraction(pick((20, 30)))))),
        Parameter("least", Kind("number", unit="heads"), from_date=((date(2014, 9, 1), Fraction(pick((1, 2)))),)),
        Parameter("since", Kind("date"), from_date=((date(2015, 1, 1), pick(DAYS)),)),
        Parameter("wait", Kind("number", unit="months"), from_date=((date(2015, 1, 1), Fraction(pick((1, 6)))),)),
    )  # fmt: skip
