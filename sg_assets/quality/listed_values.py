"""Texts that are one of some values."""

from collections.abc import Mapping
from typing import Any

from sg_assets.declarations.records.inspections import ListedValues
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import SEEN, gather, ids
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable
from sg_assets.store.engine import literal


def listed_values(staged: StagedTable, inspection: ListedValues, values: Mapping[str, Any]) -> TextMatches:
    """The texts that are one of the listed values."""
    evaluated = gather(staged, inspection, values)
    listed = ", ".join(map(literal, inspection.values))
    matching = f"FROM {SEEN} WHERE text IN ({listed})"
    failing = int(ids(staged.connection, f"SELECT count(*) {matching}")[0])
    examples = ids(staged.connection, f"SELECT id {matching} ORDER BY id LIMIT {EXAMPLES}")
    return TextMatches(evaluated, failing, inspection.at_most, examples)
