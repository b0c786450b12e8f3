"""Bad datasets: nothing but scripts, names that leave the folder, values of other types, files that are none."""

from pathlib import Path

import pytest

from sg_assets.declarations.record_reading import read_named
from sg_assets.declarations.records.dataset import Dataset, DatasetColumn
from sg_assets.hub.mirror_step import pin_dataset
from sg_assets.ingest.dataset_table import write_dataset
from sg_assets.store.step import Workspace
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of
from sg_assets_tests.store.steps import new_store, recipe, step, workspace

FILE = "models/datasets/d.yaml"
DECLARED = "description: x\nrepo: o/d\nrevision: main\ncolumns: {prompt: text}\n"


def _yaml(name: str, text: str, *says: str) -> BadInput:
    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        path = root / FILE
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return error_of(lambda: read_named(path, Dataset, root))

    return BadInput(name, act, (FILE, *says))


def _folder(name: str, files: dict[str, bytes], *says: str, **declared: object) -> BadInput:
    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        for file, content in files.items():
            (root / "data" / file).parent.mkdir(parents=True, exist_ok=True)
            (root / "data" / file).write_bytes(content)
        usual = {"name": "d", "description": "x", "path": "data", "columns": {"prompt": "text"}}
        return error_of(lambda: pin_dataset(Dataset.model_validate(usual | declared), root, root))

    return BadInput(name, act, says)


def _rows(name: str, file: str, content: bytes, type_: str, *says: str) -> BadInput:
    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        store = new_store(root)

        def write(work: Workspace) -> None:
            work.result_folder.mkdir()
            (work.result_folder / file).write_bytes(content)

        mirror = step(store, "mirrors/d", write, made_by=recipe(key=())).manifest
        column = DatasetColumn.model_validate({"column": "text", "type": type_})
        with workspace(store, "datasets/d", mirror) as work:
            return error_of(lambda: write_dataset(work, "mirrors/d", {"prompt": column}))

    return BadInput(name, act, (file, *says))


CASES = [
    _yaml("a dataset without a revision", DECLARED.replace("revision: main\n", ""), "repo needs a revision"),
    _yaml("a dataset whose code may run", DECLARED + "trust_remote_code: true\n", "trust_remote_code"),
    _yaml("a pattern that leaves the folder", DECLARED + "files: [../../*.csv]\n", "files"),
    _yaml("a column that is SQL", DECLARED.replace("prompt:", '"x; DROP":'), "columns"),
    _folder("a dataset of scripts", {"d.py": b"", "README.md": b""}, "scripts are never run", "Name a repository"),
    _folder("two formats", {"a.csv": b"", "a.parquet": b""}, "several formats", "Name files"),
    _folder("a split that is not there", {"train.csv": b""}, "split 'test'", "There are: train.csv", split="test"),
    _folder("a folder name with spaces", {"my data/a.csv": b""}, "no plain relative path"),
    _rows("words for numbers", "a.csv", b"text\n5\nfive\n", "BIGINT", "row 2", "cannot be read as BIGINT", "Declare"),
    _rows("no Parquet", "a.parquet", b"PK\x03\x04", "VARCHAR", "the file cannot be read", "Choose other files"),
    _rows("another column", "a.jsonl", b'{"txt": 1}\n', "VARCHAR", "there is no column 'text'", "'txt'"),
]
