"""Policies of shapes that nobody tuned for, made by programs: a wide table, many triggers, a deep cohort."""
