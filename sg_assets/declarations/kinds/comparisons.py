"""Scores that no single benchmark gives: the similarity to base, the leaderboard's, and the objectives' outcomes."""

from collections.abc import Mapping
from dataclasses import replace

from sg_assets.declarations.asset_names import DIVERGENCE, LEADERBOARD, OBJECTIVES, items_of
from sg_assets.declarations.columns import SCORE, VARIANT, Columns, column
from sg_assets.declarations.kinds.kind import AssetKind, fixed_columns
from sg_assets.declarations.kinds.restoring import RecordedStep, with_profile, with_seed
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.neutral_values import neutrals
from sg_assets.declarations.recipe_parameters import with_recorded
from sg_assets.declarations.records.benchmark import Divergence
from sg_assets.errors import SgAssetsError

_DIVERGENCE = {
    "metric": "similarity: cosine of the embeddings of base's answer and the variant's, -1 to 1.",
    "slice": "Benchmark and label, such as sg_safety_unsafe.",
}
"""Where divergence has other descriptions than a benchmark's scores."""
_LEADERBOARD = {
    "metric": "raw: a share. normalised: 0 (guessing) to 100, as the leaderboard publishes it.",
    "slice": "A subtask, one of the six tasks, or mean (of the six tasks).",
    "value": "The score; the raw one is the mean of its items.",
    "clusters": "Documents the items come from; they, not the items, are independent.",
    "se": "Standard error, clustered on the document; missing where a part of a mean has none.",
}
"""Where leaderboard scores have other descriptions than a benchmark's."""


def _with_divergence(declared: Declarations, recorded: RecordedStep) -> Declarations:
    items = recorded.parameters["items"]
    benchmarks = {
        name: benchmark.model_copy(update={"divergence": Divergence(items=items[name]) if name in items else None})
        for name, benchmark in declared.benchmarks.items()
    }
    return with_seed(replace(declared, benchmarks=benchmarks), recorded)


def _with_leaderboard(declared: Declarations, recorded: RecordedStep) -> Declarations:
    leaderboard = declared.profile.leaderboard
    if leaderboard is None:
        raise SgAssetsError("the leaderboard is not declared any more", where=str(recorded.ref))
    generation = declared.profile.generation
    applied = {"adapter": recorded.parameters.get("adapter", neutrals(type(generation))["adapter"])}
    return with_profile(
        declared,
        leaderboard=with_recorded(leaderboard, recorded.parameters),
        generation=generation.model_copy(update=applied),
    )


def _score_columns(descriptions: Mapping[str, str]) -> Columns:
    return tuple(replace(known, description=descriptions.get(known.name, known.description)) for known in SCORE)


DIVERGENCE_SCORES = AssetKind(
    DIVERGENCE,
    stage="evaluation",
    has_items=True,
    restored=_with_divergence,
    columns=fixed_columns(*_score_columns(_DIVERGENCE)),
)
DIVERGENCE_ITEMS = AssetKind(
    items_of(DIVERGENCE),
    stage="evaluation",
    columns=fixed_columns(
        column("metric", "VARCHAR", _DIVERGENCE["metric"]),
        column("slice", "VARCHAR", _DIVERGENCE["slice"]),
        column("item_id", "VARCHAR", "The item that both variants answered."),
        column("cluster_id", "VARCHAR", "The text the item comes from."),
        column("value", "DOUBLE", "The similarity of the two answers; 1 where they are the same."),
        VARIANT,
    ),
)
LEADERBOARD_SCORES = AssetKind(
    LEADERBOARD,
    stage="evaluation",
    has_items=True,
    restored=_with_leaderboard,
    columns=fixed_columns(*_score_columns(_LEADERBOARD)),
)
LEADERBOARD_ITEMS = AssetKind(
    items_of(LEADERBOARD),
    stage="evaluation",
    columns=fixed_columns(
        column("metric", "VARCHAR", "raw."),
        column("slice", "VARCHAR", "A subtask or a task: an item is listed under both."),
        column("item_id", "VARCHAR", "Subtask, position, and the document's digest."),
        column("cluster_id", "VARCHAR", "The document, story or question that items share."),
        column(
            "value",
            "DOUBLE",
            "1 if right, 0 if not; for IFEval the prompt's contribution to the mean of its accuracies.",
        ),
        VARIANT,
    ),
)
OBJECTIVE_OUTCOMES = AssetKind(
    OBJECTIVES,
    stage="evaluation",
    columns=fixed_columns(
        column("objective", "VARCHAR", "The objective's name."),
        column("finding", "VARCHAR", "The outcome in words, with the numbers and the bound."),
        column("kind", "VARCHAR", "primary or secondary."),
        column("outcome", "VARCHAR", "met, not met, or not enough data: the interval holds the bound."),
        column("blocks_release", "BOOLEAN", "Whether a variant that does not meet it is not released."),
        column("value", "DOUBLE", "The score, or its difference from base."),
        column("low", "DOUBLE", "Lower end of the interval."),
        column("high", "DOUBLE", "Upper end of the interval."),
        column("n", "BIGINT", "Items behind it."),
        column("method", "VARCHAR", "How the interval was made."),
        VARIANT,
    ),
)
