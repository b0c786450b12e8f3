"""What a plan says of calls and money, before and after answers are kept."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sg_assets_tests.e2e.conftest import sg_assets

pytestmark = pytest.mark.e2e


@pytest.fixture
def project(project: Path) -> Path:
    """A project whose local benchmark asks fewer items than the one that was run."""
    path = project / "models/benchmarks/sg_safety.yaml"
    path.write_text(path.read_text().replace("WHERE ", "WHERE length(prompt) % 2 = 0 AND "))
    return project


def cost(home: Path, project: Path, name: str = "responses/sg_safety") -> Any:
    ended = sg_assets(home, "plan", name, "--format", "json", SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)["cost"]


def test_answers_that_are_kept_are_no_calls_of_a_plan(home: Path, project: Path) -> None:
    planned = cost(home, project)
    assert planned["steps"] > 0
    assert (planned["calls"], planned["counted"]) == (0, True)


def test_without_kept_answers_each_request_is_a_call(home: Path, project: Path) -> None:
    shutil.rmtree(home / "tiny/answers")
    planned = cost(home, project)
    assert planned["calls"] > 0
    assert planned["counted"]
    ended = sg_assets(home, "backfill", "responses/sg_safety[base]", SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    assert 0 < cost(home, project)["calls"] < planned["calls"]
    assert cost(home, project, "responses/sg_safety[base]")["calls"] == 0


def test_answers_of_an_adapter_that_is_not_trained_are_at_most_as_many(home: Path, project: Path) -> None:
    path = project / "models/variants/sft_kto.yaml"
    path.write_text(path.read_text() + "training: {learning_rate: 0.00011}\n")
    ended = sg_assets(home, "plan", "sft_kto", SG_PROJECT=str(project))
    assert ended.returncode == 0, ended.stderr
    assert "up to" in ended.stdout


def test_money_is_told_where_a_price_is_declared_and_its_absence_where_none_is(home: Path, project: Path) -> None:
    assert (cost(home, project)["money"], cost(home, project)["unpriced"]) == (None, ["GPU time"])
    path = project / "models/profiles/tiny.yaml"
    path.write_text(path.read_text() + "prices: {currency: SGD, training_hour: 7200}\n")
    planned = cost(home, project)
    assert planned["money"] == pytest.approx(2 * planned["pool_seconds"])
    assert (planned["currency"], planned["unpriced"]) == ("SGD", [])
