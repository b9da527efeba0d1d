"""Where a draft goes: to standard output, or to a file whose ending says in which form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from si_rules.documents.as_docx import docx_of
from si_rules.evidence.extras import ExtraMissing
from si_rules.interfaces.cli.exits import WRONG_USAGE, stop

_FORMS: Final = {".md": "md", ".html": "html", ".docx": "html"}


def form_of(to: Path | None, chosen: str) -> str:
    """The form of template that is wanted; ends the command for a file with another ending."""
    if to is None:
        return chosen
    if to.suffix not in _FORMS:
        stop(WRONG_USAGE, f"{to}: a draft is written to a file that ends in {', '.join(_FORMS)}")
    return _FORMS[to.suffix]


def write_draft(texts: Mapping[str, str], form: str, to: Path | None, title: str) -> None:
    """Write a draft; ends the command where the file is there already or cannot be written."""
    if to is None:
        click.echo(texts[form], nl=False)
        return
    try:
        data = docx_of(texts[form], title) if to.suffix == ".docx" else texts[form].encode("utf-8")
        with to.open("xb") as file:
            file.write(data)
    except ExtraMissing as error:
        stop(WRONG_USAGE, str(error))
    except FileExistsError:
        stop(WRONG_USAGE, f"{to} is there already; a draft replaces nothing")
    except OSError as error:
        stop(WRONG_USAGE, f"{to}: {(error.strerror or 'cannot be written').lower()}")
