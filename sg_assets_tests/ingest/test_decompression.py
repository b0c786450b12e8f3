"""Decompression is bounded."""

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.decompression import Decompressed
from sg_assets_tests.ingest.dumps import Ingested


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("decompression", "parquet_reader"):
        monkeypatch.setattr(f"sg_assets.ingest.{module}.FREE", 1 << 16)
    monkeypatch.setattr("sg_assets.ingest.parquet_reader._FREE_ROWS", 1000)


def bomb(name: str, data: bytes) -> bytes:
    return gzip.compress(data) if name.endswith("gz") else pa.compress(data, codec="zstd", asbytes=True)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a.csv.gz", "a.csv.zst"])
@pytest.mark.parametrize("line", [b"\n", b'{"body": "x"}\n', b"x" * 100])
def test_a_bomb_is_refused(ingested: Ingested, name: str, line: bytes) -> None:
    ingested.write(name, bomb(name, b"body\n" * ("csv" in name) + line * ((4 << 20) // len(line))))
    with pytest.raises(SgAssetsError, match=rf"{name}: it expands to more than 200 times its size"):
        ingested.fields()


def test_a_parquet_file_that_says_so_is_refused(ingested: Ingested) -> None:
    written = io.BytesIO()
    pq.write_table(pa.table({"text": pa.nulls(3_000_000, pa.string())}), written)
    ingested.write("a.parquet", written.getvalue())
    with pytest.raises(SgAssetsError, match=r"a\.parquet: it expands"):
        ingested.fields()


def test_what_expands_as_texts_do_is_read(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1000
    (tmp_path / "a.gz").write_bytes(gzip.compress(data))
    with Decompressed(tmp_path / "a.gz", "gzip") as stream:
        assert stream.read(1 << 20) == data[: 1 << 20]
        assert stream.read(1) == b""


def test_a_file_that_is_not_compressed_has_any_size(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (1 << 17))
    with Decompressed(tmp_path / "a", None) as stream:
        assert len(stream.read(1 << 20)) == 1 << 17
