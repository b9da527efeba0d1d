"""`si-rules explain`: what a code means, why it matters, and how it is mended."""

import textwrap

import click

from si_rules import shipped
from si_rules.interfaces.cli.exits import WRONG_USAGE, stop
from si_rules.source.meanings import FAMILIES, Meaning, near_codes, read_meaning

_WIDTH = 88


@click.command()
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Say what a code means, why it matters, and how it is mended.

    CODE is the code of a finding, such as SI501; without it, all codes are listed.
    """
    files = {path.stem: path for path in sorted(shipped.codes_folder().glob("SI*.md"))}
    meanings = {name: read_meaning(name, path.read_text(encoding="utf-8")) for name, path in files.items()}
    if code is None:
        click.echo(_listed(list(meanings.values())))
        return
    wanted = code.strip().upper()
    found = meanings.get(wanted) or meanings.get(f"SI{wanted}")
    if found is None:
        near = near_codes(code, list(meanings))
        hint = f"; did you mean {' or '.join(near)}?" if near else "; without a code, all are listed"
        stop(WRONG_USAGE, f"there is no code {code!r}{hint}")
    click.echo(_told(found))


def _listed(meanings: list[Meaning]) -> str:
    lines: list[str] = []
    for digit, family in FAMILIES.items():
        lines += ["", family] if lines else [family]
        lines += [f"  {item.code}  {item.title}" for item in meanings if item.code[2] == digit]
    return "\n".join(lines)


def _told(meaning: Meaning) -> str:
    parts = [f"{meaning.code}: {meaning.title}", _wrapped(meaning.means), _wrapped(f"Why it matters. {meaning.why}")]
    if meaning.no_example:
        parts.append(_wrapped(meaning.no_example))
    else:
        parts += [f"Wrong:\n\n{_set_in(meaning.wrong)}", f"Right:\n\n{_set_in(meaning.right)}"]
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), _WIDTH, break_long_words=False, break_on_hyphens=False)


def _set_in(snippet: str) -> str:
    return textwrap.indent(snippet.rstrip("\n"), "    ")
