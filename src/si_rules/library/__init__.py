"""Policies on disk: editions and their files, in force on a date, digests, and the kept core of what was loaded."""
