"""A table of declared rows."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def write_rows(workspace: "Workspace", rows: Sequence[Mapping[str, object]]) -> None:
    """Write declared rows as they are, in their order."""
    import polars as pl

    workspace.write_table(pl.DataFrame(rows))
