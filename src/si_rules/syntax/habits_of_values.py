"""What people write from habit in values, scores, tables, matrices, figures and exceptions."""

import re
from collections.abc import Callable
from typing import Final

from si_rules.syntax.habit import Habit

_NAME: Final = r"[a-z][\w.]*"
_FIGURE: Final = r"[0-9][0-9.]*%?(?: (?!to\b|or\b|and\b)[a-z_]+)?"
_EMPTY: Final = "leave the cell empty: an empty cell takes anything"


def _places(number: int, before: str = "") -> Callable[[re.Match[str]], str]:
    """`, rounded to 2 decimal places`, with the number of a group."""
    return lambda m: f"{m.expand(before)}, rounded to {m[number]} decimal place{'' if m[number] == '1' else 's'}"


# ---- terms

_TERMS: Final = (
    Habit(r"(?<![,\w]) *\b(rounded to|as percent|but at most|but at least|but no better than|but no worse than|"
          r"of those that exist|highest first|lowest first)\b", r", \1", message="a comma is missing before `{1}`"),
    Habit(r"\bround(?:ed)? ?\((.+), ?([0-9]+)\)", _places(2, r"\1")),
    Habit(r",? *rounded to ([0-9]+) ?(?:d\.?p\.?|dps|decimals?|digits?|places?(?! of))(?!\w)", _places(1)),
    Habit(r",? *rounded to ([0-9]+)$", _places(1), "say of what: `{meant}`",
          "the line ends too early, after `{0}`", "SI202"),
    Habit(r",? *rounded (?:to )?(?:the )?(?:nearest )?(?:whole(?: numbers?)?|integers?|a whole|an integer)$",
          ", rounded to a whole number"),
    Habit(r",? *rounded (?:to )?nearest (?=[0-9])", ", rounded to the nearest "),
    Habit(r",? *rounded$", ", rounded to a whole number",
          "say to what, such as `{meant}` or `, rounded to 1 decimal place`", "`rounded` says not to what"),
    Habit(r",? *rounded (?:up|down)\b", None, "write `, rounded to` and to what: the nearest is taken, and a half goes away from zero",
          "there is no rounding up or down", expected={"ROUNDED_TO", "_NL"}),
    Habit(r",? *as (?:a )?percentage(?: of)?(?= *$)|,? *in (?:per ?cent|percentages?)$|,? *as a percent$", ", as percent"),
    Habit(r",? *(?:capped at|limited to|up to|with a maximum of|(?:but )?(?:no|not) (?:more|higher|greater) than|at most|max(?:imum)?(?: of)?|"
          r"but at the most)\b", ", but at most"),
    Habit(r",? *(?:with a minimum of|(?:but )?(?:no|not) (?:less|lower|fewer) than|at least|min(?:imum)?(?: of)?|but at the least)\b",
          ", but at least"),
    Habit(r",? *(?:but )?(?:no|not) better than\b", ", but no better than"),
    Habit(r",? *(?:but )?(?:no|not) worse than\b", ", but no worse than"),
    *(Habit(written, meant, message="`{0}` is not a word of the language", code="SI206") for written, meant in (
        (r" ?[*×] ?", " times "), (r" ?[÷/] ?", " divided by "),
    )),
    Habit(r"\b(?:multiplied by|times by|x)\b", "times"),
    Habit(r"\bdivided (?!by\b)", "divided by "),
    *(Habit(rf"\b(?:the )?(?:{written}) of\b(?! (?:those|rows|the rows))", f"the {meant} of") for written, meant in (
        ("average|avg|mean", "mean"), ("total|sum", "sum"), ("maximum|max|largest|greatest|highest", "highest"),
        ("minimum|min|smallest|least|lowest", "lowest"), ("count|number", "number"),
    )),
    Habit(r"\bover (?:the (?:past|previous|latest) )?(?=[0-9]+ years?\b)", "over the last "),
    Habit(r"\b(?:for|in) the last (?=[0-9]+ years?\b)", "over the last "),
    Habit(r"\b(sum|mean|lowest|highest)\((.*)\)", r"the \1 of \2"),
)  # fmt: skip

