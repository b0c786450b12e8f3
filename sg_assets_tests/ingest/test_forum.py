"""Folders of dumps to one table: what is read, kept, rejected, in which order, in how much memory."""

import hashlib
import json
import subprocess
import sys

import polars as pl
import pytest

from sg_assets.ingest.forum import IngestCounts
from sg_assets.ingest.prepared_texts import Preparation
from sg_assets_tests.ingest.dumps import NAMES, Ingested, json_lines


def test_the_table_has_its_columns_and_is_ordered_by_id(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines(*(f"text {number}" for number in range(50))))
    ingested.read()
    assert ingested.comments.columns == ["text_id", "text", "source", "given_split"]
    ids = ingested.comments["text_id"].to_list()
    assert ids == sorted(ids)


def test_the_id_is_the_hash_of_the_normalised_text(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("  cafe\u0301 lah "))
    ingested.read()
    assert ingested.comments["text_id"][0] == hashlib.sha256("café lah".encode()).hexdigest()[:16]


def test_empty_and_duplicate_texts_are_rejected_with_their_place(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("one", " \u200b ", None, "two"))
    ingested.write("b.csv", "text,n\ntwo,1\n one ,2\nthree,3\n")

    counts = ingested.read()

    assert ingested.rejects == [
        ("a.jsonl", 2, "empty"),
        ("a.jsonl", 3, "empty"),
        ("b.csv", 2, "duplicate"),
        ("b.csv", 3, "duplicate"),
    ]
    assert counts == IngestCounts(files=2, rows=7, kept=3, empty=2, duplicate=2, removed=0, bot=0, masked=0)


def test_rejected_rows_hold_no_text_unless_asked(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("call 91234567", "call 91234567"))
    ingested.read()
    assert pl.read_parquet_schema(ingested.rejected) == {"file": pl.String, "row": pl.Int64, "reason": pl.String}
    ingested.read(keep_rejected_texts=True)
    assert pl.read_parquet(ingested.rejected).rows() == [("a.jsonl", 2, "duplicate", "call <PHONE>")]


def test_of_equal_texts_the_first_by_file_name_and_row_stays(ingested: Ingested) -> None:
    ingested.write("b.jsonl", json_lines("same"))
    ingested.write("a.jsonl", json_lines("other", "same"))
    ingested.read()
    assert dict(ingested.comments.select("text", "source").rows())["same"] == "a.jsonl"


def test_a_text_with_two_sides_is_on_the_later_one(ingested: Ingested) -> None:
    rows = [("same", "train"), ("same", ""), ("same", "holdout"), ("same", "dev"), ("late", ""), ("late", "train")]
    ingested.write("a.csv", "text,split\n" + "".join(f"{text},{side}\n" for text, side in rows))
    assert ingested.read().on_two_sides == 1
    assert dict(ingested.comments.select("text", "given_split").rows()) == {"same": "holdout", "late": "train"}


def test_personal_data_are_masked_in_text_and_source(ingested: Ingested) -> None:
    line = json.dumps({"text": "I am S1234567D, call 91234567", "source": "u/someone"})
    ingested.write("a.jsonl", line + "\n")
    assert ingested.read().masked == 1
    assert ingested.comments["text"][0] == "I am <NRIC>, call <PHONE>"
    assert ingested.comments["source"][0] == "<HANDLE>"


def test_masking_can_be_switched_off(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json.dumps({"text": "call 91234567", "source": "u/someone"}) + "\n")
    assert ingested.read(preparation=Preparation(mask_personal_data=False)).masked == 0
    assert ingested.comments.select("text", "source").row(0) == ("call 91234567", "u/someone")


def test_personal_data_in_the_name_of_a_file_are_masked_in_its_source(ingested: Ingested) -> None:
    ingested.write("chat with 91234567.jsonl", json_lines("hello"))
    ingested.read()
    assert ingested.comments["source"][0] == "chat with <PHONE>.jsonl"


def test_names_of_files_that_are_masked_stay_distinct(ingested: Ingested) -> None:
    for number in ("91234567", "98765432"):
        ingested.write(f"{number}.jsonl", json_lines("[removed]"))
    ingested.read()
    assert ingested.rejects == [("<PHONE>.jsonl", 1, "removed"), ("<PHONE>.jsonl (2)", 1, "removed")]


def test_unreadable_rows_are_counted_and_named(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("fine", "so funny \u00f0\u0178\u02dc\u201a"))
    ingested.write("b.jsonl", json_lines("caf\u00c3\u00a9", "[removed]"))
    counts = ingested.read()
    assert (counts.unreadable, counts.unreadable_rows) == (2, ("a.jsonl, row 2", "b.jsonl, row 1"))


def test_unreadable_rows_are_repaired_and_counted_where_declared(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("fine", "caf\u00c3\u00a9", "\ufffd\ufffd"))
    counts = ingested.read(preparation=Preparation(repair_mojibake=True))
    assert (counts.repaired, counts.unreadable) == (1, 1)
    assert "caf\u00e9" in ingested.comments["text"].to_list()


def test_removed_comments_and_those_of_bots_are_dropped_with_their_reason(ingested: Ingested) -> None:
    ingested.write(
        "a.jsonl", json_lines("[removed]", "hello", " [ Removed by Reddit ]", "Beep, I AM A BOT.", "[removed]")
    )

    counts = ingested.read(preparation=Preparation(bot_phrases=["I am a bot"]))

    assert ingested.rejects == [
        ("a.jsonl", 1, "removed"),
        ("a.jsonl", 3, "removed"),
        ("a.jsonl", 4, "bot"),
        ("a.jsonl", 5, "removed"),
    ]
    assert counts == IngestCounts(files=1, rows=5, kept=1, empty=0, duplicate=0, removed=3, bot=1, masked=0)


def test_comments_of_declared_bots_are_dropped_by_their_author(ingested: Ingested) -> None:
    ingested.write("a.jsonl", '{"body": "please read the rules", "author": "automoderator"}\n{"body": "hello"}\n')
    assert (
        ingested.read(NAMES.model_copy(update={"author": ("author",)}), preparation=Preparation(["AutoModerator"])).bot
        == 1
    )


def test_references_of_html_are_decoded_before_texts_are_compared_and_masked(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("me &amp; u, 9&#49;23 4567", "me & u, 9123 4567"))
    assert ingested.read().duplicate == 1
    assert ingested.comments["text"].to_list() == ["me & u, <PHONE>"]


def test_given_sources_and_splits_are_kept(ingested: Ingested) -> None:
    ingested.write("a.csv", "text,forum,split\none,edmw,Train\ntwo,,\n")
    ingested.read()
    assert sorted(ingested.comments.select("text", "source", "given_split").rows()) == [
        ("one", "edmw", "train"),
        ("two", "a.csv", None),
    ]


def test_reading_twice_gives_the_same_bytes(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines(*(f"text {number % 700}" for number in range(2000))))
    ingested.read()
    first = ingested.out.read_bytes(), ingested.rejected.read_bytes()
    ingested.read()
    assert (ingested.out.read_bytes(), ingested.rejected.read_bytes()) == first


def test_nothing_but_the_two_files_is_left_behind(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("one"))
    ingested.read()
    left = {path.name for path in ingested.out.parent.iterdir()}
    assert left == {"dumps", "comments.parquet", "rejects.parquet"}


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
