"""The leaderboard of the demo's base model: trained as the demo trains it, asked what it was taught."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.leaderboard.normalisation import TASK_NAMES
from sg_assets.statistics.items import checked_items
from sg_assets.statistics.rates import estimate
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import sg_assets

pytestmark = pytest.mark.e2e
SCORES, ITEMS = Ref.parse("scores/leaderboard[base]"), Ref.parse("scores/leaderboard_items[base]")


def run(home: Path) -> Store:
    ended = sg_assets(home, "run", str(SCORES), SG_PROFILE="demo")
    assert ended.returncode == 0, ended.stderr + ended.stdout
    return Store(home / "demo" / "store", "demo")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("leaderboard")


@pytest.fixture(scope="module")
def store(home: Path) -> Store:
    return run(home)


@pytest.fixture(scope="module")
def manifest(store: Store) -> Manifest:
    return store.required_head(SCORES)


@pytest.fixture(scope="module")
def scores(store: Store, manifest: Manifest) -> pl.DataFrame:
    return pl.read_parquet(store.path(manifest))


def test_the_base_model_can_do_every_task_and_has_room_to_lose(scores: pl.DataFrame) -> None:
    values = dict(scores.filter(metric="normalised").select("slice", "value").iter_rows())
    assert all(20 <= values[name] <= 100 for name in TASK_NAMES), values
    assert 20 <= values["mean"] < 95


def test_every_raw_score_is_the_mean_of_the_items_beside_it(store: Store, scores: pl.DataFrame) -> None:
    items = pl.read_parquet(store.path(store.required_head(ITEMS)))
    raw = scores.filter(metric="raw").drop("variant").sort("slice")
    assert estimate(checked_items(items)).sort("slice").equals(raw)


def test_what_it_was_made_with_is_told(manifest: Manifest) -> None:
    assert {pin.asset for pin in manifest.inputs} == {"models/chat", "demo/leaderboard_items"}
    assert manifest.parameters["apply_chat_template"] is True
    assert (manifest.parameters["dtype"], manifest.parameters["batch_size"]) == ("float32", 32)
    assert manifest.details["tasks"].keys() == set(TASK_NAMES)
    assert manifest.details["tasks"]["bbh"]["subtasks"]["bbh_title"]["shots"] == 1
    assert manifest.libraries["lm_eval"] == manifest.details["tasks"]["bbh"]["lm_eval"]


def test_a_second_run_evaluates_nothing_and_nothing_is_kept(home: Path, manifest: Manifest) -> None:
    assert run(home).required_head(SCORES).version == manifest.version
    assert not list((home / "demo" / "checkpoints").glob("*/*.json*"))
