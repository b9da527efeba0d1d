"""Decisions kept so that nobody can alter them unnoticed, and decided again years later."""
