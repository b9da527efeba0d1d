"""Writes the files of grammar/editor/ that are made from the grammar, in place.

    python docs/generate_editor.py            write them
    python docs/generate_editor.py --check    end with 1 where one of them is not current

What they hold is told in `si_rules.interfaces.colours`.
"""

import sys

from si_rules.interfaces.colours.textmate import files
from si_rules.shipped import grammar_folder


def main() -> int:
    """Write or check every file. The exit code is 1 where a check finds one that is not current."""
    code = 0
    for name, text in files().items():
        path = grammar_folder() / "editor" / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in sys.argv[1:]:
            print(f"grammar/editor/{name} is not current; run: python docs/generate_editor.py")
            code = 1
        else:
            path.write_text(text, encoding="utf-8", newline="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
