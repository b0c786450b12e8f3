"""What a materialization shows."""

from pathlib import Path

from sg_assets.assets.metadata import describe
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


def test_how_long_checks_took_is_shown_beside_how_long_all_took(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    outcome = step(store, "raw/table", writing(ROWS))
    shown = describe(outcome, store, ())
    assert shown["checks_seconds"].value == outcome.manifest.checks_seconds
    assert shown["seconds"].value == round(outcome.manifest.seconds, 3)
