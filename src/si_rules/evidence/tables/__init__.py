"""Evidence from published tables: CSV files read as a map of their columns says, row by row, nothing guessed."""
