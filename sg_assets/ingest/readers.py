"""Reads comment files of every accepted format in batches of bounded size, and says which row is malformed.

A batch is a polars frame ``row`` (1-based), ``text``, ``source``, ``split``, ``author``: raw strings or null. No error
here quotes a text, since texts are not masked yet; parser errors, which do, are not chained.
"""

from collections.abc import Iterator

import polars as pl

from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.csv_reader import read_csv
from sg_assets.ingest.files import DataFile
from sg_assets.ingest.json_reader import read_json
from sg_assets.ingest.parquet_reader import read_parquet


def read(file: DataFile, columns: ColumnNames) -> Iterator[pl.DataFrame]:
    """The file's rows in order, in batches.

    Raises:
        SgAssetsError: no text column, or the file is malformed; names file and row.
    """
    reader = {"json": read_json, "csv": read_csv, "parquet": read_parquet}[file.format]
    for frame, rows in reader(file, columns):
        yield frame.with_row_index("row", offset=rows + 1)
