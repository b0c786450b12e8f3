"""The data files of a folder: which are read, in which order, block by block."""

import hashlib
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.files import data_files, data_folder
from sg_assets.ingest.forum import read_comments
from sg_assets.store.fingerprints import source_digest
from sg_assets_tests.ingest.dumps import NAMES, Ingested, json_lines


def test_a_single_file_is_read(ingested: Ingested) -> None:
    ingested.write("a.jsonl", json_lines("one"))
    read_comments(ingested.folder / "a.jsonl", NAMES, ingested.out, ingested.rejected)
    assert ingested.comments["source"].to_list() == ["a.jsonl"]


ABOUT = ["README.md", "readme", "LICENSE", "Licence.txt", "LICENSE-MIT", "README_en.md", "readme.zh.rst", "NOTICE"]
DATA = [
    "readme_comments.jsonl",
    "licensed_dump.csv",
    "README.JSONL",
    "license.csv.gz",
    "readmes.parquet",
    "copying.ndjson",
]


def test_texts_about_the_data_are_skipped_and_named(ingested: Ingested) -> None:
    for name in (*ABOUT, ".DS_Store"):
        ingested.write(name, "x")
    ingested.write("a.jsonl", json_lines("one"))
    folder = data_folder(ingested.folder)
    assert [file.name for file in folder.files] == ["a.jsonl"]
    assert sorted(skipped.name for skipped in folder.skipped) == sorted([*ABOUT, ".DS_Store"])


@pytest.mark.parametrize("name", DATA)
def test_data_whose_name_begins_like_a_readme_are_read(ingested: Ingested, name: str) -> None:
    ingested.write(name, "x")
    assert [file.name for file in data_files(ingested.folder)] == [name]


@pytest.mark.parametrize("name", ["a.JSONL", "a.Csv", "a.jsonl.GZ", "a.NDJSON.ZST", "a.v2.csv.gz", "a.PARQUET"])
def test_suffixes_have_any_case(ingested: Ingested, name: str) -> None:
    ingested.write(name, "x")
    assert [file.name for file in data_files(ingested.folder)] == [name]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("RC_2023.zst", "Rename it to what it holds: RC_2023.jsonl.zst or RC_2023.csv.zst"),
        ("dump.GZ", "dump.jsonl.gz"),
        ("a.txt.gz", "a.txt.jsonl.gz"),
        ("all.json", "jq -c '.[]'"),
        ("a.tsv", "Rename it to .csv"),
        ("a.zip", "Unpack it"),
        ("a.parquet.gz", "Convert or remove it"),
        ("a.xlsx", "Save the sheet as CSV (UTF-8)"),
        ("a.tar.gz", "Decompress it. Unpack it."),
        ("a.csv.xz", "unxz"),
        ("a.odt", "Convert or remove it"),
        ("notes", "Convert or remove it"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_its_remedy(ingested: Ingested, name: str, remedy: str) -> None:
    ingested.write(name, "x")
    with pytest.raises(SgAssetsError) as caught:
        data_files(ingested.folder)
    assert f"{name}: this kind of file cannot be read" in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize("folder", [False, True])
def test_an_endless_line_ends_in_an_error(ingested: Ingested, *, folder: bool) -> None:
    (ingested.folder / "a.jsonl").symlink_to("/dev/zero")
    with pytest.raises(SgAssetsError, match="this is a device, not a file"):
        data_files(ingested.folder if folder else ingested.folder / "a.jsonl")


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
