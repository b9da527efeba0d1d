"""What people write from habit, and what the language has in its place: one table.

A row is tried only where the parser stumbled, in the order in which it stands. Whether it fits is not decided
here: what is meant is put in its place, and the row counts only if the line is then read. So a word such as
`otherwise` may stand in the table once for each thing it may mean.
"""

import re
from collections.abc import Iterator
from typing import Final

from si_rules.syntax.habit import Habit
from si_rules.syntax.habits_of_scenarios import OF_SCENARIOS
from si_rules.syntax.habits_of_values import OF_TABLES, OF_VALUES

_NAME: Final = r"[a-z][\w.]*"
_FIGURE: Final = r"-?[0-9][0-9.]*(?:%| percentage points?| (?!and\b|or\b)[a-z_]+)?"
_MODALITY: Final = r"(?:must|will|may|should|is likely to|is expected to|is a candidate for)"
_MONTHS: Final = {
    month: f"{number:02d}"
    for number, month in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"), 1)
}  # fmt: skip
_MONTH: Final = rf"(?i:{'|'.join(name.capitalize() for name in _MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
_NUMBERS: Final = {
    word: str(number)
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1)
}  # fmt: skip
_FRACTIONS: Final = {"½": "5", "¼": "25", "¾": "75"}
_PERIODS: Final = {"weekly": "week", "monthly": "month", "termly": "term", "yearly": "year", "annually": "year"}


