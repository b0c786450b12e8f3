import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sg_assets.demo.leaderboard_items import items
from sg_assets.leaderboard.spec import LeaderboardSpec
from sg_assets_tests.demo.declared import refusals, templates
from sg_assets_tests.leaderboard.published import write_data_sets
from sg_assets_tests.paths import PROJECT

Job = Callable[..., subprocess.CompletedProcess[str]]


def command(spec: LeaderboardSpec, folder: Path) -> list[str]:
    file = folder / "spec.json"
    file.write_text(spec.model_dump_json())
    return [sys.executable, "-m", "sg_assets.leaderboard.job", str(file)]


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(folder / "cache"), "PYTHONPATH": str(PROJECT),
        "NLTK_DATA": str(folder),
    }  # fmt: skip


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the stand-in for the hub, where jobs run."""
    folder = tmp_path_factory.mktemp("leaderboard")
    write_data_sets(folder)
    return folder


@pytest.fixture
def job(work: Path, tmp_path: Path) -> Job:
    """Runs the job as its own process, as Dagster does."""

    def run(spec: LeaderboardSpec) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(spec, tmp_path), cwd=work, env=environment(work), capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture(scope="session")
def long_model(micro_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The micro model for long chats: IFEval and MATH ask for up to 1280 new tokens."""
    folder = tmp_path_factory.mktemp("long") / "base"
    shutil.copytree(micro_model, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"max_position_embeddings": 4096}))
    return folder


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's items, few of them."""
    file = tmp_path_factory.mktemp("items") / "items.parquet"
    items(0, 4, templates(), refusals()).write_parquet(file)
    return file


def spec_of(model: Path, kept: Path, **more: Any) -> LeaderboardSpec:
    plain: dict[str, Any] = {
        "variant": "base", "base_model": model, "kept": kept, "apply_chat_template": True,
        "fewshot_as_multiturn": True, "batch_size": 16, "dtype": "float32", "device": "cpu", "threads": 1,
    }  # fmt: skip
    return LeaderboardSpec(**plain | more)
