"""The lexer for Pygments, which finds it by an entry point. Nothing of the library imports this module."""

from collections.abc import Iterator
from typing import ClassVar

from pygments.lexer import Lexer  # type: ignore[import-untyped]  # Pygments has no type hints
from pygments.token import (  # type: ignore[import-untyped]  # likewise
    Comment,
    Error,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
)

from si_rules.interfaces.colours.rules import Role
from si_rules.interfaces.colours.scanning import scan

TOKENS = {
    Role.COMMENT: Comment.Single,
    Role.QUOTATION: String.Double,
    Role.LEGEND: String.Doc,
    Role.DECLARATION: Keyword.Declaration,
    Role.DECLARED: Name.Class,
    Role.LABEL: Name.Label,
    Role.PROPERTY: Keyword,
    Role.KIND: Keyword.Type,
    Role.CONDITION: Operator.Word,
    Role.MODALITY: Name.Builtin,
    Role.DATE: Number,  # few styles have a colour for Literal.Date
    Role.YEAR: Number,
    Role.PERCENTAGE: Number.Float,
    Role.NUMBER: Number.Integer,
    Role.UNIT: Keyword.Type,
    Role.REFERENCE: Name.Constant,
    Role.NAME: Name,
    Role.PUNCTUATION: Punctuation,
    Role.SPACE: Whitespace,
    Role.STRAY: Error,
}


class PolicyLexer(Lexer):  # type: ignore[misc]  # its base has no type hints
    """Policies, vocabularies and scenarios. Letters that are not of the language are Error tokens."""

    name = "si-rules policy"
    aliases: ClassVar = ["si-rules", "policy"]
    filenames: ClassVar = ["*.policy", "*.vocabulary", "*.scenarios", "*.calendar"]
    mimetypes: ClassVar[list[str]] = []

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, object, str]]:
        """Every piece of the text: where it starts, its token, its letters."""
        for piece in scan(text):
            yield piece.start, TOKENS[piece.role], piece.text