def _day_first(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    if int(month) > 12 >= int(day):
        day, month = month, day
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _day_in_words(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    number = next(number for name, number in _MONTHS.items() if name.startswith(month.lower()[:3]))
    return f"{year}-{number}-{int(day):02d}"


def _small(match: re.Match[str]) -> str:
    """Small letters, with an underscore where a capital joined two words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", match.group()).lower()


def _named(match: re.Match[str]) -> str:
    return match[1] + re.sub(r"\W+", "_", match[2].strip().lower())


def _year(match: re.Match[str]) -> str:
    return f"{match[1]}-{match[2][-2:]}"


def _without_marks(match: re.Match[str]) -> str:
    return '"' + match[1].replace('"', "") + '"'


_DATE_HELP: Final = "write the year first: {meant}"
_DATES: Final = tuple(
    Habit(written, meant, _DATE_HELP, "`{0}` is not a date here", "SI207")
    for written, meant in (
        (r"\b([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\b", _day_first),
        (rf"\b([0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?({_MONTH})[a-z]*,? ([0-9]{{4}})\b", _day_in_words),
        (r"\b([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\b", lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}"),
    )
)
_YEARS: Final = (
    Habit(r"\b([0-9]{4}) ?[-/] ?((?:[0-9]{2})?[0-9]{2})\b", _year, "write the year as `{meant}`",
          "`{0}` is not an academic year here", "SI405"),
    Habit(r"academic year (?=[0-9])", "", "leave out `{0}`"),
    Habit(r"\bin (?:the )?([0-9]{4})\b(?!-)", None,
          "write both of its calendar years, joined by a hyphen, such as 2014-15", "`{1}` is not an academic year here",
          "SI405", {"YEAR"}),
    Habit(rf"({_NAME}) in (?:the )?(?:last|latest|this|current|most recent) year", r"latest \1"),
    Habit(r"last year(?:'s)?", "previous", "write `latest` for the newest results, `previous` for those of the year before"),
    Habit(r"this year(?:'s)?", "latest"),
    Habit(r"(?:the )?(?:latest|most recent|newest|current|last)", "latest"),
    Habit(r"(?:the )?(?:previous|prior|earlier)", "previous"),
    Habit(rf"({_NAME}) (latest|previous)", r"\2 \1"),
)  # fmt: skip
_FIGURES: Final = (
    Habit(r"([0-9][0-9.]*) *(?:per +cent|percent|pct)\b", r"\1%", "write the sign: {meant}", "`per cent` is not a unit here",
          "SI208"),
    Habit(r"([0-9][0-9.]*) +%", r"\1%", "write it without the space: {meant}", "a space stands before `%`", "SI208"),
    Habit(r"\b([0-9]{1,3}(?:,[0-9]{3})+)\b", lambda m: m[1].replace(",", ""), "write it without the comma: {meant}",
          "`{0}` is not a number here"),
    Habit(r"\b([0-9]+),([0-9]{1,2})(?![0-9])", r"\1.\2", "write a point: {meant}", "`{0}` is not a number here"),
    Habit(r"(?<![0-9])\.([0-9]+)", r"0.\1", "write a figure before the point: {meant}", "`{0}` is not a number here"),
    Habit(r"([0-9]*)([½¼¾])", lambda m: f"{m[1] or 0}.{_FRACTIONS[m[2]]}", "write it with a point: {meant}",
          "`{0}` is not a number here"),
    Habit(rf"\b({'|'.join(_NUMBERS)})\b", lambda m: _NUMBERS[m[1]], "write it in figures: {meant}"),
)  # fmt: skip

_COMPARISON: Final = (
    (r"(?:is *)?(?:>=|=>|≥)", "is at least"),
    (r"(?:is *)?(?:<=|=<|≤)", "is at most"),
    (r"(?:is *)?<(?!>)", "is under"),
    (r"(?:is *)?>", "is more than"),
    (r"(?:is *)?={1,3}", "is"),
    (r"=", ":"),
    (r"&&?", "and"),
    (r"\|\|?", "or"),
    (r"\+", "plus"),
    (r" - ", " minus "),
)
_IS: Final = r"(?:\b(?:is|are|was|were) )?"
_SIGNS: Final = (
    *(Habit(written, meant, message="`{0}` is not a word of the language", code="SI206")
      for written, meant in _COMPARISON),
    Habit(r"(?:is *)?(?:!=|<>|≠)", None, "write `is one of`, with the values that are meant",
          "`{0}` is not a word of the language", "SI206", {"IS", "NAME"}),
    Habit(r"//", "#", "write `#` before a remark", "`{0}` is not a word of the language", "SI206"),
)  # fmt: skip
_MEASURE: Final = rf"({_NAME}|(?:latest|previous) {_NAME}|{_NAME} in [0-9]{{4}}-[0-9]{{2}})"
_RANGE: Final = r"\1 is at least \2 and \1 is at most \3"
_RANGES: Final = (
    Habit(rf"{_MEASURE} (?:is )?between ({_FIGURE}) and ({_FIGURE})", _RANGE),
    Habit(rf"{_MEASURE} is (?:from )?([0-9.]+%) ?(?:-|to) ?([0-9.]+%)", _RANGE),
)
_SAID_OF_LAST_STEP: Final = "name the steps that are meant: `is one of …`, or `is … or {1}` with the last of them"
_COMPARISONS: Final = (
    Habit(rf"is ({_FIGURE}) or (?:more|above|over|higher|greater)", r"is at least \1"),
    Habit(rf"is ({_FIGURE}) or (?:less|under|below|lower|fewer)", r"is at most \1"),
    Habit(r"is ([a-z]\w*) or (?:above|higher|more)", r"is \1 or better"),
    Habit(r"is ([a-z]\w*) or (?:below|lower|less)", r"is \1 or worse"),
    Habit(rf"{_IS}(better|worse) than", None, _SAID_OF_LAST_STEP, expected={"_NL", "AND"}),
    *(Habit(rf"{_IS}(?:{written})", meant) for written, meant in (
        (r"(?:greater|higher|larger|bigger|more) th[ae]n or equal to", "is at least"),
        (r"(?:less|lower|fewer|smaller) th[ae]n or equal to", "is at most"),
        (r"(?:no|not) (?:more|greater|higher|larger) th[ae]n|(?:not )(?:above|over)|up to|a maximum of|at the most",
         "is at most"),
        (r"(?:no|not) (?:less|lower|fewer|smaller) th[ae]n|(?:not )(?:below|under)|a minimum of|at the least", "is at least"),
        (r"(?:greater|higher|larger|bigger) th[ae]n|above|over|exceeds", "is more than"),
        (r"(?:less|lower|fewer|smaller) th[ae]n|below|beneath", "is under"),
        (r"(?:equal to|equals|the same as|exactly)", "is"),
        (r"earlier than", "is before"),
        (r"later than", "is after"),
    )),
    Habit(r"(?:is )?(?:either |one of |any of )?((?:\w+, )*\w+),? or (\w+)(?! (?:is|holds|does|has|in)\b)",
          lambda m: f"is one of {m[1].removeprefix('is ').removeprefix('either ')}, {m[2]}"),
    Habit(r"(?:is )?(?:in|any of|among|either|one from)\b", "is one of"),
    Habit(r"is one of \(([^()]*)\)", r"is one of \1", "leave out the brackets: `{meant}`"),
    Habit(r'(is (?:one of )?)"([^"]*)"', _named, "write the value without quotation marks: `{meant}`"),
    Habit(r"(?:are|was|were)\b", "is"),
    Habit(r"(?<!is )\b(under|at least|at most|more than|before|after|one of)\b", r"is \1"),
    Habit(r"is(?:n't| n't| nt)|aren't|wasn't", None, "say which values are meant: is one of …",
          "`{0}` would silently admit every other value", "SI211", {"IS", "IS_NOT"}),
    Habit(r"does(?:n't| n't| nt) hold|do not hold|don't hold|fails|is not met|is not true", "does not hold"),
    Habit(rf"not ({_NAME}) holds", r"\1 does not hold"),
    Habit(rf"not ({_NAME})", r"\1 does not hold"),
    Habit(rf"judgement ({_NAME}) holds", r"judgement \1 is yes", "write `{meant}`, or another of its values"),
    Habit(rf"judgement ({_NAME}) does not hold", r"judgement \1 is no", "write `{meant}`, or another of its values"),
    Habit(rf"judgement ({_NAME})$", r"judgement \1 is yes", "say what it comes to: `{meant}`, or another of its values",
          "the line ends too early, after `{0}`", "SI202"),
    Habit(r"(?:has )?(?:fell|fallen|decreased|declined|dropped|gone down)(?: for)?(?= [0-9]+ years?)", "has fallen for"),
    Habit(r"(?:has )?(?:rose|risen|increased|improved|grown|gone up)(?: for)?(?= [0-9]+ years?)", "has risen for"),
    Habit(rf"{_MEASURE} (?:has )?(?:falls?|fell|fallen|drop\w*|decreas\w*|declin\w*|ris\w+|rose|increas\w*)(?: by)? (?=[0-9])", None,
          "compare two years, as in `previous … minus latest …`, or write `has fallen for 2 years`", expected={"IS"}),
    Habit(r"not (?=\()", None, "make a list of what must not hold: none of", expected={"IS"}),
    Habit(r"has (fallen|risen)$", r"has \1 for 2 years", "say for how long: `{meant}`"),
)  # fmt: skip
_REMARK: Final = "write `#` before a remark: `{meant}`"
_CONDITIONS: Final = (
    Habit(r"(?:e\.g\.?|i\.e\.?|for example|such as|namely)(?= ).*$", r"# \g<0>", _REMARK),
    Habit(r"\(([^()]*)\)$", r"# \1", _REMARK),
    Habit(rf"(?:unless|except(?: when| where| if)?) ({_NAME}) holds", r"and \1 does not hold"),
    Habit(r"(?:unless|except)\b(?! clause)", None,
          "write `and`, and then the opposite of what follows it", expected={"AND", "HOLDS_WHEN"}),
    Habit(rf",(?= *(?:judgement |latest |previous |clause )?{_NAME} )", " and", "join two conditions with `and`, or `or`",
          "`,` joins no conditions"),
    Habit(r"\b(?:but|and also|as well as)\b", "and"),
    Habit(r"\b(?:or else|or alternatively)\b", "or"),
    Habit(rf"(?<!is )\b((?!(?:is|and|or|not|under|least|most|than|before|after|of)$){_NAME})$", r"\1 holds",
          "write `{1} holds` for a fact or trigger, `{1} is …` for evidence", "the line ends too early, after `{1}`", "SI202"),
    Habit(r" and$", "", "leave it out: each item of the list is a line of its own", "`and` stands at the end of the line"),
    Habit(r" or$", "", "leave it out: each item of the list is a line of its own", "`or` stands at the end of the line"),
)  # fmt: skip
_APPLY: Final = r"(?: (?:apply|applies|hold|are met|are true))?:?"
_LISTS: Final = (
    Habit(rf"\b(?:all of the following|all of these|all the following|both of|both|each of|all)\b{_APPLY}", "all of"),
    Habit(rf"\b(?:any of the following|any of these|any one of|one of|one or more of|either of|either|some of|any)\b{_APPLY}", "any of"),
    Habit(rf"\b(?:none of the following|none of these|neither of|neither|not any of|none)\b{_APPLY}", "none of"),
    Habit(r"holds when$", "holds when all of",
          "say how its items are joined: `holds when all of`, `any of` or `none of`",
          "the line ends too early, after `{0}`", "SI202"),
    Habit(r"^ *(?:[*·+>]|\(?(?:[0-9]{1,3}|[a-z]{1,3})[.)]|--)(?= )", lambda m: re.sub(r"\S.*", "-", m.group()),
          "begin an item with a hyphen and a space: -", "`{0}` begins no item"),
    Habit(r"^ *- (?=\w)", lambda m: m.group().replace("- ", ""), "leave out the hyphen: it begins an item of a list of conditions",
          "a hyphen is not understood here"),
    Habit(rf"^( *)(?=(?:judgement |latest |previous |clause )?{_NAME} )", r"\1- ",
          "begin the item with a hyphen and a space: -", "a hyphen is missing"),
)  # fmt: skip
_RULES: Final = (
    Habit(r"^ *if (.+) then\b.*", None, "write `holds when {1}`, and what is to be done under a line `what follows`",
          "`if … then` is not a form of the language", expected={"HOLDS_WHEN"}),
    Habit(r"(?:is met when|is met if|is true when|is true if|applies when|applies if|holds if|holds where|conditions?:?|criteria:?|if|when|where)(?![\w:])",
          "holds when"),
    Habit(r"\b(?:then|consequences?|actions?|what happens|what to do|therefore|result|outcome)\b", "what follows"),
    Habit(r"\b(?:otherwise|else|default|in all other cases|when not matched|when none matches|if unmatched)\b",
          "when unmatched"),
    Habit(r"\b(?:otherwise|else)\b", None,
          "state what follows otherwise in a rule of its own, which says when it holds; in a classification: `when unmatched`",
          expected={"WHAT_FOLLOWS", "WHEN_UNMATCHED", "CITES"}),
    Habit(r"\b(?:in every case|in any case|always|regardless)\b", "whatever the outcome"),
    Habit(r"when evidence is missing\b.*$",
          "when evidence is missing, undetermined between the outcomes still possible, unless only one is left",
          "write the whole line: {meant}", "this line is not complete"),
    Habit(r"when no(?:ne| class)\b.*$", "when no class holds, unmatched", "write the whole line: {meant}",
          "this line is not complete"),
    Habit(r"(?:when several|the most serious|most serious|order|priority)\b[^:]*: *(.*)$",
          r"when several classes hold, the most serious stands: \1", "write the whole line: {meant}"),
    Habit(r"\b(?:only for|relevant to|applies for|applicable to|for)\b", "applies to"),
    Habit(r"\b(?:see|source|ref|reference|per|according to)\b", "cites"),
    Habit(r"\b(?:because|reason|rationale)\b", "interpretation"),
    Habit(r"(?:category|band|level|grade|outcome)\b", "class"),
    Habit(r"\bor (?=[0-9a-z_]+ )", "or clause "),
    Habit(r"(?:unless|except|yields to|gives way to)(?: clause)? (?=\w+$)", "gives way to clause ",
          "write `{meant}`: where that clause holds, this one does not"),
    Habit(r", *(?:holds when|if|where)\b", ", when"),
    Habit(r'(clause \w+ "[^"]*")(?: *:)?$', r"\1, all of", "end it with `, all of`, or `, any of`, or `, when` and the condition",
          "the line does not say how its conditions are joined"),
    Habit(r"\b(?:every|any|all) (?=\w+)", "every "),
)  # fmt: skip
_COMMA: Final = "for|every|during|shown to|if|all of|any of|none of|at least|when|or none|became known on|left out where it does not apply"
_CONSEQUENCES: Final = (
    Habit(rf"(?<![,\w]) *\b({_COMMA})\b", r", \1", message="a comma is missing before `{1}`"),
    Habit(rf"^( *)({_MODALITY}) (\w+) (?=\w)", r"\1\3 \2 ", "write the party first: `{meant}`"),
    Habit(r"\b(?:must|shall|may|should|can) not\b", None,
          "what is not to be done is an action of its own: declare it, and write `must` before it", expected={"MUST", "_NL"}),
    *(Habit(rf"\b(?:{written})\b", meant) for written, meant in (
        ("shall|has to|have to|is required to|needs to|is to|must to", "must"),
        ("can|might|could|is allowed to|is entitled to|may possibly", "may"),
        ("ought to|is advised to|is recommended to", "should"),
        ("is going to|would", "will"),
    )),
    Habit(r"^( *\w+) and (\w+)(?= )", r"\1", "name one party a line, and write a second line for the other",
          "two parties stand in one line"),
    Habit(rf"({_MODALITY} \w+) and \w+", r"\1", "name one action a line, and write a second line for the other",
          "two actions stand in one line"),
    Habit(rf'({_MODALITY}) (?:"[^"]*"|\w+(?: \w+)+)', r"\1 action", "name the action in one word, as its line `action …` does"),
    Habit(r"^( *\w+) (?=\w+$)", r"\1 must ", "write `must`, `will`, `may` or `should` after `{0}`",
          "the line does not say how strongly"),
    Habit(r",? *(?:each|once an?|once every|per)\b", ", every"),
    Habit(rf",? *\b({'|'.join(_PERIODS)})\b", lambda m: ", every " + _PERIODS[m[1]]),
    Habit(r", *(?:when|where|provided|provided that|only if)\b", ", if"),
    Habit(r", shown to \w+(?:, \w+)+", lambda m: ", shown to " + m.group().removeprefix(", shown to ").replace(", ", " and "),
          "join the roles with `and`: `{meant}`"),
    Habit(r", *(?:for|every|during|shown to)\b", None,
          "after the action stand, in this order: for, every or during, shown to, if",
          "`{0}` stands too late in the line", expected={"AND", "_NL"}),
)  # fmt: skip
_PUNCTUATION: Final = (
    Habit(r":$", "", "leave it out: what is set in below belongs to this line", "a colon ends the line"),
    Habit(r":", "", "leave it out", "a colon is not understood here"),
    Habit(r"[.;,]$", "", "leave it out: nothing is written at the end of a line", "`{0}` ends the line"),
    Habit(r",? *(?:…|\.\.\.|etc\.?)$", "", "name all of them, and end the line after the last", "`{0}` says nothing here"),
    Habit(r'"(.*)"$', _without_marks, "leave out the marks inside, or use curly ones there",
          "straight quotation marks stand inside a quotation"),
    Habit(r"'([^']*)'", r'"\1"', "use straight double marks: {meant}", "`'` is no quotation mark here"),
    Habit(r"([a-z]\w*)(?:-\w+)+", lambda m: m.group().replace("-", "_"), "write underscores for hyphens: `{meant}`",
          "`{0}` is not a name"),
    Habit(r"\)$", "", "leave it out, or open it before", "this bracket was never opened"),
)  # fmt: skip
_DECLARATIONS: Final = (
    Habit(r"\b(?:judgment|assessment)\b", "judgement"),
    Habit(r"^(?:rule|define|definition|condition|criterion|let)\b", "fact"),
    Habit(r"^(?:threshold|constant|limit|variable)\b", "parameter"),
    Habit(r"^(?:person|role|actor)\b", "party"),
    Habit(r"^(?:step|measure)\b", "action"),
    Habit(r"in force from\b", "in force"),
    Habit(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) *(?:-|until|till|through) *(?=[0-9]{4})", r"\1 to ", "write `to` between the two days"),
    Habit(r"in force ([0-9]{4}-[0-9]{2}-[0-9]{2})$", r"\g<0> to 9999-12-31", "add the last day, after `to`: in force {1} to …",
          "the line does not say until when", "SI202"),
    Habit(r"vocabulary (\w+)$", r"vocabulary \1 1", "add its version, such as `{meant}`", "the vocabulary has no version here",
          "SI202"),
    Habit(r"\b(?:the|a|an) (?=\w)", "", "leave out `{0}`"),
)  # fmt: skip
_SPELLING: Final = (
    Habit(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+", lambda m: m.group().lower().replace(" ", "_"),
          "write small letters, and underscores for spaces: `{meant}`"),
    Habit(r"[\w.]*[A-Z][\w.]*", _small, "write small letters: `{meant}`"),
    Habit(r"cites ([a-z][\w-]*)", lambda m: f"cites {m[1].upper()}", "write its id in capitals, as it is declared: `{meant}`"),
    Habit(r'^( *(?:title|[a-z]+ \w+|cites [A-Z][A-Z0-9-]*|[a-z]+ [A-Z][A-Z0-9-]*)) ([^":]+)$', r'\1 "\2"',
          "put the words in straight quotation marks: {meant}", "quotation marks are missing"),
)  # fmt: skip

HABITS: Final = (
    *OF_TABLES, *OF_VALUES, *_RANGES, *_DATES, *_YEARS, *_FIGURES, *_SIGNS, *_LISTS, *_COMPARISONS, *_CONSEQUENCES, *_CONDITIONS, *_RULES, *_DECLARATIONS,
    *_PUNCTUATION, *_SPELLING, *OF_SCENARIOS,
)  # fmt: skip


def habits_at(line: str, place: int) -> Iterator[tuple[Habit, re.Match[str]]]:
    """The rows whose words stand at a place of a line, or end just before it; none that begin inside a quotation."""
    quoted = [match.span() for match in re.finditer(r'"[^"]*"', line)]
    for habit in HABITS:
        for match in habit.written.finditer(line):
            if match.start() > place:
                break
            reaches = match.end() > place or not line[match.end() : place].strip()
            if reaches and not any(start < match.start() < end for start, end in quoted):
                yield habit, match
