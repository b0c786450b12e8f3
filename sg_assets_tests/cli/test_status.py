"""Status, plan and backfill on the command line, where nothing was made yet."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_status_of_an_empty_store_is_that_everything_is_missing() -> None:
    document = json.loads(output("status", "--format", "json"))
    assert {partition["state"] for partition in document["partitions"]} == {"missing"}


def test_a_status_can_be_asked_of_one_variant() -> None:
    document = json.loads(output("status", "sft_kto", "--format", "json"))
    names = {partition["partition"] for partition in document["partitions"]}
    assert {"adapters/kto[sft_kto]", "scores/sg_safety[sft_kto]", "reports/results"} <= names
    assert {name for name in names if "[" in name and not name.endswith("[sft_kto]")} == set()


def test_the_plan_of_a_variant_holds_its_parents_and_no_other_variant() -> None:
    runs = json.loads(output("plan", "sft_kto", "--format", "json"))["runs"]
    names = [step["partition"] for run in runs for step in run]
    assert names.index("adapters/sft[sft_r128]") < names.index("adapters/kto[sft_kto]")
    assert "adapters/dpo[sft_dpo]" not in names


def test_the_plan_says_what_it_cannot_estimate() -> None:
    assert "without an estimate" in output("plan", "sft_kto")


@pytest.mark.parametrize("command", ["status", "plan", "backfill"])
def test_a_name_that_stands_for_nothing_says_the_nearest(command: str) -> None:
    with pytest.raises(SgAssetsError, match="Did you mean 'sft_kto'"):
        output(command, "sft_ktoo")


@pytest.mark.parametrize(
    ("server", "message"), [("http://127.0.0.1:9", "no Dagster answers"), ("file:///etc", "is not an address")]
)
def test_a_server_that_is_none_says_how_to_do_without(server: str, message: str) -> None:
    with pytest.raises(SgAssetsError, match=message):
        output("backfill", "sft_kto", "--server", server)


def test_a_grid_is_planned_and_shown_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    monkeypatch.setenv("SG_PROJECT", str(tmp_path / "project"))
    (tmp_path / "project/models/variants/sweep.yaml").write_text(
        "description: x\nmethod: sft\nparent: base\nmix: balanced\n"
        "grid: {rank: [8, 16, 32], learning_rate: [0.0001, 0.0002, 0.0004, 0.0008]}\n"
    )
    profile = tmp_path / "project/models/profiles/tiny.yaml"
    profile.write_text(profile.read_text().replace("variants: [base, ", "variants: [base, sweep, "))
    steps = [
        step["partition"] for run in json.loads(output("plan", "sweep", "--format", "json"))["runs"] for step in run
    ]
    assert sum(step.startswith("adapters/sft[sweep_") for step in steps) == 12
    assert not any("sft_r128" in step for step in steps)
    states = json.loads(output("status", "sweep", "--format", "json"))["partitions"]
    assert sum(state["partition"].startswith("scores/sg_safety[sweep_") for state in states) == 12
