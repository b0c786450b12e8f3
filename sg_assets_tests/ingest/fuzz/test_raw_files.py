"""Seeded folders of raw files against a plain reader: what is kept, what is dropped and why, what is refused where."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.forum import read_comments
from sg_assets_tests.ingest.fuzz.plain_reader import FIELDS, PlainFaultError, PlainTables, read_plainly
from sg_assets_tests.ingest.fuzz.raw_files import folder_of

NAMES = ColumnNames(**FIELDS)
FOLDERS = 20
"""Folders a test: about 35 files."""


def compared(folder: Path, seed: int) -> bool:
    """Whether the folder is refused; fails where the two readers differ."""
    files = folder_of(seed)
    (folder / "in").mkdir(parents=True)
    for name, data in files.items():
        (folder / "in" / name).write_bytes(data)
    result, expected = _read(folder), _read_plainly(files)
    if isinstance(expected, PlainFaultError):
        where = f"/{expected.name}" if expected.row is None else f"/{expected.name}, row {expected.row}: "
        assert isinstance(result, str), (seed, str(expected))
        assert where in result.lower(), (seed, result, str(expected))
        return True
    assert result == expected, seed
    return False


def _read_plainly(files: dict[str, bytes]) -> PlainTables | PlainFaultError:
    try:
        return read_plainly({name.lower(): data for name, data in files.items()})
    except PlainFaultError as fault:
        return fault


def _read(folder: Path) -> PlainTables | str:
    out, rejects = folder / "out.parquet", folder / "rejects.parquet"
    try:
        counts = read_comments(folder / "in", NAMES, out, rejects)
    except SgAssetsError as error:
        return str(error)
    comments, rejected = pl.read_parquet(out), pl.read_parquet(rejects)
    assert counts.rows == comments.height + rejected.height
    assert counts.kept == comments.height
    sources = comments["source"].str.to_lowercase()
    kept = dict(zip(comments["text"], zip(sources, comments["given_split"], strict=True), strict=True))
    return PlainTables(kept, rejected.with_columns(pl.col("file").str.to_lowercase()).rows())


def test_a_few_folders_are_read_as_a_plain_reader_reads_them(tmp_path: Path) -> None:
    for seed in range(6):
        compared(tmp_path / str(seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1000, 1120, FOLDERS))
def test_folders_are_read_as_a_plain_reader_reads_them(tmp_path: Path, start: int) -> None:
    refused = sum(compared(tmp_path / str(seed), seed) for seed in range(start, start + FOLDERS))
    assert 0 < refused < FOLDERS


@pytest.mark.soak
@pytest.mark.parametrize("start", range(10_000, 11_200, FOLDERS))
def test_thousands_of_files_are_read_as_a_plain_reader_reads_them(tmp_path: Path, start: int) -> None:
    for seed in range(start, start + FOLDERS):
        compared(tmp_path / str(seed), seed)
