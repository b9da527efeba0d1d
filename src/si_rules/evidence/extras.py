"""What is said where a package is not installed that only some formats need."""

from si_rules.source.extras import ExtraMissing as ExtraMissing
