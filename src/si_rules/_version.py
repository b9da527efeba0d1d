"""The version of the library; the language has its own (`si_rules.semantics.language`)."""

__version__ = "0.1.0"
