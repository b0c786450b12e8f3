"""Columns of tables as values: what SQL over a table may name, and what a publish is held to.

The columns of a table that Python makes are stated with its kind (`declarations.kinds`). Tables made by SQL have the
columns their SELECT gives; only those descriptions that do not follow from the columns read are written, in the file's
header.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class TableColumn:
    """A column as it must be published."""

    name: str
    type: str
    """As DuckDB names it."""
    description: str
    sources: tuple[tuple[str, str], ...] = ()
    """The columns it is made of: asset (``schema/table``) and column name."""


Columns = tuple[TableColumn, ...]


def column(name: str, type_: str, description: str, *sources: str) -> TableColumn:
    """A column; ``sources`` are the columns it is computed from, as ``schema/table.column``."""
    pairs = tuple((asset, source) for asset, source in (source.split(".") for source in sources))
    return TableColumn(name, type_, description, pairs)


VARIANT = column("variant", "VARCHAR", "The model variant.")
RESPONSE = (
    column("response", "VARCHAR", "The answer's text; missing unless the outcome is ok."),
    column(
        "outcome",
        "VARCHAR",
        "ok, refused (the provider declined), blocked (its content filter) or invalid (the prompt is too long).",
    ),
    column("finish", "VARCHAR", "Why the answer ended: stop, length, or the reason that no answer was given."),
)
"""Columns of an answer, whoever was asked."""
SCORE = (
    column("metric", "VARCHAR", "The metric."),
    column("slice", "VARCHAR", "The slice: the items that the metric is measured on."),
    column("value", "DOUBLE", "The estimate: a mean over items, each item counting once."),
    column("n", "BIGINT", "Items."),
    column("clusters", "BIGINT", "Source texts the items come from; they, not the items, are independent."),
    column("se", "DOUBLE", "Standard error, clustered on the source text."),
    column("low", "DOUBLE", "Lower end of the interval."),
    column("high", "DOUBLE", "Upper end of the interval."),
    column("level", "DOUBLE", "The interval's confidence level."),
    column("method", "VARCHAR", "How the interval was made."),
    VARIANT,
)
"""Columns of a table of scores."""
ITEM_COLUMNS = {
    "item_id": "The item put to the variant.",
    "cluster_id": "The text the item comes from: items of one text are not independent.",
    "label": "The item's label.",
    "prompt": "What the variant is asked.",
}
"""What a benchmark's ``items`` must give, with the descriptions of columns that repeat none."""
SCORE_ITEM_COLUMNS = ("metric", "slice", "item_id", "cluster_id", "value")
"""What a benchmark's SQL must give: one value per metric, slice and item."""
