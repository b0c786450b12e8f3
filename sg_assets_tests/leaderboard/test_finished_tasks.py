"""The results of finished tasks."""

import json
from pathlib import Path

import polars as pl
import pytest

from sg_assets.demo.leaderboard_items import items
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.finished_tasks import finished_facts, finished_items, leaderboard_tasks
from sg_assets.leaderboard.job import FACTS, ITEMS
from sg_assets.leaderboard.normalisation import PUBLISHED
from sg_assets.training.checkpoints import seal
from sg_assets_tests.demo.declared import refusals, templates


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Two finished tasks."""
    for name in ("musr", "bbh"):
        (tmp_path / name).mkdir()
        pl.DataFrame({"slice": [name]}).write_parquet(tmp_path / name / ITEMS)
        (tmp_path / name / FACTS).write_text(json.dumps({"shots": len(name)}))
        seal(tmp_path / name)
    return tmp_path


def test_items_come_in_the_order_of_the_tasks_asked_for(kept: Path) -> None:
    assert finished_items(kept, ("bbh", "musr"))["slice"].to_list() == ["bbh", "musr"]


def test_facts_are_by_task(kept: Path) -> None:
    assert finished_facts(kept, ("musr",)) == {"musr": {"shots": 4}}


def test_a_task_that_lost_a_file_is_named(kept: Path) -> None:
    (kept / "musr" / ITEMS).unlink()
    with pytest.raises(SgAssetsError, match="tasks without a result: musr, gpqa"):
        finished_items(kept, ("musr", "bbh", "gpqa"))


def test_tasks_are_the_published_ones_or_those_of_generated_items(tmp_path: Path) -> None:
    assert leaderboard_tasks(("musr",), None) == [PUBLISHED["musr"]]
    items(0, 4, templates(), refusals()).write_parquet(tmp_path / "items.parquet")
    [generated] = leaderboard_tasks(("musr",), tmp_path / "items.parquet")
    assert generated.name == "musr"
    assert generated != PUBLISHED["musr"]
