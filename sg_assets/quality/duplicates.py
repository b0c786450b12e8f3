"""Texts that occur in a table more than once."""

from collections.abc import Mapping
from typing import Any

from sg_assets.declarations.records.inspections import Duplicates
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import SEEN, fill, gather, ids
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable

_KEPT = "_kept_texts"
# Testing for a match first is several times quicker than replacing always.
_SAME = r"""
    CASE WHEN regexp_matches(text, '\s\s|[^\S ]')
    THEN regexp_replace(trim(lower(text)), '\s+', ' ', 'g') ELSE trim(lower(text)) END
"""


def duplicates(staged: StagedTable, inspection: Duplicates, values: Mapping[str, Any]) -> TextMatches:
    """Texts that are equal except for case and spaces; all but the first of each group count."""
    evaluated = gather(staged, inspection, values)
    several = "count(DISTINCT side) > 1" if inspection.across_sides else "count(*) > 1"
    groups = f"SELECT min(id) AS first, count(*) - 1 AS more FROM {SEEN} GROUP BY hash({_SAME}) HAVING {several}"
    fill(staged.connection, _KEPT, groups, {})
    [(failing,)] = staged.connection.execute(f"SELECT coalesce(sum(more), 0) FROM {_KEPT}").fetchall()
    examples = ids(staged.connection, f"SELECT first FROM {_KEPT} ORDER BY first LIMIT {EXAMPLES}")
    return TextMatches(evaluated, int(failing), inspection.at_most, examples)
