"""The sheet of a file, by the ending of its name. What a format needs is loaded only where it is asked for."""

from si_rules.evidence.sheets.grid import Sheet


def open_sheet(suffix: str, data: bytes, wanted: str, may_be_short: bool = False) -> Sheet:
    """The sheet called `wanted`, or the only one, of a file `.csv`, `.tsv`, `.xlsx` or `.parquet`.

    With `may_be_short` a row of a CSV file may end early. Raises `SheetUnusable`, and `ExtraMissing` where the
    package that reads the format is not installed.
    """
    match suffix:
        case ".xlsx":
            from si_rules.evidence.sheets.excel_file import excel_sheet

            return excel_sheet(data, wanted)
        case ".parquet":
            from si_rules.evidence.sheets.parquet_file import parquet_sheet

            return parquet_sheet(data)
        case _:
            from si_rules.evidence.sheets.csv_file import csv_sheet

            return csv_sheet(data, may_be_short)
