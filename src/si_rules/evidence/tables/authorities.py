"""The names of the authorities, where there is a table of them: so that a number can be told, and a name found."""

from pathlib import Path

from si_rules.evidence.tables.maps import AuthoritiesMap
from si_rules.evidence.tables.reading import TableUnusable, rows_of_file, shown
from si_rules.evidence.tables.schools import EVERY_AUTHORITY
from si_rules.source.nearest import nearest


def named(folder: Path, table: AuthoritiesMap | None, authority: str) -> tuple[str, str]:
    """An authority in words, `the authority 371, Doncaster`, and a hint for a number that the table does not have.

    Without a table, or with one that cannot be read, there is only the number.
    """
    if authority == EVERY_AUTHORITY:
        return "any authority", ""
    names: dict[str, str] = {}
    if table is not None and (folder / table.file).exists():
        try:
            for row in rows_of_file(folder / table.file, [table.number, table.name]):
                names[row.cells[table.number]] = row.cells[table.name]
        except TableUnusable:
            pass  # a name is told where there is one; nothing hangs on it
    if authority in names:
        return f"the authority {authority}, {shown(names[authority])}", ""
    numbers = {name.lower(): number for number, name in names.items()}
    meant = nearest(authority.lower(), numbers) if not authority.isdigit() else None
    if meant is None:
        return f"the authority {shown(authority)}", ""
    number = numbers[meant]
    return f"the authority {shown(authority)}", f"the number of {shown(names[number])} is {number}"
