"""Scores of no single benchmark: what is restored, and how their columns are described."""

from dataclasses import replace

import pytest

from sg_assets.declarations.kinds.comparisons import DIVERGENCE_SCORES, LEADERBOARD_SCORES
from sg_assets.declarations.kinds.kind import ColumnInputs
from sg_assets.declarations.kinds.restoring import RecordedStep
from sg_assets.declarations.loading import Declarations
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref


def test_divergence_is_restored_for_the_recorded_benchmarks_alone(declared: Declarations) -> None:
    recorded = RecordedStep(Ref.parse("scores/divergence[base]"), {"items": {"toxigen": 3}, "seed": 9}, {})
    restored = DIVERGENCE_SCORES.restored(declared, recorded)
    compared = {name: benchmark.divergence for name, benchmark in restored.benchmarks.items() if benchmark.divergence}
    assert {name: divergence.items for name, divergence in compared.items()} == {"toxigen": 3}
    assert restored.profile.seed == 9


def test_a_leaderboard_that_is_gone_cannot_be_restored(declared: Declarations) -> None:
    without = replace(declared, profile=declared.profile.model_copy(update={"leaderboard": None}))
    with pytest.raises(SgAssetsError, match="the leaderboard is not declared any more"):
        LEADERBOARD_SCORES.restored(without, RecordedStep(Ref.parse("scores/leaderboard[base]"), {}, {}))


def test_leaderboard_scores_are_described_as_the_leaderboard_publishes_them(declared: Declarations) -> None:
    assert LEADERBOARD_SCORES.columns is not None
    described = {known.name: known.description for known in LEADERBOARD_SCORES.columns(ColumnInputs(declared, ""))}
    assert described["metric"].startswith("raw: a share. normalised: 0 (guessing) to 100")
    assert described["n"] == "Items."
