"""Seeded folders of raw files: every dialect, order of keys, null, compression, line end, and at most one fault."""

import csv
import gzip
import io
import json
import random
from collections.abc import Callable
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

WORDS = (
    *("lah", "kopi", "shiok", "吃饭", "😀", "é", "e\u0301", "சரி", "it's", "123", "-1.5", "true", "null", "NaN"),
    *('say "hi"', '5"', '"', '""', "a,b", "c;d", "e|f", "\t", "\\", "\\n", "\n", "{}", "[1]", "[", "{", "\u3000"),
)
TEXT_KEYS = ("text", "body", "selftext", "Text", "BODY")
SIDES = ("train", "dev", "holdout", "Train", " dev ", "")
BROKEN = (b"\xe9", b"\xff\xfe", b"\xc0\x80", b"\xe4\xbd")
Rows = list[dict[str, Any]]


def folder_of(seed: int) -> dict[str, bytes]:
    """The files of a folder, by name."""
    chance = random.Random(seed)
    count = chance.choice((1, 1, 2, 3))
    faulty = chance.randrange(count) if chance.random() < 0.4 else -1
    makers = (_json_file, _json_file, _csv_file, _csv_file, _parquet_file)
    files = (chance.choice(makers)(chance, f"{number}", faulty=number == faulty) for number in range(count))
    return dict(files)


def _text(chance: random.Random) -> str | None:
    if chance.random() < 0.15:
        return chance.choice((None, "", " ", "[removed]", "[deleted]", "same", "same", "7"))
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 4)))


def _rows(chance: random.Random, keys: list[str]) -> Rows:
    """Rows in which each accepted key is there, null or missing as it comes; the first may have little."""
    size = chance.choice((1, 2, 5, 20, 60, 300, 700))
    late = chance.randrange(size)
    rows: Rows = []
    for number in range(size):
        row: dict[str, Any] = {"id": number, "score": 1.5}
        for key in keys:
            if chance.random() < 0.6 or number == late:
                row[key] = _text(chance)
        if number >= late:
            row["side"] = chance.choice(SIDES)
            row["forum"] = chance.choice(("edmw", "", "sub reddit", None))
        pairs = list(row.items())
        chance.shuffle(pairs)
        rows.append(dict(pairs))
    return rows


def _keys(chance: random.Random) -> list[str]:
    """One to three names for the text, no two of them equal in other letters."""
    names = chance.sample(TEXT_KEYS, chance.randint(1, 3))
    return list({name.lower(): name for name in names}.values())


def _compressed(chance: random.Random, name: str, data: bytes) -> tuple[str, bytes]:
    kind = chance.choice(("", "", ".gz", ".zst"))
    if kind == ".gz":
        data = gzip.compress(data, 1)
    elif kind == ".zst":
        data = pa.compress(data, codec="zstd", asbytes=True)
    return chance.choice((name + kind, (name + kind).upper() if not kind else name + kind)), data


JSON_FAULTS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    lambda chance, line: line[:-1],
    lambda chance, line: line + line,
    lambda chance, line: b"[" + line + b"]",
    lambda chance, line: chance.choice((b"null", b"3", b'"x"', b"nothing")),
    lambda chance, line: b'{"text": "a ' + chance.choice(BROKEN) + b' b"}',
    lambda chance, line: b'{"text": "a", "text": ' + chance.choice((b"null", b'"b"')) + b"}",
    lambda chance, line: b'{"Body": "a", "x": 1, "body": "b"}',
    lambda chance, line: b'{"text": ' + chance.choice((b"1", b"true", b'["a"]', b'{"a": 1}', b"1e5", b"[]")) + b"}",
    lambda chance, line: b'{"text": "a", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    lambda chance, line: b'{"text": NaN}',
    lambda chance, line: b'{"text": "a", "side": "test"}',
    lambda chance, line: b'{"text": "a\tb\x01"}',
)


