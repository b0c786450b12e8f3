"""Folders of dumps to one table: what is read, kept, rejected, in which order, in how much memory."""

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.forum import ColumnNames, IngestCounts, data_files, read_comments
from sg_assets.store.fingerprints import source_digest

NAMES = ColumnNames(text=("text", "body"), source=("source", "forum"), split=("split",))


class Ingested:
    """A folder to fill, and what reading it gave."""

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

    @property
    def comments(self) -> pl.DataFrame:
        return pl.read_parquet(self.out)

    @property
    def rejects(self) -> list[tuple[str, int, str]]:
        return pl.read_parquet(self.rejected).rows()


@pytest.fixture
def ingested(tmp_path: Path) -> Ingested:
    return Ingested(tmp_path)


def _lines(*texts: str | None) -> str:
    return "".join(json.dumps({"body": text}) + "\n" for text in texts)


def test_every_format_and_compression_in_one_folder(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines("one"))
    ingested.write("b.ndjson.gz", gzip.compress(_lines("two").encode()))
    ingested.write("sub/c.jsonl.zst", pa.compress(_lines("three").encode(), codec="zstd", asbytes=True))
    ingested.write("d.csv", "id,text\n1,four\n")
    ingested.write("e.csv.gz", gzip.compress(b"text\nfive\n"))
    ingested.write("f.csv.zst", pa.compress(b"text\nsix\n", codec="zstd", asbytes=True))
    pl.DataFrame({"TEXT": ["seven"]}).write_parquet(ingested.folder / "g.parquet")

    counts = ingested.read()

    assert counts == IngestCounts(files=7, rows=7, kept=7, empty=0, duplicate=0, masked=0)
    assert dict(ingested.comments.select("text", "source").rows()) == {
        "one": "a.jsonl",
        "two": "b.ndjson.gz",
        "three": "sub/c.jsonl.zst",
        "four": "d.csv",
        "five": "e.csv.gz",
        "six": "f.csv.zst",
        "seven": "g.parquet",
    }


def test_a_single_file_is_read(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines("one"))
    read_comments(ingested.folder / "a.jsonl", NAMES, ingested.out, ingested.rejected)
    assert ingested.comments["source"].to_list() == ["a.jsonl"]


def test_the_table_has_its_columns_and_is_ordered_by_id(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines(*(f"text {number}" for number in range(50))))
    ingested.read()
    assert ingested.comments.columns == ["text_id", "text", "source", "given_split"]
    ids = ingested.comments["text_id"].to_list()
    assert ids == sorted(ids)


def test_the_id_is_the_hash_of_the_normalised_text(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines("  cafe\u0301 lah "))
    ingested.read()
    assert ingested.comments["text_id"][0] == hashlib.sha256("café lah".encode()).hexdigest()[:16]


def test_empty_and_duplicate_texts_are_rejected_with_their_place(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines("one", " \u200b ", None, "two"))
    ingested.write("b.csv", "text,n\ntwo,1\n one ,2\nthree,3\n")

    counts = ingested.read()

    assert ingested.rejects == [
        ("a.jsonl", 2, "empty"),
        ("a.jsonl", 3, "empty"),
        ("b.csv", 2, "duplicate"),
        ("b.csv", 3, "duplicate"),
    ]
    assert counts == IngestCounts(files=2, rows=7, kept=3, empty=2, duplicate=2, masked=0)


def test_rejected_rows_hold_no_text_unless_asked(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines("call 91234567", "call 91234567"))
    ingested.read()
    assert pl.read_parquet_schema(ingested.rejected) == {"file": pl.String, "row": pl.Int64, "reason": pl.String}
    ingested.read(keep_rejected_texts=True)
    assert pl.read_parquet(ingested.rejected).rows() == [("a.jsonl", 2, "duplicate", "call <PHONE>")]


def test_of_equal_texts_the_first_by_file_name_and_row_stays(ingested: Ingested) -> None:
    ingested.write("b.jsonl", _lines("same"))
    ingested.write("a.jsonl", _lines("other", "same"))
    ingested.read()
    assert dict(ingested.comments.select("text", "source").rows())["same"] == "a.jsonl"


def test_personal_data_are_masked_in_text_and_source(ingested: Ingested) -> None:
    line = json.dumps({"text": "I am S1234567D, call 91234567", "source": "u/someone"})
    ingested.write("a.jsonl", line + "\n")
    assert ingested.read().masked == 1
    assert ingested.comments["text"][0] == "I am <NRIC>, call <PHONE>"
    assert ingested.comments["source"][0] == "<HANDLE>"


def test_masking_can_be_switched_off(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines("call 91234567"))
    assert ingested.read(mask_personal_data=False).masked == 0
    assert ingested.comments["text"][0] == "call 91234567"


def test_given_sources_and_splits_are_kept(ingested: Ingested) -> None:
    ingested.write("a.csv", "text,forum,split\none,edmw,Train\ntwo,,\n")
    ingested.read()
    assert sorted(ingested.comments.select("text", "source", "given_split").rows()) == [
        ("one", "edmw", "train"),
        ("two", "a.csv", None),
    ]


