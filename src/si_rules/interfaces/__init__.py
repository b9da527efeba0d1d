"""Where people and other programs meet the library."""
