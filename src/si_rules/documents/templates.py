"""Templates of letters: a small part of Jinja, so that a template can show and choose, and do nothing else.

A template has `{{ … }}`, `{% if … %}`, `{% for … %}`, `{% include "…" %}` and comments, the filters and tests named
here, and no calls, assignments or arithmetic. So whatever a template and the names in the evidence hold, a letter is
made in time that grows with the decision, and nothing of it is carried out. Every value is escaped as it is printed.
"""

import datetime
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from si_rules.decisions.telling import day_text
from si_rules.documents.escaping import in_html, in_markdown
from si_rules.evidence.extras import ExtraMissing
from si_rules.library.letters import LettersUnusable
from si_rules.semantics.kinds import words
from si_rules.source.nearest import nearest

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS: Final = (
    "capitalize", "day", "first", "join", "last", "length", "lower", "map", "rejectattr", "selectattr", "upper", "words",
)  # fmt: skip
TESTS: Final = ("eq", "equalto", "in", "ne", "none")
DEEPEST_LOOP: Final = 3
DEEPEST_NESTING: Final = 30
LONGEST_LETTER: Final = 1_000_000
_PARTS: Final = frozenset({
    "And", "Compare", "CondExpr", "Const", "Filter", "For", "Getattr", "If", "Include", "Keyword", "Name", "Not",
    "Operand", "Or", "Output", "Template", "TemplateData", "Test", "Tuple", "List",
})  # fmt: skip
_INSTEAD: Final = {
    "Call": "a call", "Macro": "a macro", "CallBlock": "a call", "Assign": "`set`", "AssignBlock": "`set`",
    "Import": "`import`", "FromImport": "`import`", "Extends": "`extends`", "Block": "`block`",
    "FilterBlock": "`filter`", "With": "`with`", "Getitem": "`[…]`", "Slice": "`[…]`", "Concat": "`~`",
    "ScopedEvalContextModifier": "`autoescape`",
}  # fmt: skip


class Templates:
    """The templates of a folder, of one form: `md` or `html`. Checked when made.

    Raises `LettersUnusable` for a template that is wrong, `ExtraMissing` where Jinja2 is not installed.
    """

    def __init__(self, sources: Mapping[str, str], form: str, names: frozenset[str]) -> None:
        if find_spec("jinja2") is None:
            raise ExtraMissing("a letter", "letters")
        self._sources = {name: text for name, text in sources.items() if name.endswith(f".{form}.jinja")}
        self._environment = _environment(self._sources, in_markdown if form == "md" else in_html)
        for name in self._sources:
            _Check(self._environment, self._sources, names).template(name)

    def __contains__(self, name: str) -> bool:
        return name in self._sources

    def fill(self, name: str, values: Mapping[str, Any]) -> str:
        """A template with its values. Raises `LettersUnusable`, with the line, for what it names and there is not."""
        from jinja2 import TemplateError

        parts: list[str] = []
        length = 0
        try:
            for part in self._environment.get_template(name).generate(dict(values)):
                parts.append(part)
                length += len(part)
                if length > LONGEST_LETTER:
                    raise LettersUnusable(f"{name}: the letter grows beyond {LONGEST_LETTER:,} characters")
        except (TemplateError, _NoText, TypeError, AttributeError) as error:
            raise LettersUnusable(f"{self._place(error, name)}: {error}") from None
        return "".join(parts)

    def _place(self, error: BaseException, name: str) -> str:
        """The file and line of a template that an error came from: the innermost one of its traceback."""
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in self._sources]
        return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else name


# ---- what is printed


class _NoText(ValueError):
    """What is not a text, a number or a day cannot be printed; the message says what to write instead."""


def _printer(escape: Callable[[str], str]) -> Callable[[Any], Any]:
    from jinja2 import Undefined
    from markupsafe import Markup

    def printed(value: Any) -> Any:
        if isinstance(value, Markup | Undefined):
            return value  # written already; or not there, which it says itself
        return Markup(escape(_text(value)))

    return printed


def _text(value: Any) -> str:
    """A value as a letter prints it. Raises `_NoText` for what is none."""
    match value:
        case str():
            return value
        case bool() | None:
            raise _NoText(f"{'nothing' if value is None else value} would be printed here; ask for it with `if`")
        case int():
            return str(value)
        case datetime.date():
            return day_text(value)
        case _ if callable(value):
            raise _NoText("a method is named here; there are filters instead, as in {{ subject.name | upper }}")
        case _:
            raise _NoText(f"{_described(value)} would be printed here; name a part of it, or go through it with `for`")


def _joined(values: Iterable[Any], between: str = ", ") -> str:
    """Several texts in one."""
    return between.join(map(_text, values))


# Those of Jinja that are left out would take anything for a text.
_OWN_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "capitalize": lambda value: _text(value)[:1].upper() + _text(value)[1:],
    "day": day_text,
    "join": _joined,
    "lower": lambda value: _text(value).lower(),
    "upper": lambda value: _text(value).upper(),
    "words": lambda value: words(_text(value)),
}


def _described(value: Any) -> str:
    return "a list" if isinstance(value, tuple | list | Iterator) else "something with parts"