def _json_file(chance: random.Random, name: str, *, faulty: bool) -> tuple[str, bytes]:
    ascii_only, spaces = chance.random() < 0.5, chance.choice(((",", ":"), (", ", ": "), (" ,  ", " : ")))
    lines = [
        json.dumps(row, ensure_ascii=ascii_only, separators=spaces).encode() for row in _rows(chance, _keys(chance))
    ]
    for _ in range(chance.randint(0, 2)):  # what is odd, and right
        odd = chance.choice(
            (rb'{"text": "half \ud83d a"}', rb'{"te\u0078t": "escaped key"}', b'{"x": {"text": 1}, "body": "nested"}',
             b'{"text": null, "body": "later"}', b'{"forum": 123456789012345678901, "text": "numbered"}',
             b'{"text": "big", "x": 1' + b"0" * 400 + b"}", rb'{"text": "\ud83d\ude00 \\u0041"}')
        )  # fmt: skip
        lines.insert(chance.randint(0, len(lines)), odd)
    if faulty:
        lines.insert(chance.randint(0, len(lines)), chance.choice(JSON_FAULTS)(chance, lines[0]))
    end = chance.choice((b"\n", b"\r\n", b"\n\n", b" \n\t\n"))
    data = chance.choice((b"", b"\xef\xbb\xbf")) + end.join(lines) + chance.choice((b"", end))
    return _compressed(chance, f"{name}.jsonl", data)


def _csv_file(chance: random.Random, name: str, *, faulty: bool) -> tuple[str, bytes]:
    keys, delimiter = _keys(chance), chance.choice(",,;\t|")
    end = chance.choice(("\n", "\r\n", "\r"))
    columns = [*keys, "id", "side", "forum"]
    chance.shuffle(columns)
    quoting: Literal[0, 1, 2] = chance.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC))
    rows = [dict(zip(columns, columns, strict=True)), *_rows(chance, keys)]
    records = [_record([row.get(column) for column in columns], delimiter, quoting) for row in rows]
    plain = delimiter.join("lah" if column in keys else "" for column in columns)
    for letters in chance.sample(('lah 5" tv', "it's", 'la "lah" ', 'lah""', "\\lah"), chance.randint(0, 2)):
        records.insert(chance.randint(1, len(records)), plain.replace("lah", letters))
    data = [record.encode() for record in records]
    if faulty:
        bad = chance.choice(_csv_faults(chance, plain.encode(), delimiter.encode()))
        data.insert(chance.randint(1, len(data)), bad)
    ends = end.encode() * chance.choice((1, 1, 2))
    joined = chance.choice((b"", b"\xef\xbb\xbf")) + ends.join(data) + chance.choice((b"", end.encode()))
    return _compressed(chance, f"{name}.csv", joined)


def _record(values: list[Any], delimiter: str, quoting: Literal[0, 1, 2]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=quoting).writerow(values)
    return written.getvalue().removesuffix("\r\n")


def _csv_faults(chance: random.Random, plain: bytes, delimiter: bytes) -> list[bytes]:
    return [
        plain.replace(b"lah", b'"lah" lor', 1),
        plain.replace(b"lah", b'"lah \\"lor\\""', 1),
        plain.replace(b"lah", b'"lah "lor" leh"', 1),
        plain.replace(b"lah", b'"lah', 1),
        plain.replace(b"lah", b"lah " + chance.choice(BROKEN), 1),
        plain + delimiter + b"more",
        plain.replace(delimiter, b"", 1) + b".",
    ]


def _parquet_file(chance: random.Random, name: str, *, faulty: bool) -> tuple[str, bytes]:
    rows = _rows(chance, _keys(chance))
    columns = list(dict.fromkeys(key for row in rows for key in row))
    arrays = {column: _array(chance, [row.get(column) for row in rows]) for column in columns}
    if faulty:
        column = chance.choice([column for column in columns if column not in ("id", "score")])
        texts = [str(text or "").encode() for text in arrays[column].to_pylist()]
        texts[chance.randrange(len(texts))] += chance.choice(BROKEN)
        binary = pa.array(texts, pa.binary())
        arrays[column] = pa.Array.from_buffers(pa.string(), len(binary), binary.buffers())
    written = io.BytesIO()
    pq.write_table(
        pa.table(arrays), written, row_group_size=chance.choice((7, 100, 100_000)),
        compression=chance.choice(("none", "snappy", "zstd")), use_dictionary=chance.random() < 0.5,
    )  # fmt: skip
    return f"{name}.parquet", written.getvalue()


def _array(chance: random.Random, values: list[Any]) -> pa.Array:
    if not all(value is None or isinstance(value, str) for value in values):
        return pa.array(values)
    array = pa.array(values, chance.choice((pa.string(), pa.large_string(), pa.string_view())))
    return array.dictionary_encode() if chance.random() < 0.2 and array.type == pa.string() else array
