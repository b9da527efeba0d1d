"""Packages that only some formats need, and what is said where one is not installed."""


class ExtraMissing(ImportError):
    """A package that reads or writes a format is not installed; the message says which extra brings it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra `{extra}`: pip install 'si-rules[{extra}]'")
