"""Raw files that cannot be read in one way alone."""

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.forum import read_comments
from sg_assets.ingest.toxigen import read_prompts
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of

NAMES = ColumnNames(text=("text", "body"), source=("source",), split=("split",), author=("author",))
Make = Callable[[Path], None]


def _refused(name: str, make: Make, *says: str) -> BadInput:
    """The case of a file that ``make`` writes."""

    def act(folder: Path, _: pytest.MonkeyPatch) -> str:
        dumps = folder / "dumps"
        dumps.mkdir()
        make(dumps / name)
        error = error_of(lambda: read_comments(dumps, NAMES, folder / "out.parquet", folder / "rejects.parquet"))
        assert [path.name for path in folder.iterdir()] == ["dumps"]
        return error

    return BadInput(f"{name}: {says[0]}", act, (name, *says))


def _file(name: str, data: str | bytes, *says: str) -> BadInput:
    content = data.encode() if isinstance(data, str) else data
    return _refused(name, lambda path: _written(path, content), *says)


def _written(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _parquet(*columns: tuple[str, pa.Array]) -> bytes:
    written = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([array for _, array in columns], [name for name, _ in columns]), written)
    return written.getvalue()


def _not_utf8() -> pa.Array:
    binary = pa.array([b"one", b"caf\xe9 two"], pa.binary())
    return pa.Array.from_buffers(pa.string(), 2, binary.buffers())


def _pipe_of_prompts(folder: Path, _: pytest.MonkeyPatch) -> str:
    os.mkfifo(folder / "hate_women_1k.txt")
    return error_of(lambda: read_prompts(folder))


def _unprintable(path: Path) -> None:
    Path(os.fsdecode(os.fsencode(path) + b"\xe9\x1b[2J.csv")).write_text("text\none\n")


DEEP = '{"text": "a", "x": ' + "[" * 100_000 + "]" * 100_000 + "}\n"
CASES = [
    _file("late.jsonl", '{"text": "a"}\n' * 300 + '{"text": "b", "split": "test"}\n', "row 301", "not a split"),
    _file("number.jsonl", '{"text": "a"}\n{"text": 5}\n', "row 2", "the text is a number", "name another column"),
    _file("list.jsonl", '{"text": ["a", "b"]}\n', "row 1", "the text is a list", "raw.columns.join_text_parts: true"),
    _file("object.jsonl", '{"text": {"a": "b"}}\n', "row 1", "the text is an object", "another column"),
    _file("bool.jsonl", '{"body": true}\n', "row 1", "true or false", "another column"),
    _file("twice.jsonl", '{"text": "a", "text": "b"}\n', "row 1", "the key 'text' is in this object twice", "Repair"),
    _file("deep.jsonl", '{"text": "a"}\n' + DEEP, "row 2", "nested too deep", "Repair or remove the file"),
    _file("array.json", "[]", "cannot be read", "jq -c '.[]'"),
    _file("nokey.jsonl", '{"msg": "a"}\n' * 200, "no column has an accepted name", "msg", "raw.columns.text"),
    _file("zeros.jsonl", b"\0" * 1000, "row 1", "not one JSON object"),
    _file("list_of.jsonl", '[{"text": "a"},\n{"text": "b"}]\n', "row 1", "not one JSON object", "jq -c '.[]'"),
    _file("pretty.jsonl", '{\n  "text": "a"\n}\n', "row 1", "not one JSON object", "jq -c ."),
    _file("cut.jsonl", '{"text": "a"}\n{"text": "b', "row 2", "not one JSON object", "repair"),
    _file("inch.csv", 'n,text\n1,one\n2,"two\n3,tv 55"\n4,four\n', "row 3", "whole rows", "rows_in_texts: true"),
    _file("inner.csv", 'text,n\n"one,1\ntwo,2\n5",3\nlast,4\n', "row 2", "whole rows", "Close its quote"),
    _file("wide_be.csv", "n,text\n1,a\n".encode("utf-16-be"), "row 1", "UTF-16BE", "iconv -f UTF-16BE"),
    _file("wider.jsonl", '{"text": "a"}\n'.encode("utf-32"), "row 1", "UTF-32", "iconv -f UTF-32"),
    _file("ragged.csv", b"n,text\n1,caf\xe9,b\n", "row 2", "3 fields, the header has 2", "Repair"),
    _file("gbk.csv", "n,text\n1,今天\n".encode("gbk"), "row 2", "not UTF-8", "iconv -f GBK"),
    _file("squeezed.csv", b"\x1f\x8b\x08\0\0\0\0\0", "row 1", "compressed by gzip", "Add .gz"),
    _file("book.csv", b"PK\x03\x04\x14\0", "row 1", "Excel workbook", "save the sheet as CSV"),
    _file("book.xlsx", b"PK\x03\x04", "cannot be read", "Save the sheet as CSV"),
    _file("dump.tar.gz", b"\x1f\x8b", "cannot be read", "Decompress it. Unpack it."),
    _file("dump.csv.bz2", b"BZh", "cannot be read", "bunzip2"),
    _file("swallowed.csv", 'n,text\n1,"one\n2,two\n3,5" pipe\n', "row 2", "a quote inside a quoted text"),
    _file("spoken.csv", 'text\n"walao" he said\n', "row 2", "a quote inside a quoted text", 'as ""'),
    _file("open.csv", 'text\na\n"b\nc\n', "row 3", "never closed", 'as ""'),
    _file("slashes.csv", 'text\n"a \\"b\\" c"\n', "row 2", "raw.csv: {escape: backslash}"),
    _file("ragged.csv", "text,n\na,1\nb,2,3\n", "row 3", "3 fields, the header has 2"),
    _file("double.csv", "text,Text\na,b\n", "two columns have the name text", "Rename or remove one"),
    _file("either.csv", "text,a;text\n1,2;3\n", "row 1", "the delimiter may be any of", "raw.csv: {delimiter: ...}"),
    _file("latin.csv", "text\ncafé\n".encode("latin-1"), "row 2", "not UTF-8"),
    _file("wide.csv", "text\nwide\n".encode("utf-16"), "UTF-16", "iconv"),
    _file("bytes.parquet", _parquet(("text", _not_utf8())), "row 2", "not UTF-8"),
    _file("same.parquet", _parquet(("text", pa.array(["a"])), ("text", pa.array(["b"]))), "two columns have the name"),
    _file("numbers.parquet", _parquet(("text", pa.array([1]))), "column text holds int64", "another column"),
    _file("parts.parquet", _parquet(("text", pa.array([["a"]]))), "column text holds list", "join_text_parts: true"),
    _file("RC_2023.zst", b"x", "cannot be read", "RC_2023.jsonl.zst"),
    _file("cut.jsonl.gz", gzip.compress(b'{"text": "a"}\n' * 999)[:-9], "truncated or damaged", "Fetch"),
    _file("none.csv", "", "the file is empty", "Fetch it again"),
    _refused("gone.jsonl", lambda path: path.symlink_to("/nowhere"), "a link to nothing", "Remove it"),
    _refused("endless.jsonl", lambda path: path.symlink_to("/dev/zero"), "a device", "Remove it"),
    _refused("pipe.csv", os.mkfifo, "a named pipe", "Remove it"),
    _refused("name", _unprintable, "not printable UTF-8", "\\xe9\\x1b[2J.csv", "Rename"),
    BadInput("a pipe of prompts", _pipe_of_prompts, ("hate_women_1k.txt", "a named pipe", "Remove it")),
]
