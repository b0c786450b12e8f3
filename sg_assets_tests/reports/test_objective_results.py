"""The step that tests objectives, and what cards read of it."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.records.objective import Objective
from sg_assets.reports.objective_results import bound_of, judge_objectives, objective_statuses
from sg_assets.statistics.rates import estimate
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import new_store, published, workspace


def objective(name: str, **fields: object) -> Objective:
    given = {
        "id": name,
        "description": f"{name} holds.",
        "kind": "primary",
        "benchmark": "b",
        "metric": "rate",
        "slice": "all",
    }
    return Objective.model_validate({**given, **fields})


FEW = objective("few", at_most=0.5, blocks_release=True)
FEWER = objective("fewer", at_most=-0.1, against_base=True)


def scored(store: Store, variant: str, values: list[float]) -> tuple[Manifest, Manifest]:
    names = [f"i{n:02}" for n in range(len(values))]
    items = pl.DataFrame({"metric": "rate", "slice": "all", "item_id": names, "cluster_id": names, "value": values})
    estimates = estimate(items)
    return published(store, f"scores/b[{variant}]", estimates), published(store, f"scores/b_items[{variant}]", items)


def outcomes(tmp_path: Path, variant: str) -> list[tuple[object, ...]]:
    store = new_store(tmp_path)
    given = [*scored(store, "base", [1.0] * 40), *scored(store, "sft", [0.0] * 40)]
    with workspace(store, f"scores/objectives[{variant}]", *given) as work:
        judge_objectives(work, [FEW, FEWER], {})
        return pl.read_parquet(work.table_file).select("objective", "outcome", "blocks_release", "variant").rows()


def test_a_variant_is_held_to_bounds_and_compared_with_base(tmp_path: Path) -> None:
    assert outcomes(tmp_path, "sft") == [("few", "met", True, "sft"), ("fewer", "met", False, "sft")]


def test_base_is_held_to_bounds_alone(tmp_path: Path) -> None:
    assert outcomes(tmp_path, "base") == [("few", "not met", True, "base")]


@pytest.mark.parametrize(("benchmark", "unit"), [("b", "share"), ("leaderboard", "score"), ("divergence", "cosine")])
def test_the_unit_of_a_bound_is_its_score_s(benchmark: str, unit: str) -> None:
    assert bound_of(objective("x", benchmark=benchmark, at_least=0)).unit == unit


def test_statuses_are_of_the_objectives_that_were_tested(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    row = {
        "objective": "few",
        "kind": "primary",
        "outcome": "not met",
        "finding": "not met: 9 %",
        "blocks_release": True,
    }
    with workspace(
        store, "reports/model_card[sft]", published(store, "scores/objectives[sft]", pl.DataFrame([row]))
    ) as work:
        [status] = objective_statuses(work, [FEW, FEWER])
    assert (status.objective, status.description, status.holds_back) == ("few", "few holds.", True)


def test_without_results_there_are_no_statuses(tmp_path: Path) -> None:
    with workspace(new_store(tmp_path), "reports/model_card[sft]") as work:
        assert objective_statuses(work, [FEW]) == []
