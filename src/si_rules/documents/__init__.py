"""What is made from decisions for people: tables, pages, letters, the summary for a board, the folder of a run."""
