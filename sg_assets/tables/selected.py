"""A table made by a SELECT over a step's inputs."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def select_rows(workspace: "Workspace", query: str) -> None:
    """Write the rows of a SELECT, bound to the step's parameters.

    Raises:
        SgAssetsError: DuckDB refuses the query.
    """
    workspace.write_query(query, workspace.parameters)
