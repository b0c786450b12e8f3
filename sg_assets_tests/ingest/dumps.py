"""A folder of comment files for tests, and the tables that reading it gives."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from sg_assets.ingest.files import data_files
from sg_assets.ingest.forum import ColumnNames, IngestCounts, read_comments
from sg_assets.ingest.readers import read

NAMES = ColumnNames(text=("text", "body"), source=("source", "forum"), split=("split",))


class Ingested:
    """A folder to fill with files, and the tables of comments and rejected rows."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "dumps"
        self.folder.mkdir()
        self.out, self.rejected = root / "comments.parquet", root / "rejects.parquet"

    def write(self, name: str, data: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    def read(self, columns: ColumnNames | None = None, **options: Any) -> IngestCounts:
        return read_comments(self.folder, columns or NAMES, self.out, self.rejected, **options)

    def fields(self, columns: ColumnNames | None = None) -> pl.DataFrame:
        """What the readers alone make of the folder's files."""
        frames = [frame for file in data_files(self.folder) for frame in read(file, columns or NAMES)]
        return pl.concat(frames)

    @property
    def comments(self) -> pl.DataFrame:
        return pl.read_parquet(self.out)

    @property
    def rejects(self) -> list[tuple[str, int, str]]:
        return pl.read_parquet(self.rejected).rows()


def json_lines(*texts: str | None) -> str:
    return "".join(json.dumps({"body": text}) + "\n" for text in texts)
