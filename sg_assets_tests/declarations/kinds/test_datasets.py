"""Datasets as recorded."""

from dataclasses import replace
from typing import Any

import pytest

from sg_assets.declarations.kinds.datasets import (
    DATASET_TABLE,
    MIRROR,
    column_parameters,
    comment_columns,
    file_parameters,
)
from sg_assets.declarations.kinds.kind import ColumnInputs
from sg_assets.declarations.kinds.restoring import RecordedStep
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.dataset import Dataset
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref


def dataset(**changes: Any) -> Dataset:
    usual = {"name": "d", "description": "x", "repo": "o/d", "revision": "v2", "columns": {"prompt": "text"}}
    return Dataset.model_validate(usual | changes)


def restored(kind: Any, declared: Declarations, now: Dataset, parameters: dict[str, Any]) -> Dataset:
    known = replace(declared, datasets={"d": now})
    step = RecordedStep(Ref.parse(kind.of("d")), parameters, {})
    result: Declarations = kind.restored(known, step)
    return result.datasets["d"]


def test_files_and_columns_are_parameters_of_their_own() -> None:
    described = dataset(columns={"prompt": {"column": "text", "description": "What is asked."}})
    assert file_parameters(described) == file_parameters(dataset(columns={"other": "o"}))
    assert column_parameters(described) == column_parameters(dataset(revision="v3"))
    assert file_parameters(dataset(split="train")) != file_parameters(dataset())


def test_a_mirror_is_restored_at_its_recorded_revision(declared: Declarations) -> None:
    then = {"dataset": file_parameters(dataset(revision="v1", split="train")), "files": []}
    assert restored(MIRROR, declared, dataset(), then) == dataset(revision="v1", split="train")


def test_a_mirror_of_what_is_gone_cannot_be_restored(declared: Declarations) -> None:
    then = {"dataset": file_parameters(dataset()), "files": []}
    folder = dataset(repo=None, revision=None, path="here")
    with pytest.raises(SgAssetsError, match="what it was copied from is not declared any more"):
        restored(MIRROR, declared, folder, then)
    with pytest.raises(SgAssetsError, match="the dataset 'd' is not declared any more"):
        MIRROR.restored(declared, RecordedStep(Ref.parse("mirrors/d"), then, {}))


def test_a_table_is_restored_with_its_recorded_columns(declared: Declarations) -> None:
    then = {"columns": column_parameters(dataset(columns={"other": "o"}))}
    assert restored(DATASET_TABLE, declared, dataset(), then) == dataset(columns={"other": "o"})


def test_a_table_has_the_declared_columns_after_the_row(declared: Declarations) -> None:
    known = replace(declared, datasets={"d": dataset(columns={"n": {"column": "n", "type": "BIGINT"}})})
    assert DATASET_TABLE.columns is not None
    columns = DATASET_TABLE.columns(ColumnInputs(known, "d"))
    assert [(column.name, column.type) for column in columns] == [("row_id", "BIGINT"), ("n", "BIGINT")]


def test_comments_are_read_from_their_declared_columns_alone() -> None:
    columns = comment_columns(dataset(columns={"text": "body", "given_split": "part"}))
    assert (columns.text, columns.source, columns.split, columns.author) == (("body",), (), ("part",), ())
