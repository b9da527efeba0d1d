"""A template with its values and the notice that it is a draft, as one text: no template can leave the notice out."""

import re
from collections.abc import Mapping
from typing import Final

from si_rules.documents import as_html, as_markdown
from si_rules.documents.blocks import Block
from si_rules.documents.templates import Templates

_MORE_BLANK: Final = re.compile(r"\n(?:[ \t]*\n){2,}")


def filled(templates: Templates, name: str, form: str, title: str, notice: tuple[Block, ...],
           values: Mapping[str, object], style: str | None) -> str:  # fmt: skip
    """The text of the template `NAME.FORM.jinja` under its notice. Raises `LettersUnusable` as `Templates.fill` does."""
    body = templates.fill(f"{name}.{form}.jinja", values).strip("\n")
    if form == "md":
        even = _MORE_BLANK.sub("\n\n", body)  # so that a template need not count its blank lines
        return f"{as_markdown.markdown(notice)}\n---\n\n{even}\n"
    opening = as_html.opening(title, style or as_html.STYLE)
    return f"{opening}{as_html.html(notice)}<main>\n{body}\n</main>\n{as_html.CLOSING}"