def test_the_first_accepted_name_a_file_has_wins(ingested: Ingested) -> None:
    ingested.write("a.csv", "body,selftext\nno,yes\n")
    ingested.read(ColumnNames(text=("SelfText", "body")))
    assert ingested.comments["text"].to_list() == ["yes"]


def test_quoted_csv_texts_keep_newlines_commas_and_quotes(ingested: Ingested) -> None:
    ingested.write("a.csv", 'text,n\n"one, ""two""\nthree",1\n')
    ingested.read()
    assert ingested.comments["text"].to_list() == ['one, "two"\nthree']


def test_byte_order_marks_are_no_part_of_a_name(ingested: Ingested) -> None:
    ingested.write("a.csv", b"\xef\xbb\xbftext\none\n")
    ingested.write("b.jsonl", b"\xef\xbb\xbf" + _lines("two").encode())
    ingested.read()
    assert sorted(ingested.comments["text"]) == ["one", "two"]


def test_hidden_files_and_readmes_are_passed_over(ingested: Ingested) -> None:
    for name in (".DS_Store", "README.md", "LICENSE"):
        ingested.write(name, "x")
    ingested.write("a.jsonl", _lines("one"))
    assert ingested.read().files == 1


def test_reading_twice_gives_the_same_bytes(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines(*(f"text {number % 700}" for number in range(2000))))
    ingested.read()
    first = ingested.out.read_bytes(), ingested.rejected.read_bytes()
    ingested.read()
    assert (ingested.out.read_bytes(), ingested.rejected.read_bytes()) == first


def test_nothing_but_the_two_files_is_left_behind(ingested: Ingested) -> None:
    ingested.write("a.jsonl", _lines("one"))
    ingested.read()
    left = {path.name for path in ingested.out.parent.iterdir()}
    assert left == {"dumps", "comments.parquet", "rejects.parquet"}


def test_rows_count_on_over_the_blocks_of_a_large_file(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sg_assets.ingest.files.BLOCK", 64)
    ingested.write("a.jsonl", _lines(*(f"text {number}" for number in range(30)), "text 3"))
    ingested.read()
    assert ingested.rejects == [("a.jsonl", 31, "duplicate")]


def test_the_digest_names_sizes_and_hashes_the_files(ingested: Ingested) -> None:
    ingested.write("b.csv", "text\n")
    ingested.write("a/x.jsonl", "{}")
    digest = source_digest((file.name, file.path) for file in data_files(ingested.folder))
    assert [(one["name"], one["bytes"]) for one in digest] == [("a/x.jsonl", 2), ("b.csv", 5)]
    assert digest[0]["sha256"] == hashlib.sha256(b"{}").hexdigest()


def test_no_column_for_the_text_says_what_was_found_and_what_mends_it(ingested: Ingested) -> None:
    ingested.write("a.csv", "id,msg\n1,x\n")
    with pytest.raises(SgAssetsError) as caught:
        ingested.read(ColumnNames(text=("text", "body")))
    for part in ("a.csv", "id, msg", "text, body", "raw.columns.text"):
        assert part in str(caught.value)


GOOD = _lines("one", "two").encode()
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
    name, data, told = MALFORMED[case]
    ingested.write(name, data)

    with pytest.raises(SgAssetsError) as caught:
        ingested.read()

    assert told in str(caught.value)
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
    lines = [_lines(f"text {number}") for number in range(1000)]
    lines[776] = "{broken\n"
    ingested.write("a.jsonl", "".join(lines))
    with pytest.raises(SgAssetsError, match="row 777"):
        ingested.read()


def test_a_text_column_of_numbers_is_refused(ingested: Ingested) -> None:
    pl.DataFrame({"text": [1, 2]}).write_parquet(ingested.folder / "a.parquet")
    with pytest.raises(SgAssetsError, match="holds int64, not text"):
        ingested.read()


def test_a_missing_or_empty_folder_says_so(ingested: Ingested, tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="no data file"):
        ingested.read()
    with pytest.raises(SgAssetsError, match="no such file or folder"):
        read_comments(tmp_path / "nowhere", NAMES, ingested.out, ingested.rejected)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_folder(ingested: Ingested) -> None:
    line = json.dumps({"body": "word " * 60})[:-2]
    ingested.write("a.jsonl", "".join(f'{line} {number}"}}\n' for number in range(400_000)))  # 125 MB
    program = (
        "import re, sys; from pathlib import Path; from sg_assets.ingest import forum\n"
        "from sg_assets.ingest.forum import *; forum._MEMORY, forum._THREADS = '200MB', 1\n"
        "paths = [Path(one) for one in sys.argv[1:]]\n"
        # Not getrusage: its peak is inherited from the process that started this one.
        "peak = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "before = peak(); read_comments(paths[0], ColumnNames(text=['body']), *paths[1:])\n"
        "print((peak() - before) // 1024)"
    )
    command = [sys.executable, "-c", program, str(ingested.folder), str(ingested.out), str(ingested.rejected)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 450, "before it DuckDB draws its progress, where it is slow"
