"""Blocks by indentation: line ends become line ends plus the opening and closing of blocks."""

from collections.abc import Iterator

from lark import Token
from lark.exceptions import UnexpectedInput


class IndentationMistake(UnexpectedInput):
    """A line set back to a column where no block stands; `token` is the line end before it."""

    def __init__(self, token: Token, depth: int, open_depths: tuple[int, ...]) -> None:
        super().__init__(f"no block stands {depth} spaces in")
        self.token = token
        self.depth = depth
        self.open_depths = open_depths


class BlockLayout:
    """Lark's postlex hook: a deeper line opens a block, a shallower one closes those it leaves.

    Holds no state between texts; any depth deeper than the block around it is accepted.
    """

    always_accept = ("_NL",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens of one declaration with `_INDENT` and `_DEDENT` put in."""
        depths = [0]
        token = None
        for token in stream:
            if token.type != "_NL":
                yield token
                continue
            yield token
            depth = len(token) - token.rindex("\n") - 1
            if depth > depths[-1]:
                depths.append(depth)
                yield Token.new_borrow_pos("_INDENT", "", token)
            elif depth < depths[-1]:
                known = tuple(depths)
                while depth < depths[-1]:
                    depths.pop()
                    yield Token.new_borrow_pos("_DEDENT", "", token)
                if depth != depths[-1]:
                    raise IndentationMistake(token, depth, known)
        while len(depths) > 1:
            depths.pop()
            yield Token.new_borrow_pos("_DEDENT", "", token) if token is not None else Token("_DEDENT", "")
