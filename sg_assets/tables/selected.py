"""A table made by one SELECT over what a step reads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def select_rows(workspace: "Workspace", query: str) -> None:
    """Write the rows of a SELECT, bound to the step's parameters.

    Raises:
        SgAssetsError: DuckDB refuses it.
    """
    workspace.write_query(query, workspace.parameters)
