"""The kinds of assets, and the kind of an asset by its name."""

from typing import Final

from sg_assets.declarations.asset_names import ITEMS, MODEL_CARD, RELEASE
from sg_assets.declarations.kinds import (
    benchmarks,
    comparisons,
    datasets,
    models,
    people_labels,
    sources,
    splits,
    training,
)
from sg_assets.declarations.kinds.kind import ANY_TABLE, AssetKind

REPORT: Final = AssetKind("reports/*", stage="report")
CARD: Final = AssetKind(MODEL_CARD, stage="report")
RELEASED_MODEL: Final = AssetKind(RELEASE, stage="report")
SQL_TABLE: Final = AssetKind(f"{ANY_TABLE}/{ANY_TABLE}")
"""A table of any other schema: an SQL file makes it."""

KINDS: Final = (
    sources.TEMPLATE_TABLE,
    sources.FEW_SHOT_TABLE,
    sources.LEXICON_TABLE,
    sources.CORPUS_TABLE,
    sources.PRETRAINING_TABLE,
    sources.LEADERBOARD_TASK_TABLE,
    sources.JUDGE_TEXT_TABLE,
    *sources.SOURCE_FILES,
    datasets.MIRROR,
    datasets.DATASET_TABLE,
    sources.COMMENT_TABLE,
    sources.REJECTED_TABLE,
    sources.TOXICITY_PROMPT_TABLE,
    sources.TOXIGEN_PROMPT_TABLE,
    sources.TOXIGEN_SENTENCE_TABLE,
    splits.SPLIT_TABLE,
    models.CHAT_MODELS,
    models.ANSWER_GENERATOR,
    models.ANSWER_EMBEDDER,
    models.JUDGE,
    training.BASE_RESPONSE_TABLE,
    training.SAFE_RESPONSE_TABLE,
    training.SAFE_PROMPT_REJECTION_TABLE,
    training.TRAINING_TABLE,
    training.ADAPTER,
    training.IMPORTED_ADAPTER,
    benchmarks.RESPONSES,
    benchmarks.JUDGEMENTS,
    benchmarks.SCORES,
    benchmarks.SCORE_ITEMS,
    comparisons.DIVERGENCE_SCORES,
    comparisons.DIVERGENCE_ITEMS,
    comparisons.LEADERBOARD_SCORES,
    comparisons.LEADERBOARD_ITEMS,
    comparisons.OBJECTIVE_OUTCOMES,
    *people_labels.LABEL_KINDS,
    REPORT,
    CARD,
    RELEASED_MODEL,
    SQL_TABLE,
)
NAMED_ASSETS: Final = frozenset(kind.pattern for kind in KINDS if ANY_TABLE not in kind.pattern)
"""Assets that are a kind of their own. Only some profiles have each of them; a declaration that is for all profiles may
name any."""
_BY_PATTERN: Final = {kind.pattern: kind for kind in KINDS}


def kind_of(asset: str) -> AssetKind:
    """The kind of an asset, whether or not it is declared now.

    Args:
        asset: ``schema/table``.
    """
    schema = asset.partition("/")[0]
    patterns = (asset, f"{schema}/{ANY_TABLE}{ITEMS}" if asset.endswith(ITEMS) else asset, f"{schema}/{ANY_TABLE}")
    return next((_BY_PATTERN[pattern] for pattern in patterns if pattern in _BY_PATTERN), SQL_TABLE)
