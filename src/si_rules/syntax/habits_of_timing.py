"""What people write from habit of how often, and until when, something is to be done, and of how old evidence may be."""

import re
from typing import Final

from si_rules.syntax.habit import Habit

_MONTHS: Final = {
    "January": "31", "February": "28", "March": "31", "April": "30", "May": "31", "June": "30", "July": "31",
    "August": "31", "September": "30", "October": "31", "November": "30", "December": "31",
}  # fmt: skip
_NAMES: Final = tuple(_MONTHS)
_MONTH: Final = rf"({'|'.join(_NAMES)}|(?i:{'|'.join(name[:3] for name in _NAMES)}|sept)\.?)\b"
_LENGTH: Final = r"[0-9]+ (?:working |school |half |academic )?[a-z]+"


def _month(text: str) -> str:
    return next(name for name in _NAMES if name.lower().startswith(text[:3].lower()))


def _last_of(match: re.Match[str]) -> str:
    """The last day of a month."""
    name = _month(match[2])
    return f"{match[1]} {_MONTHS[name]} {name}"


OF_TIMING: Final = (
    Habit(r",? *\bwithin an? (?=[a-z])", ", within 1 "),
    Habit(rf"(, within {_LENGTH}),? (?:of|from|following|since)(?= [a-z])", r"\1 after", "write `after` before the occasion"),
    Habit(rf"(, within {_LENGTH}), after\b", r"\1 after", "leave out the comma before `after`"),
    Habit(rf"(, at least {_LENGTH}) (?:prior to|ahead of|in advance of)(?= [a-z])", r"\1 before"),
    Habit(rf"(, by|, before|, after) (?:the )?end of (?:the )?{_MONTH}", _last_of, "name the day: `{meant}`"),
    Habit(rf"(, by|, before|, after) (?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}", lambda m: f"{m[1]} {m[2]} {_month(m[3])}"),
    Habit(rf"(, by|, before|, after) {_MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?\b", lambda m: f"{m[1]} {m[3]} {_month(m[2])}"),
    Habit(r"(, by|, before|, after) ([0-9]{1,2})/([0-9]{1,2})\b(?!/)", lambda m: f"{m[1]} {m[2]} {_NAMES[(int(m[3]) - 1) % 12]}"),
    Habit(r",? *\b(?:no later than|not later than|on or before|until|up to)\b", ", by"),
    Habit(r",? *\b(?:prior to|ahead of)\b", ", before"),
    Habit(r",? *\b(?:following|as soon as|once)\b(?! an?\b| every\b| possible)", ", after"),
    Habit(r",? *\b(?:in|during|by|over) (?:the )?(autumn|spring|summer)(?: term)?\b", r", in the \1 term"),
    Habit(r",? *\b(?:every fortnight|fortnightly)\b", ", every 2 weeks"),
    Habit(r",? *\b(?:twice|thrice|[0-9]+ times) (?:an?|per|each|every) [a-z]+", None,
          "say how long lies between two: `, every 6 months`, or `, every term`", "how often is said otherwise",
          expected={"_NL", "THEN_EVERY"}),
    Habit(r",? *\b(?:immediately|at once|without delay|as soon as possible|promptly|urgently)\b.*$", None,
          "give a length of time: `, within 5 days`; or declare an occasion for it", "`{0}` is no time that can be held to",
          expected={"_NL", "THEN_WITHIN"}),
    Habit(r"^ *(?:accepted for|breaks in) .*?(,? *(?:cites|interpretation)\b.*)$", None,
          "write it on the next line, two spaces in", "what is cited stands in the same line", expected={"_NL"}),
    Habit(r"^( *)(?:valid for|valid|accepted within|accepted up to|expires after|lasts)\b(?= [0-9])", r"\1accepted for"),
)  # fmt: skip
