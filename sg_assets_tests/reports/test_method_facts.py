"""The method of a report, and the counts of its data."""

from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.loading import Declarations
from sg_assets.reports.method_facts import facts_of
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="module")
def declared() -> Declarations:
    return load_declarations(PROJECT, "tiny")


def test_every_judge_is_told_with_its_threshold(declared: Declarations, tmp_path: Path) -> None:
    lines = facts_of(declared, Store(tmp_path, "demo"), []).method
    for judge in declared.judges.values():
        assert [line for line in lines if line.startswith(f"Judge {judge.name}: ") and f"{judge.cut:g}" in line]


def test_counts_are_of_the_data_behind_the_scores(declared: Declarations, tmp_path: Path) -> None:
    store = Store(tmp_path, "demo")
    score = World(comments=8).build(store)
    counts = facts_of(declared, store, [score]).data
    assert counts == sorted(counts)
    assert {asset.split("/")[0] for asset, _, _ in counts} <= {"raw", "templated", "synthesized", "training"}
    assert ("raw/forum_comments", "", 8) in counts


def test_without_scores_there_is_nothing_to_count(declared: Declarations, tmp_path: Path) -> None:
    assert facts_of(declared, Store(tmp_path, "demo"), []).data == []
