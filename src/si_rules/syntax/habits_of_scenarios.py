"""What people write from habit in scenarios: words of other test languages, and of the rules themselves."""

from typing import Final

from si_rules.syntax.habit import Habit

_NAME: Final = r"[a-z][\w.]*"
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MODALITY: Final = r"(?:must|will|may|should|is likely to|is expected to|is a candidate for)"

OF_SCENARIOS: Final = (
    Habit(r"^(?:test|example|it|describe)\b(?= \")", "scenario"),
    Habit(r"^(scenario) ([^\"]+)$", r'\1 "\2"', "put the name in straight quotation marks: {meant}", "quotation marks are missing"),
    Habit(r"^( *)(?:when|where|having|assume|evidence|inputs?)$", r"\1given"),
    Habit(r"^( *)(?:then|assert|outputs?|results?|should|we expect)$", r"\1expect"),
    Habit(r"^( *)(?:events?|what happened|happened|timeline)$", r"\1history"),
    Habit(rf"^( *)({_NAME})(?: of| on|,)? ({_DAY})(?= |,|$)", r"\1\3 \2", "write the day first: {meant}",
          "in a history the day of an event comes first"),
    Habit(rf"^( *{_DAY})(?:,|:| on|:? -)+ (?=[a-z])", r"\1 ", "the event follows its day: {meant}"),
    Habit(r"\b(with|and) (\w+)(?: is|:| =|=) ?(?=\w)", r"\1 \2 ", "leave out what stands between: {meant}"),
    Habit(rf"(?<!,) recorded(?: on)? (?={_DAY})", ", recorded ", message="a comma is missing before `recorded`"),
    Habit(rf", (?:recorded on|known from|known on) (?={_DAY})", ", recorded "),
    Habit(r"\bhas not (?:yet )?(?:begun|started)$", "is not entered"),
    Habit(r"\bis in(?: state)? (?=[a-z])", "is "),
    Habit(r"\bis unavailable\b", "is not available"),
    Habit(r"\bis (?:overdue|missed|broken)\b", "is breached"),
    Habit(r"\bis (?:done|fulfilled)\b", "is met"),
    Habit(r"\bis due (?:by|until|on) (?=[0-9])", "is open until "),
    Habit(r", because (?=[a-z])(?!of\b)", ", because of "),
    Habit(r"\bis judged (?=\w)", "is "),
    Habit(rf"^( *)({_NAME}) is (\S+) on ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})$", r"\1\2 of \4 is \3",
          "write the day after its name: {meant}", "the day of a record stands after its name"),
    Habit(rf"^ *(?:latest |previous |judgement )?{_NAME} is .*?(,? and (?:latest |previous |judgement )?{_NAME} is .*)$", None,
          "write each on a line of its own", "one line gives or expects one thing", expected={"_NL"}),
    Habit(rf"^( *)({_NAME}) is ([0-9][0-9.]*%?(?: [a-z_]+)*)$", r"\1the value of \2 is \3", "write: {meant}",
          "a value is expected otherwise than an outcome"),
    Habit(r"^( *)value of\b", r"\1the value of"),
    Habit(r"the value of ([\w.]+) is (?:at least|at most|under|more than|between|over|above|below)\b.*$", None,
          "name the value itself; for a limit, expect a fact that compares it", "a scenario expects one value", expected={"_NL"}),
    Habit(r"(the value of [\w.]+ is undetermined),.*$", r"\1", "end the line there: {meant}",
          "of a value it is not said what is possible"),
    Habit(rf"^( *)({_NAME})(?= (?:holds|does not hold)$)", r"\1fact \2", "say what it is: `fact {2}`, `trigger {2}` or `clause {2}`",
          "`{2}` may be the name of several things"),
    Habit(r"^ *[a-z]\w* is not (\w+)$", None, "say what is expected in its place: a class, `is unmatched`, `is undetermined`",
          "`is not {1}` expects nothing", expected={"_NL"}),
    Habit(r"\bis class (?=\w)", "is "),
    Habit(r"\bis (\w+) or (\w+)$", r"is undetermined, between \1 and \2"),
    Habit(r"(?<!,) because (?:clause )?(?=\w)", ", because ", message="a comma is missing before `because`"),
    Habit(rf"^( *)(\w+ {_MODALITY}) not (\w+)$", r"\1it does not follow that \2 \3", "write: {meant}",
          "what does not follow is expected otherwise"),
    Habit(rf"^( *)(\w+ {_MODALITY} \w+)$", r"\1it follows that \2", "write: {meant}", "what follows is expected otherwise"),
    Habit(r"\bit follows (?!that\b)", "it follows that "),
    Habit(rf"^ *[a-z]\w* needs {_NAME}.*?(?:,| and ).*$", None, "write a line `needs` for each", "one line `needs` names one thing",
          expected={"_NL", "IN", "OF"}),
)  # fmt: skip
