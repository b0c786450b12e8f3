"""The columns of a table, as contracts demand and manifests record them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    """As DuckDB writes it; its aliases (``TEXT``, ``INT``) mean the same."""
    description: str = ""
