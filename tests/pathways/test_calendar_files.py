"""Files of calendars: what is wrong with one is told with its line."""

import pytest

from si_rules.semantics.calendar_reading import read_calendars
from si_rules.source.screening import read_source
from si_rules.syntax.parsing import parse_file

HEAD = 'source GOV "the government"\n\ncalendar days 2015 "Days"\n  cites GOV "a page"\n  covers 2015-09-01 to 2016-08-31\n'


def findings(text: str) -> list[tuple[int, str]]:
    source, _ = read_source("days.calendar", text.encode())
    file, mistakes = parse_file(source)
    _, found = read_calendars({"days.calendar": file}, {"days.calendar": ""})
    return [(item.source.place(item.span.start)[0], item.code) for item in mistakes + found]


GOOD = (
    HEAD
    + '  holiday 2015-12-25 "Christmas Day"\n  term autumn 2015-16: 2015-09-03 to 2015-12-17, half term 2015-10-26 to 2015-10-30\n'
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, []),
        (GOOD + '  holiday 2015-12-25 "again"\n', [(8, "SI302")]),
        (GOOD + '  holiday 2016-12-25 "too late"\n', [(8, "SI805")]),
        (GOOD + "  term spring 2015-16: 2016-01-05 to 2016-09-24\n", [(8, "SI805")]),
        (GOOD + "  term spring 2014-15: 2016-01-05 to 2016-03-24\n", [(8, "SI805")]),
        (
            GOOD + "  term spring 2015-16: 2016-01-05 to 2016-03-24, half term 2015-12-01 to 2016-02-19\n",
            [(8, "SI805")],
        ),
        (GOOD + "  term spring 2015-16: 2015-12-10 to 2016-03-24\n", [(8, "SI805")]),
        (GOOD + "  term spring 2015-16: 2016-03-24 to 2016-01-05\n", [(8, "SI404")]),
        (HEAD, [(3, "SI205")]),
        (GOOD.replace('  cites GOV "a page"\n', ""), [(3, "SI503")]),
        (GOOD + '\nparty officer "the officer"\n', [(9, "SI602")]),
        (GOOD + GOOD.partition("\n\n")[2].replace("days 2015", "days 2016"), [(1, "SI805")]),
    ],
)
def test_what_is_wrong_with_a_calendar_is_told_where_it_stands(text: str, expected: list[tuple[int, str]]) -> None:
    """One finding a mistake, on its line; two versions that cover the same days are told at the top."""
    assert sorted(set(findings(text))) == expected