def _environment(sources: Mapping[str, str], escape: Callable[[str], str]) -> "ImmutableSandboxedEnvironment":
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Strict(StrictUndefined):
        """A name that is not there: refused with the nearest that is."""

        @property
        def _undefined_message(self) -> str:
            if self._undefined_hint:
                return str(self._undefined_hint)
            name = str(self._undefined_name)
            known = [n for n in dir(self._undefined_obj) if not n.startswith("_")]
            found = nearest(name, known) if isinstance(self._undefined_name, str) else None
            hint = f"; did you mean `{found}`?" if found else ""
            return f"there is no `{name}` here{hint}"

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: (sources[name], name, lambda: True) if name in sources else None),
        undefined=Strict,
        autoescape=True,
        finalize=_printer(escape),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=200,
    )
    environment.filters = {name: _OWN_FILTERS.get(name) or environment.filters[name] for name in FILTERS}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    environment.globals = {}
    return environment


# ---- what a template may hold


class _Check:
    """Holds a template, and those it includes, to the part of Jinja that letters have."""

    def __init__(
        self, environment: "ImmutableSandboxedEnvironment", sources: Mapping[str, str], names: frozenset[str]
    ) -> None:
        self._environment = environment
        self._sources = sources
        self._names = names
        self._open: list[str] = []

    def template(self, name: str) -> int:
        """Check a template; how many loops in loops it has."""
        from jinja2 import TemplateSyntaxError

        if name in self._open:
            raise LettersUnusable(f"{name}: includes itself, by way of {' and '.join(self._open)}")
        try:
            tree = self._environment.parse(self._sources[name], name, name)
        except TemplateSyntaxError as error:
            raise LettersUnusable(f"{name}, line {error.lineno}: {_plain(str(error.message))}") from None
        except RecursionError:
            raise LettersUnusable(f"{name}: brackets or blocks stand too deep in each other") from None
        self._open.append(name)
        loops = self._deepest(tree, name, 0)
        self._open.pop()
        self._check_names(tree, name)
        return loops

    def _deepest(self, node: "nodes.Node", name: str, depth: int, line: int = 1) -> int:
        """Check a node and all under it; how many loops stand in each other."""
        line = node.lineno or line  # what Jinja puts in by itself has none
        self._check_node(node, name, depth, line)
        inside = max((self._deepest(child, name, depth + 1, line) for child in node.iter_child_nodes()), default=0)
        if type(node).__name__ == "Include":
            inside = self.template(self._included(node, name))
        loops = inside + (type(node).__name__ == "For")
        if loops > DEEPEST_LOOP:
            raise LettersUnusable(f"{name}, line {line}: more than {DEEPEST_LOOP} loops stand in each other")
        return loops

    def _check_node(self, node: Any, name: str, depth: int, line: int) -> None:
        place, kind = f"{name}, line {line}", type(node).__name__
        if kind not in _PARTS:
            written = _INSTEAD.get(kind, "this operation")
            raise LettersUnusable(
                f"{place}: {written} is not for letters; they have {{{{ … }}}}, if, for, include and filters"
            )
        if depth > DEEPEST_NESTING:
            raise LettersUnusable(f"{place}: things stand more than {DEEPEST_NESTING} deep in each other")
        if kind == "For" and node.recursive:
            raise LettersUnusable(f"{place}: a recursive loop is not for letters")
        for sort, known in (("Filter", FILTERS), ("Test", TESTS)):
            if kind == sort and node.name not in known:
                raise LettersUnusable(f"{place}: there is no {sort.lower()} `{node.name}`; there is {', '.join(known)}")
        if kind == "Filter" and node.name == "map" and (node.args or [k.key for k in node.kwargs] != ["attribute"]):
            raise LettersUnusable(f'{place}: map takes a part of each, as in map(attribute="title")')
        if kind == "Filter" and (node.dyn_args is not None or node.dyn_kwargs is not None):
            raise LettersUnusable(f"{place}: a filter takes its words as they are written, without stars")

    def _included(self, node: Any, name: str) -> str:
        place = f"{name}, line {node.lineno}"
        wanted = getattr(node.template, "value", None)
        if not isinstance(wanted, str) or node.ignore_missing:
            raise LettersUnusable(f'{place}: include takes one name in quotation marks, as in include "foot.md.jinja"')
        if wanted not in self._sources:
            found = nearest(wanted, self._sources)
            hint = f"; did you mean `{found}`?" if found else ""
            raise LettersUnusable(f"{place}: there is no template `{wanted}` of this form in the folder{hint}")
        return wanted

    def _check_names(self, tree: "nodes.Template", name: str) -> None:
        """Every name that is not one of a loop is one that letters have."""
        from jinja2 import nodes
        from jinja2.meta import find_undeclared_variables

        bound = {"loop"} if any(tree.find_all(nodes.For)) else set()
        unknown = find_undeclared_variables(tree) - self._names - bound
        if not unknown or name.startswith("_"):
            return  # a part of others knows their loops; what it names beyond is told when a letter is made
        first = min((n for n in tree.find_all(nodes.Name) if n.name in unknown), key=lambda n: n.lineno)
        found = nearest(first.name, self._names)
        hint = f"; did you mean `{found}`?" if found else f"; there is {', '.join(sorted(self._names))}"
        raise LettersUnusable(f"{name}, line {first.lineno}: there is no `{first.name}`{hint}")


def _plain(message: str) -> str:
    """What Jinja says of a mistake of form, as part of a sentence."""
    text = re.sub(r"\s+", " ", message).strip().rstrip(".")
    return f"{text[:1].lower()}{text[1:]}"
