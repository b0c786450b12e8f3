"""The split of prompts, whatever SQL makes it."""

from collections.abc import Mapping
from typing import Final

from sg_assets.declarations.asset_names import PROMPTS, SPLITS, TOXICITY_PROMPTS
from sg_assets.declarations.columns import Columns
from sg_assets.declarations.kinds.kind import AssetKind
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.expectations import Rule, Rules

_READ: Final = {
    SPLITS: {"prompt_id", "split"},
    PROMPTS: {"prompt_id", "text_id"},
    TOXICITY_PROMPTS: {"text_id", "given_split"},
}


def _split_rules(declared: Declarations, _: str, tables: Mapping[str, Columns]) -> Rules:
    """A side that came with a text is kept; checked wherever the split reads the texts and prompts."""
    query = declared.sql[SPLITS].query if SPLITS in declared.sql else None
    readable = query is not None and {PROMPTS, TOXICITY_PROMPTS} <= set(query.tables)
    if not readable or any(not names <= _names(tables, asset) for asset, names in _READ.items()):
        return ()
    rule = Rule(
        id="given_sides_are_kept",
        description="A prompt whose text came with a side (train, dev, holdout) is on that side or unused.",
        condition=(
            "NOT EXISTS (\n"
            "  SELECT 1 FROM this\n"
            "  JOIN templated.prompts AS prompts USING (prompt_id)\n"
            "  JOIN raw.sg_toxicity_prompts AS texts USING (text_id)\n"
            "  WHERE this.split <> 'unused' AND this.split <> texts.given_split\n"
            ")"
        ),
    )
    return (rule,)


def _names(tables: Mapping[str, Columns], asset: str) -> set[str]:
    return {known.name for known in tables.get(asset, ())}


SPLIT_TABLE = AssetKind(SPLITS, implied_rules=_split_rules)
