"""Lists whose order means nothing are taken in the order that versions recorded."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from sg_assets.declarations.graph_building import graph_of
from sg_assets.declarations.kinds.registry import KINDS
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.order_free import ORDER_FREE, in_recorded_order, order_free
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.replicates import with_replicates

ASSETS = {
    "templated/templates": "rows",
    "synthesized/few_shots": "rows",
    "synthesized/lexicon": "rows",
    "scores/objectives": "objectives",
    "adapters/sft": "target_modules",
    "adapters/kto": "target_modules",
}
OTHER = ["reports/results", "scores/sg_safety", "raw/forum_comments", "models/chat"]


@pytest.mark.parametrize("asset", ASSETS)
def test_any_order_is_the_recorded_one(asset: str) -> None:
    name, recorded = ASSETS[asset], ["a", "b", {"c": 1, "d": [2]}, "e"]
    for order in permutations(recorded):
        today = {name: list(order), "other": [2, 1]}
        assert in_recorded_order(asset, today, lambda: [{name: recorded}]) == {name: recorded, "other": [2, 1]}


@pytest.mark.parametrize("recorded", [[], ["a"], ["a", "a"], ["a", "b", "b"], ["a", "c"], ["a", ["b"]]])
def test_other_entries_leave_the_declared_order(recorded: list[Any]) -> None:
    today = {"rows": ["b", "a"]}
    assert in_recorded_order("templated/templates", today, lambda: [{"rows": recorded}, {}]) == today


def test_the_current_version_s_order_comes_first() -> None:
    versions = [{"rows": [3, 1, 2]}, {"rows": [1, 2, 3]}]
    assert in_recorded_order("templated/templates", {"rows": [1, 2, 3]}, lambda: versions) == {"rows": [3, 1, 2]}


@pytest.mark.parametrize("asset", OTHER)
def test_other_lists_keep_their_order_and_read_no_version(asset: str) -> None:
    def never() -> list[Any]:
        raise AssertionError("versions were read")

    assert in_recorded_order(asset, {"rows": [2, 1]}, never) == {"rows": [2, 1]}


def test_every_entry_is_of_a_kind_of_asset() -> None:
    patterns = {kind.pattern for kind in KINDS}
    assert patterns >= ORDER_FREE.keys()
    assert all(order_free(asset) == name for asset, name in ASSETS.items())


def test_the_order_of_objectives_moves_no_input(declared: Declarations) -> None:
    shipped = declared.profile.objectives
    inputs = set()
    for order in permutations(shipped):
        profile = declared.profile.model_copy(update={"objectives": order})
        graph = graph_of(replace(declared, profile=profile), Problems(), generated_comments=True)
        inputs.add(graph.inputs("scores/objectives", "sft_r128"))
    assert len(inputs) == 1


def test_the_order_of_further_seeds_moves_no_input(declared: Declarations) -> None:
    runs = []
    for seeds in permutations([3, 1, 2]):
        replicates = {"seeds": list(seeds), "variants": ["sft_r128"]}
        profile = declared.profile.model_validate({**declared.profile.model_dump(), "replicates": replicates})
        runs.append(with_replicates(profile, declared.variants, Problems())[1])
    assert all(run == runs[0] for run in runs)
