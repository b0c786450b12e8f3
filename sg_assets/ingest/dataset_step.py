"""The step that makes a table of a mirrored dataset."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.declarations.records.dataset import DatasetColumn
    from sg_assets.store.workspace import Workspace


def read_mirror(workspace: "Workspace", mirror: str, columns: "Mapping[str, DatasetColumn]") -> None:
    """Write the rows of a mirror with the declared columns.

    Args:
        workspace: Of the table.
        mirror: The asset of the files.
        columns: The columns, with those that they are read from.

    Raises:
        SgAssetsError: a file cannot be read, lacks a column, or holds a value of another type.
    """
    from sg_assets.ingest.dataset_table import write_dataset

    write_dataset(workspace, mirror, columns)
