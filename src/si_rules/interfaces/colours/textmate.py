"""What `grammar/editor/` holds: the TextMate grammar, and how an editor treats brackets, comments and indentation."""

import json
from typing import Any

from si_rules.interfaces.colours.openings import Openings, openings
from si_rules.interfaces.colours.rules import Block, Role, Rule, rules

SCOPE = "source.si-rules"
SCOPES = {
    Role.COMMENT: "comment.line.number-sign",
    Role.QUOTATION: "string.quoted.double",
    Role.LEGEND: "string.quoted.double.legend",
    Role.DECLARATION: "storage.type.declaration",
    Role.DECLARED: "entity.name.type",
    Role.LABEL: "entity.name.label",
    Role.PROPERTY: "keyword.other.property",
    Role.KIND: "support.type.kind",
    Role.CONDITION: "keyword.operator.word",
    Role.MODALITY: "keyword.control.modality",
    Role.DATE: "constant.numeric.date",
    Role.YEAR: "constant.numeric.year",
    Role.PERCENTAGE: "constant.numeric.percentage",
    Role.NUMBER: "constant.numeric",
    Role.UNIT: "keyword.other.unit",
    Role.REFERENCE: "constant.other.reference",
    Role.NAME: "variable.other",
    Role.PUNCTUATION: "punctuation.separator",
}  # space and what is not of the language have none


def files() -> dict[str, str]:
    """The files that are made from the grammar, by name, with what they hold."""
    made = {"si-rules.tmLanguage.json": grammar(), "language-configuration.json": configuration(openings())}
    return {name: json.dumps(document, indent=2, ensure_ascii=False) + "\n" for name, document in made.items()}


def grammar() -> dict[str, Any]:
    """The TextMate grammar of policies, vocabularies and scenarios."""
    return {
        "comment": "Made by docs/generate_editor.py from grammar/terminals.lark.",
        "name": "si-rules policy",
        "scopeName": SCOPE,
        "fileTypes": ["policy", "vocabulary", "scenarios", "calendar"],
        "patterns": [_pattern(rule) for rule in rules()],
    }


def configuration(opening: Openings) -> dict[str, Any]:
    """Comments, brackets, quotations, and which lines are followed by an indented one, in the form of VS Code.

    Lines are indented as they are entered and never laid out anew: in this language indentation has a meaning.
    """
    lines = [f"(?:{'|'.join(opening.unindented)})(?: .*)?"] if opening.unindented else []
    lines += [f" +(?:{'|'.join(opening.indented)})(?: .*)?"] if opening.indented else []
    lines += [f"(?:[^#]*[ ,])?(?:{'|'.join(opening.at_the_end)})"] if opening.at_the_end else []
    return {
        "comments": {"lineComment": "#"},
        "brackets": [["(", ")"]],
        "autoClosingPairs": [
            {"open": "(", "close": ")", "notIn": ["string", "comment"]},
            {"open": '"', "close": '"', "notIn": ["string", "comment"]},
        ],
        "surroundingPairs": [["(", ")"], ['"', '"']],
        "wordPattern": "[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*",
        "folding": {"offSide": True},
        "onEnterRules": [
            {"beforeText": f"^(?:{'|'.join(lines)}) *(?:#.*)?$", "action": {"indent": "indent"}},
        ],
    }


def _pattern(rule: Rule | Block) -> dict[str, Any]:
    """A rule in the form of TextMate."""
    if isinstance(rule, Rule):
        return {"match": rule.pattern, "captures": _captures(rule.roles)}
    made: dict[str, Any] = {"begin": rule.begin, "end": rule.end}
    if rule.roles:
        made["beginCaptures"] = _captures(rule.roles)
    if rule.role is not None:
        made["name"] = _scope(rule.role)
    if rule.inside:
        made["patterns"] = [_pattern(inner) for inner in rule.inside]
    return made


def _captures(roles: tuple[Role, ...]) -> dict[str, dict[str, str]]:
    return {str(number): {"name": _scope(role)} for number, role in enumerate(roles, 1) if role in SCOPES}


def _scope(role: Role) -> str:
    return f"{SCOPES[role]}.si-rules"
