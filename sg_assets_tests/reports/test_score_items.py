"""The values item by item that are published with a score."""

from pathlib import Path

from sg_assets.reports.score_items import items_behind, items_pin
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World


def test_the_items_of_a_score_are_those_its_step_published(tmp_path: Path) -> None:
    store = Store(tmp_path, "demo")
    score = World(comments=8).build(store)
    pin = items_pin(score)
    assert pin is not None
    assert pin.asset == "scores/sg_safety_items"
    assert items_behind(store, score).height == store.manifest(pin.ref, pin.version).rows


def test_a_score_without_items_has_no_pin(tmp_path: Path) -> None:
    assert items_pin(World(comments=8, items_table=False).build(Store(tmp_path, "demo"))) is None
