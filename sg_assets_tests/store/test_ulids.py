"""Records of a log sort by the order they were written in."""

from pathlib import Path

from sg_assets.store.refs import Ref
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing


def test_a_newer_version_is_current_though_the_clock_went_back(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    (entry,) = (store.root / "heads/raw/t/-").iterdir()
    entry.rename(entry.with_name(f"02{entry.name[2:]}"))  # the same ULID, decades later
    newer = step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2").manifest
    assert store.head(Ref.parse("raw/t")) == newer
