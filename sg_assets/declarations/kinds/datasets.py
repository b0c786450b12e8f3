"""Datasets that other people publish: their files, mirrored into the store, and the tables read from them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sg_assets.declarations.columns import Columns, column
from sg_assets.declarations.kinds.kind import AssetKind, ColumnInputs
from sg_assets.declarations.kinds.restoring import RecordedStep
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.recipe_parameters import recipe_parameters, with_recorded
from sg_assets.declarations.records.data import RawColumns
from sg_assets.declarations.records.dataset import ROW_ID, Dataset
from sg_assets.errors import SgAssetsError

_NOT_OF_FILES: Final = ("name", "description", "columns")


def file_parameters(dataset: Dataset) -> dict[str, Any]:
    """The part of a declaration that decides which files are mirrored."""
    return {name: value for name, value in recipe_parameters(dataset).items() if name not in _NOT_OF_FILES}


def column_parameters(dataset: Dataset) -> dict[str, Any]:
    """The part of a declaration that decides the rows of its table."""
    columns: dict[str, Any] = recipe_parameters(dataset)["columns"]
    return columns


def comment_columns(dataset: Dataset) -> RawColumns:
    """The columns of a dataset of comments, as the reader of comments takes them."""
    named = {name: (column.column,) for name, column in dataset.columns.items()}
    return RawColumns(
        text=named["text"],
        source=named.get("source", ()),
        split=named.get("given_split", ()),
        author=named.get("author", ()),
    )


def _dataset_file(_: Declarations, asset: str) -> Iterator[str]:
    yield f"models/datasets/{asset.rpartition('/')[2]}.yaml"


def _columns(inputs: ColumnInputs) -> Columns:
    declared = inputs.declared.datasets[inputs.table]
    row_id = column(ROW_ID, "BIGINT", "The row's position, from 1, over the files by name.")
    return (
        row_id,
        *(
            column(name, read.type, read.description or f"The column '{read.column}' of the files.")
            for name, read in declared.columns.items()
        ),
    )


def _with_files(declared: Declarations, recorded: RecordedStep) -> Declarations:
    today, then = _declared(declared, recorded), recorded.parameters["dataset"]
    if (today.path is None) == ("repo" not in then):
        raise SgAssetsError("what it was copied from is not declared any more", where=str(recorded.ref))
    return _with(declared, with_recorded(today, then))


def _with_columns(declared: Declarations, recorded: RecordedStep) -> Declarations:
    values = {**_declared(declared, recorded).model_dump(), "columns": recorded.parameters["columns"]}
    return _with(declared, Dataset.model_validate(values))


def _declared(declared: Declarations, recorded: RecordedStep) -> Dataset:
    name = recorded.ref.table
    if name not in declared.datasets:
        raise SgAssetsError(f"the dataset '{name}' is not declared any more", where=str(recorded.ref))
    return declared.datasets[name]


def _with(declared: Declarations, dataset: Dataset) -> Declarations:
    return replace(declared, datasets={**declared.datasets, dataset.name: dataset})


MIRROR = AssetKind(
    "mirrors/*",
    cause="rows",
    rows_cause="rows",
    hub_cause="rows",
    declared_in=_dataset_file,
    restored=_with_files,
)
"""The data files of a dataset as they are published."""
DATASET_TABLE = AssetKind(
    "datasets/*", cause="rows", columns=_columns, declared_in=_dataset_file, restored=_with_columns
)
"""The rows of a dataset, with the columns that are declared."""
