"""A file whose bytes are not what its name says is named as what it is, with what mends it."""

import gzip

import pyarrow as pa
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.other_content import other_content
from sg_assets_tests.ingest.dumps import Ingested

ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
TEXTS = {"a.csv": 'n,text\n1,"今天, ok"\n', "a.jsonl": '{"text": "今天"}\n'}
FILES = {
    "zip": (b"PK\x03\x04\x14\x00", "ZIP archive or an Excel workbook"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1", "save the sheet as CSV"),
    "bz2": (b"BZh91AY&SY", "bunzip2"),
    "xz": (b"\xfd7zXZ\x00\x00", "unxz"),
    "parquet": (b"PAR1\x15\x04", "Rename it to .parquet"),
    "sqlite": (b"SQLite format 3\x00", "Export its table"),
    "pdf": (b"%PDF-1.7\n", "a PDF"),
    "gzip": (gzip.compress(b"text\none\n"), "Add .gz to its name"),
    "zstd": (pa.compress(b"text\none\n", codec="zstd", asbytes=True), "Add .zst to its name"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", TEXTS)
def test_wide_encodings_are_named_and_the_command_converts_them(ingested: Ingested, name: str, encoding: str) -> None:
    data = TEXTS[name].encode(encoding)
    ingested.write(name, data)
    with pytest.raises(SgAssetsError, match=rf"{name}, row 1: the file is UTF-(16|32)") as caught:
        ingested.fields()
    converted = str(caught.value).partition("iconv -f ")[2].partition(" ")[0]
    assert data.decode(converted) == TEXTS[name]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", TEXTS)
def test_other_kinds_of_files_are_named(ingested: Ingested, name: str, kind: str) -> None:
    data, remedy = FILES[kind]
    ingested.write(name, data)
    with pytest.raises(SgAssetsError, match=rf"{name}, row 1: .*not what its name says") as caught:
        ingested.fields()
    assert remedy.lower() in str(caught.value).lower()


@pytest.mark.parametrize("start", [b"text\na\0b", b"n", b"", b"\0\0\0\0", "今天\n".encode(), b"\xef\xbb\xbftext"])
def test_text_is_no_other_content(start: bytes) -> None:
    assert other_content(start) is None
