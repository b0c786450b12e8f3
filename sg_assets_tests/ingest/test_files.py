"""The data files of a folder: which are read, in which order, block by block."""

import hashlib
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.forum import data_files, read_comments
from sg_assets.store.fingerprints import source_digest
from sg_assets_tests.ingest.dumps import NAMES, Ingested, json_lines


def test_a_single_file_is_read(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("one"))
    read_comments(ingested.folder / "a.jsonl", NAMES, ingested.out, ingested.rejected)
    assert ingested.comments["source"].to_list() == ["a.jsonl"]


def test_hidden_files_and_readmes_are_passed_over(ingested: Ingested) -> None:
    for name in (".DS_Store", "README.md", "LICENSE"):
        ingested.write(name, "x")
    ingested.write("a.jsonl", json_lines("one"))
    assert ingested.read().files == 1


def test_rows_count_on_over_the_blocks_of_a_large_file(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sg_assets.ingest.files.BLOCK", 64)
    ingested.write("a.jsonl", json_lines(*(f"text {number}" for number in range(30)), "text 3"))
    ingested.read()
    assert ingested.rejects == [("a.jsonl", 31, "duplicate")]


def test_the_digest_names_sizes_and_hashes_the_files(ingested: Ingested) -> None:
    ingested.write("b.csv", "text\n")
    ingested.write("a/x.jsonl", "{}")
    digest = source_digest((file.name, file.path) for file in data_files(ingested.folder))
    assert [(entry["name"], entry["bytes"]) for entry in digest] == [("a/x.jsonl", 2), ("b.csv", 5)]
    assert digest[0]["sha256"] == hashlib.sha256(b"{}").hexdigest()


def test_a_missing_or_empty_folder_says_so(ingested: Ingested, tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="no data file"):
        ingested.read()
    with pytest.raises(SgAssetsError, match="no such file or folder"):
        read_comments(tmp_path / "nowhere", NAMES, ingested.out, ingested.rejected)
