"""Which files of a dataset are meant."""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.declarations.records.dataset import Dataset
from sg_assets.errors import SgAssetsError
from sg_assets.hub.dataset_selection import ConfigFiles, data_file_names, format_of, read_configs

SHARDS = ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet", "data/test-00000-of-00001.parquet"]
README = """---
license: mit
configs:
- config_name: train
  data_files:
  - split: train
    path: train-*.parquet
- config_name: annotated
  default: true
  data_dir: annotated
  data_files:
  - {split: train, path: "train-*.parquet"}
  - {split: test, path: ["test-*.parquet"]}
---
# A dataset
"""


def dataset(**changes: Any) -> Dataset:
    usual = {"name": "d", "description": "x", "repo": "o/d", "revision": "main", "columns": {"prompt": "text"}}
    return Dataset.model_validate(usual | changes)


def refused(names: list[str], configs: list[ConfigFiles], **changes: Any) -> str:
    with pytest.raises(SgAssetsError) as error:
        data_file_names(names, dataset(**changes), configs)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("data/a.parquet", "parquet"), ("a.jsonl", "jsonl"), ("a.ndjson.gz", "jsonl"), ("a.csv.zst", "csv"),
        ("a.json", "json"), ("a.json.gz", None), ("dataset_infos.json", None), ("a.py", None), ("README.md", None),
    ],
)  # fmt: skip
def test_a_data_file_is_known_by_its_name(name: str, format_: str | None) -> None:
    assert format_of(name) == format_


def test_without_metadata_every_data_file_is_meant_or_those_of_a_split() -> None:
    assert data_file_names([*SHARDS, "README.md", "d.py"], dataset(), []) == tuple(sorted(SHARDS))
    assert data_file_names(SHARDS, dataset(split="test"), []) == (SHARDS[2],)
    assert data_file_names(["a/train.csv", "b/train.csv"], dataset(config="b"), []) == ("b/train.csv",)


def test_a_split_is_a_word_of_its_own() -> None:
    assert data_file_names(["training.csv", "train.csv"], dataset(split="train"), []) == ("train.csv",)


@pytest.fixture
def configs(tmp_path: Path) -> list[ConfigFiles]:
    (tmp_path / "README.md").write_text(README)
    return read_configs(tmp_path / "README.md", "o/d@main")


NAMES = ["train-0.parquet", "annotated/train-0.parquet", "annotated/test-0.parquet", "annotated/notes.parquet"]


def test_a_readme_says_which_files_a_configuration_has(configs: list[ConfigFiles]) -> None:
    assert data_file_names(NAMES, dataset(config="train"), configs) == ("train-0.parquet",)
    assert data_file_names(NAMES, dataset(), configs) == ("annotated/test-0.parquet", "annotated/train-0.parquet")
    assert data_file_names(NAMES, dataset(split="test"), configs) == ("annotated/test-0.parquet",)


def test_files_are_named_by_pattern() -> None:
    assert data_file_names(SHARDS, dataset(files=["data/train-*"]), []) == tuple(SHARDS[:2])


def test_what_is_unknown_names_the_nearest(configs: list[ConfigFiles]) -> None:
    assert "Did you mean 'annotated'?" in refused(NAMES, configs, config="anotated")
    assert "Did you mean 'test'?" in refused(NAMES, configs, split="tst")
    assert f"There are: {SHARDS[2]}" in refused(SHARDS, [], files=["x/*"])
    assert "no data file is of the split 'dev'" in refused(SHARDS, [], split="dev")


def test_several_configurations_without_a_default_are_named() -> None:
    configs = [ConfigFiles(name, is_default=False, patterns=[(None, "**")]) for name in ("en", "ms")]
    assert "Write config: one of en, ms" in refused(["a.csv"], configs)


def test_scripts_are_never_run() -> None:
    message = refused(["d.py", "README.md"], [])
    assert "It is loaded by d.py, and scripts are never run" in message
    assert "refs/convert/parquet" in message


def test_several_formats_are_refused() -> None:
    assert "They are csv and parquet" in refused(["a.csv", "a.parquet"], [])


@pytest.mark.parametrize("name", ["../a.csv", "a b.csv", ".hidden/a.csv", "lang=en/a.csv"])
def test_a_data_file_whose_name_is_no_plain_path_is_refused(name: str) -> None:
    assert "no plain relative path" in refused([name, "b.csv"], [])


def test_metadata_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("---\nconfigs: [\n---\n")
    with pytest.raises(SgAssetsError, match="cannot be read"):
        read_configs(tmp_path / "README.md", "o/d@main")
