"""Evidence as rows: CSV, Excel and Parquet files, headings against a model, rows to records and back."""