# ---- lines of values, scores and figures

_LINES: Final = (
    Habit(r"^( *)holds when(?: all of$)?(?= |$)", r"\1is", "write `is`: this is a value, not a condition"),
    Habit(r"^ *is (?!met\b|true\b)", None, 'a fact that is a value says its kind after its title: fact … "…" : percent', "`is` gives a value, and this fact has no kind",
          expected={"HOLDS_WHEN"}),
    Habit(r"^( *)(?:holds when(?: all of)?|(?:the )?(?:sum|total)(?: of)?|adds?(?: up to)?|items?|points)$", r"\1adds up"),
    Habit(r"^( *- )(?:if|when|where|for) (.+?),? *:? ([0-9][0-9.]* *[a-z_]*)$", r"\1\3 when \2", "write the points first: {meant}",
          "the condition stands before the points"),
    Habit(r"^( *- )((?!if\b|when\b)[a-z].*?) *[:=] *([0-9][0-9.]* *[a-z_]*)$", r"\1\3 when \2", "write the points first: {meant}",
          "the condition stands before the points"),
    Habit(rf"({_FIGURE}) (?:for (?:each|every)|per|each) (?!cent)(\w+?)s?$", r"\1 times (the number of \2s)", "write `{meant}`, with the name of the records"),
    Habit(rf"(?<=[0-9a-z_%]),? (?:if|for|where|whenever|provided(?: that)?)(?= {_NAME})", " when"),
    Habit(r"(?<=[0-9a-z_%]), when(?= )", " when", "leave out the comma: `when`"),
    Habit(r"when (?:all|any|none) of$", None, "name the list as a fact of its own, and write `when … holds`",
          "an item of a score has one condition, on its line", expected={"IS"}),
    Habit(r"^( *)(?=[0-9][0-9.]* *[a-z_]* when\b)", r"\1- ", "begin the item with a hyphen and a space: -", "a hyphen is missing"),
    Habit(r"^( *)over (\w+?)s$", r"\1over every \2", "for everybody write `{meant}`; for a group, `over {2}s with …`",
          "the line does not say over whom"),
    Habit(r"\bis (?:the )?(?:share|percentage|proportion|fraction)(?: of \w+)? (?:for which|where|that|which|with|who)\b", "is the share for which"),
    Habit(r"\bis (?:the )?(?:number|count)(?: of \w+)? (?:for which|where|that|which|with|who)\b", "is the number for which"),
    Habit(r"\bis (?:the )?rank(?: of| on| in)?\b(?! by)", "is the rank by"),
    Habit(r"\bis (?:the )?percentile(?: of| on| in)?\b(?! by)", "is the percentile by"),
    Habit(r",? *(?:ascending|lowest to highest|smallest first|in ascending order)$", ", lowest first"),
    Habit(r",? *(?:descending|highest to lowest|largest first|biggest first|in descending order)$", ", highest first"),
    Habit(r"^ *is the rank by [^,]*$", r"\g<0>, lowest first", "say from which end: `, lowest first`, or `, highest first`",
          "the line does not say from which end places are counted", "SI202"),
    Habit(r"^ *is the (?:share|number|rank|percentile|mean|sum|lowest|highest)\b.*? (where\b.*)$", None,
          "give it a line of its own: `{1}`", "`where` stands in the line of what the figure is", expected={"_NL"}),
)  # fmt: skip

# ---- exceptions

_EXCEPTIONS: Final = (
    Habit(r"^( *)(?:unless|except(?: if| where| for| in)?|exceptions?:?|save (?:where|when|if)|but not (?:when|where|if)|not (?:when|where|if))"
          r":?(?= (?!when\b))", r"\1except when"),
    Habit(r"^( *)(?:reason|rationale|why|since|as):? *(?=\")", r"\1because "),
    Habit(r"^( *because) ([^\"]+)$", r'\1 "\2"', "put the reason in straight quotation marks: {meant}", "quotation marks are missing"),
    Habit(r"^ *except when .*?(,? *because\b.*)$", None, 'write it on the next line, two spaces in: because "…"',
          "the reason stands in the line of the exception", expected={"AND", "_NL"}),
)  # fmt: skip

