"""Readers of every format: texts, and errors that name file and row."""

import gzip

import polars as pl
import pyarrow as pa
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.forum import IngestCounts
from sg_assets_tests.ingest.dumps import Ingested, json_lines


def test_every_format_and_compression_in_one_folder(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("one"))
    ingested.write("b.ndjson.gz", gzip.compress(json_lines("two").encode()))
    ingested.write("sub/c.jsonl.zst", pa.compress(json_lines("three").encode(), codec="zstd", asbytes=True))
    ingested.write("d.csv", "id,text\n1,four\n")
    ingested.write("e.csv.gz", gzip.compress(b"text\nfive\n"))
    ingested.write("f.csv.zst", pa.compress(b"text\nsix\n", codec="zstd", asbytes=True))
    pl.DataFrame({"TEXT": ["seven"]}).write_parquet(ingested.folder / "g.parquet")

    counts = ingested.read()

    assert counts == IngestCounts(files=7, rows=7, kept=7, empty=0, duplicate=0, removed=0, bot=0, masked=0)
    assert dict(ingested.comments.select("text", "source").rows()) == {
        "one": "a.jsonl",
        "two": "b.ndjson.gz",
        "three": "sub/c.jsonl.zst",
        "four": "d.csv",
        "five": "e.csv.gz",
        "six": "f.csv.zst",
        "seven": "g.parquet",
    }


def test_byte_order_marks_are_no_part_of_a_name(ingested: Ingested) -> None:
    ingested.write("a.csv", b"\xef\xbb\xbftext\none\n")
    ingested.write("b.jsonl", b"\xef\xbb\xbf" + json_lines("two").encode())
    ingested.read()
    assert sorted(ingested.comments["text"]) == ["one", "two"]


GOOD = json_lines("one", "two").encode()


IDENTITY = "S1234567D"


MALFORMED = {
    "truncated gzip": ("a.jsonl.gz", gzip.compress(GOOD * 9)[:-12], "truncated"),
    "not gzip": ("a.jsonl.gz", GOOD, "gzip data cannot be read"),
    "truncated zstd": ("a.csv.zst", pa.compress(b"text\none\n" * 99, codec="zstd", asbytes=True)[:-3], "truncated"),
    "bad JSON line": ("a.jsonl", GOOD + b'{"body": "' + IDENTITY.encode(), "row 3: this line is not one JSON object"),
    "JSON array": ("a.jsonl", b'[{"body": "x"}]\n', "row 1: this line is not one JSON object"),
    "two objects a line": ("a.jsonl", GOOD + GOOD.replace(b"\n", b""), "row 3: this line is not one JSON object"),
    "JSON in Latin-1": ("a.jsonl", GOOD + '{"body": "é"}\n'.encode("latin-1"), "row 3: the text is not UTF-8"),
    "CSV in Latin-1": ("a.csv", f"text\none\né {IDENTITY}\n".encode("latin-1"), "row 3: the text is not UTF-8"),
    "UTF-16": ("a.csv", "text\none\n".encode("utf-16"), "UTF-16"),
    "JSON in UTF-16": ("a.jsonl", GOOD.decode().encode("utf-16"), "UTF-16"),
    "ragged CSV": (
        "a.csv",
        f"text,n\none,1\n{IDENTITY},2,3\n".encode(),
        "row 3: the row has 3 fields, the header has 2",
    ),
    "short CSV row": ("a.csv", b"text,n\none,1\n\ntwo\n", "the row has 1 fields, the header has 2"),
    "unclosed quote": ("a.csv", b'n,text\n1,one\n2,"two\n3,three\n', "a quote is opened and never closed"),
    "CSV without header": ("a.csv", b"\n", "no header"),
    "empty file": ("a.csv", b"", "the file is empty"),
    "not Parquet": ("a.parquet", b"text", "truncated or damaged"),
    "other kind": ("a.xlsx", b"x", "cannot be read"),
    "unknown split": ("a.csv", b"text,split\none,train\ntwo,test\n", "row 3: 'test' is not a split"),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_files_give_one_clear_error(ingested: Ingested, case: str) -> None:
    name, data, expected = MALFORMED[case]
    ingested.write(name, data)

    with pytest.raises(SgAssetsError) as caught:
        ingested.read()

    assert expected in str(caught.value)
    assert name in str(caught.value)
    assert IDENTITY not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("case", MALFORMED)
def test_nothing_is_written_when_a_file_is_malformed(ingested: Ingested, case: str) -> None:
    name, data, _ = MALFORMED[case]
    ingested.write("0.jsonl", GOOD)
    ingested.write(name, data)
    with pytest.raises(SgAssetsError):
        ingested.read()
    assert [path.name for path in ingested.out.parent.iterdir()] == ["dumps"]


def test_the_bad_line_is_found_deep_in_a_file(ingested: Ingested) -> None:
    lines = [json_lines(f"text {number}") for number in range(1000)]
    lines[776] = "{broken\n"
    ingested.write("a.jsonl", "".join(lines))
    with pytest.raises(SgAssetsError, match="row 777"):
        ingested.read()


def test_a_text_column_of_numbers_is_refused(ingested: Ingested) -> None:
    pl.DataFrame({"text": [1, 2]}).write_parquet(ingested.folder / "a.parquet")
    with pytest.raises(SgAssetsError, match="holds int64, not text"):
        ingested.read()
