"""Plain text as it may stand in Markdown and in HTML: shown as it is, never carried out.

Names come from evidence, titles from policies, reasons from people; any of them may hold what Markdown or HTML would
take for itself. Line breaks become blanks, control characters and those that turn the direction of writing go.
"""

import html
import re
from typing import Final

_DROPPED: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANK: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_SIGNS: Final = re.compile(r"([\\`*_\[\]#])")
_LINK: Final = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp):|\b(www)\.")
_START: Final = re.compile(r"^(?:(\d{1,9})([.)])|([-+=]))(?=[-+=\s]|$)")
_AT_START: Final = {"-": "\\-", "+": "\\+", "=": "&#61;"}
# By number rather than with a backslash, which not every reader of Markdown takes before these.
_BY_NUMBER: Final = {ord(sign): f"&#{ord(sign)};" for sign in "|~@"} | {
    ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;",
}  # fmt: skip


def one_line(text: str) -> str:
    """The text on one line, without what cannot be seen."""
    return _BLANK.sub(" ", _DROPPED.sub("", text)).strip()


def in_markdown(text: str) -> str:
    """The text for Markdown, also for a cell of a table: no emphasis, link, picture, list, heading or HTML comes of it."""
    plain = _SIGNS.sub(r"\\\1", one_line(text).translate(_BY_NUMBER))
    plain = plain.replace("&\\#", "&#")  # of the numbers just written
    plain = _LINK.sub(lambda found: f"{found[1]}&#58;" if found[1] else f"{found[2]}&#46;", plain)
    return _START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else _AT_START[found[3]], plain)


def in_html(text: str) -> str:
    """The text for HTML, between tags or in an attribute in quotation marks."""
    return html.escape(one_line(text))
