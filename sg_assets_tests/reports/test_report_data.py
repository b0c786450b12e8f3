"""The report of a set of scores."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.loading import Declarations
from sg_assets.reports.render.page import Report
from sg_assets.reports.report_data import questions, report_of
from sg_assets.reports.scoreboard import shown_columns
from sg_assets.statistics.score_items_step import score_items
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Output, run_step
from sg_assets.store.store import Store
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.store.steps import new_store, published, recipe

QUERY = """
SELECT 'toxicity_rate' AS metric, 'unsafe' AS slice, item_id, item_id AS cluster_id, is_toxic::DOUBLE AS value
FROM judgements.sg_safety
"""


@pytest.fixture(scope="module")
def declared() -> Declarations:
    return load_declarations(PROJECT, "tiny")


def scored(store: Store, variant: str, toxic: int) -> Manifest:
    """Scores of 40 answers, so many of them toxic."""
    judged = pl.DataFrame({"item_id": [f"i{n:02}" for n in range(40)], "is_toxic": [n < toxic for n in range(40)]})
    published(store, f"judgements/sg_safety[{variant}]", judged)
    return run_step(
        store, Ref.of("scores/sg_safety", variant), [Ref.of("judgements/sg_safety", variant)], recipe(key=()),
        lambda work: score_items(work, QUERY, ("metric", "slice", "item_id"), "scores/sg_safety_items"),
        extra_outputs=[Output(Ref.of("scores/sg_safety_items", variant), Contract())], run_id="run", log=lambda _: None,
    ).manifest  # fmt: skip


def report(declared: Declarations, folder: Path, **toxic: int) -> Report:
    store = new_store(folder)
    scores = [scored(store, variant, number) for variant, number in toxic.items()]
    columns = shown_columns(declared, ["scores/sg_safety"])
    return report_of(declared, store, columns, scores, told={score.version: "" for score in scores}, judged=[])


def test_declared_questions_are_asked_as_they_are_declared(declared: Declarations) -> None:
    asked = [(question.question, question.variant, question.against) for question in questions(declared)]
    assert asked == [(pair.question, pair.variant, pair.against) for pair in declared.comparisons]


def test_every_declared_variant_has_a_row_and_only_a_scored_one_numbers(declared: Declarations, tmp_path: Path) -> None:
    rows = report(declared, tmp_path, sft_r128=10).results.rows
    assert [row.variant for row in rows] == list(declared.declared_variants)
    assert {row.variant for row in rows if any(row.estimates.values())} == {"sft_r128"}


def test_gains_are_against_base_on_the_items_of_both(declared: Declarations, tmp_path: Path) -> None:
    gains = report(declared, tmp_path, base=30, sft_r128=10).gains
    [gain] = [gain for gain in gains if gain.found is not None]
    assert gain.asked.variant == "sft_r128"
    assert gain.found is not None
    assert (gain.found.difference, gain.found.n_shared) == (-0.5, 40)


def test_without_base_no_gain_is_reported(declared: Declarations, tmp_path: Path) -> None:
    alone = report(declared, tmp_path, sft_r128=10)
    assert alone.gains == []
    assert alone.skills == {}


def test_scores_that_no_adapter_stands_behind_cost_no_training(declared: Declarations, tmp_path: Path) -> None:
    costs = report(declared, tmp_path, sft_r128=10).costs
    assert {variant: cost.seconds for variant, cost in costs.items()} == {"sft_r128": 0}