# ---- tables and matrices

_WHICH: Final = (
    (r"(?:the )?(?:first|top)(?: (?:row|match|matching(?: row)?|one|that matches|row matches|match counts|row that match))*", "the first row that matches"),
    (r"(?:exactly |only )?(?:one|a single|unique)(?: rows?)?(?: (?:matches|match|that matches))?", "exactly one row matches"),
    (r"(?:all|any|each|every)(?: of)?(?: the)?(?: matching)?(?: rows?)?(?: (?:matches|match|that match|that matches|which match|count))?", "every row that matches"),
    (r"(?:the )?(?:highest|maximum|max|largest|best)(?: of)?(?: the)?(?: (?:rows?|values?))?(?: (?:that )?match(?:es)?)?", "the highest of the rows that match"),
    (r"(?:the )?(?:lowest|minimum|min|smallest)(?: of)?(?: the)?(?: (?:rows?|values?))?(?: (?:that )?match(?:es)?)?", "the lowest of the rows that match"),
    (r"(?:the )?(?:sum|total)(?: of)?(?: the)?(?: (?:rows?|values?))?(?: (?:that )?match(?:es)?)?|rows add up", "the sum of the rows that match"),
    (r"(?:the )?(?:number|count)(?: of)?(?: the)?(?: rows?)?(?: (?:that )?match(?:es)?)?", "the number of rows that match"),
    (r"(?:the )?(?:most serious|worst)(?: of)?(?: the)?(?: (?:rows?|values?))?(?: (?:that )?match(?:es)?)?", "the most serious of the rows that match"),
)  # fmt: skip
_CELL: Final = r"(?<=[|,]) *"
_CELLS: Final = (
    (r"(?:is )?(?:<=|≤|=<)", "at most"), (r"(?:is )?(?:>=|≥|=>)", "at least"), (r"(?:is )?<", "under"), (r"(?:is )?>", "more than"),
)  # fmt: skip
_TABLES: Final = (
    *(Habit(rf"^( *)(?:hit policy:? *)?(?:{written})$", rf"\1{meant}") for written, meant in _WHICH),
    Habit(r"^( *)(?:returns?|outputs?|yields|result|outcome|produces|give)\b:?(?= )", r"\1gives"),
    Habit(r"^ *gives \w+, .*", None, "write a line `gives` for each", "one line `gives` declares one column", expected={"_COLON"}),
    Habit(r"^ *gives\b.*", None, "leave it out: a matrix gives one value, of the kind in its first line", "a matrix has no line `gives`",
          expected={"DOWN"}),
    Habit(r"^ *gives\b.*", None, "write it above the head of the table: its rows come last", "`gives` stands under the rows",
          expected={"_BAR"}),
    Habit(r"^ *(?:exactly one row|the first row|the most serious|the lowest|the highest|every row).*", None,
          "leave it out: of a matrix one row and one column count", "a matrix does not say which row counts", expected={"DOWN"}),
    Habit(r"^( *)(?:rows?(?: are)?|vertical(?:ly)?|side|down the side)\b:?(?= )", r"\1down"),
    Habit(r"^( *)(?:columns?(?: are)?|horizontal(?:ly)?|top|across the top)\b:?(?= )", r"\1across"),
    Habit(r"^ *\|[-:| ]*-[-:| ]*$", "", "leave it out: the rows follow the head", "a line of hyphens stands between the rows"),
    Habit(r"^ *(?:otherwise|else|default|any other)\b.*", None, "write a last row whose cells before `||` are empty",
          "`{0}` is no row", expected={"_BAR"}),
    Habit(r"^( *\|[^|]*)\|(?!\|)(?=[^|]*\|)", r"\1||", "write `||` after the first cell of a row", "`||` is missing after the first cell"),
    Habit(rf"{_CELL}(?:[-*?–—]+|n/?a)(?= *\|)", " ", _EMPTY, "`{0}` is no cell"),
    *(Habit(rf"{_CELL}{written} *", f" {meant} ", message="`{0}` is not a word of the language", code="SI206")
      for written, meant in _CELLS),
    Habit(rf"{_CELL}(?:is )?between ({_FIGURE}) and ({_FIGURE})", r" from \1 to \2"),
    Habit(rf"{_CELL}({_FIGURE}) ?(?:to|-|–) ?({_FIGURE})", r" from \1 to \2"),
    Habit(rf"{_CELL}({_FIGURE}) (?:or|and) (?:more|over|above|higher|greater|better)", r" at least \1"),
    Habit(rf"{_CELL}({_FIGURE}) (?:or|and) (?:less|under|below|lower|fewer|worse)", r" at most \1"),
    *(Habit(rf"{_CELL}(?:is )?(?:{written})(?= [0-9])", f" {meant}") for written, meant in (
        ("below|less than|lower than|beneath|fewer than", "under"), ("above|over|greater than|higher than", "more than"),
        ("up to|no more than|not more than|maximum|max", "at most"), ("from|no less than|not less than|minimum|min", "at least"),
    )),
    Habit(rf"{_CELL}is (?=\w)", " ", "leave out `is`: the head says what is asked", "`{0}` stands in a cell"),
    Habit(rf"{_CELL}not \w+(?= *[|,])", None, "name the values that are meant, with commas between them",
          "`{0}` would silently admit every other value", "SI211", {"_BAR", "_BARS"}),
    Habit(rf"{_CELL}\"([^\"|]*)\"(?= *[|,])", lambda m: " " + re.sub(r"\W+", "_", m[1].strip().lower()),
          "write the value without quotation marks: `{meant}`"),
    Habit(r"(?<=[\w%]) or (?!better\b|worse\b)(?=[^|]*\|)", ", ", "write a comma between the values of a cell", "`or` stands in a cell"),
    Habit(r"\| *\|$", None, "say in every cell what is given", "a cell after `||` is empty", "SI216", {"NUMBER"}),
    Habit(r"^ *\|.*, *$", None, "write all of the row on one line", "the row goes on in the next line", expected={"NAME"}),
    Habit(r"^ *\|.*[^|\s] *$", r"\g<0> |", "end the row with a bar: |", "the row has no bar at its end"),
    Habit(r"^( *)(?=[^|\s-][^|]*\|)", r"\1| ", "begin the row with a bar: |", "the row has no bar at its beginning"),
)  # fmt: skip

# ---- other policies

_USES: Final = (
    Habit(r'^( *uses) "([^"]*)"', r"\1 \2", "leave out the quotation marks: {meant}"),
    Habit(r"^( *)(?:imports?|includes?|requires?|extends|depends on|refers to|use)\b:?(?= )", r"\1uses"),
    Habit(r"^ *uses [\w.]+(?: *,| +and\b).*$", None, "write a line `uses` for each", "one line `uses` names one policy", expected={"_NL"}),
    Habit(r"^( *uses [\w.]+) *[0-9].*$", r"\1", "leave its edition out: that in force on the day of the decision counts",
          "`uses` names an edition"),
    Habit(r"^( *uses) ([\w/-]+(?:\.policy)?)$", lambda m: f"{m[1]} {m[2].removesuffix('.policy').replace('/', '.')}",
          "write the id of the policy, with dots: {meant}"),
    Habit(r"^uses\b.*", None, "set it in by two spaces, under the line `policy …`", "`uses` stands outside the header",
          expected={"FACT"}),
)  # fmt: skip

OF_TABLES: Final = _TABLES
OF_VALUES: Final = (*_TERMS, *_LINES, *_EXCEPTIONS, *_USES)
