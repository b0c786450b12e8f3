"""The command that follows a score."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

pytestmark = pytest.mark.slow

SCORE = "scores/sg_safety[sft_r128]"


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Manifest]:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    monkeypatch.setenv("COLUMNS", "140")
    store = Store(tmp_path / "home" / "demo" / "store", "demo")
    stricter = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})
    return [World().build(store, "1"), World(rank=64).build(store, "2"), stricter.build(store, "3")]


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["history", SCORE, *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_latest_previous_and_best_and_the_causes_of_each_step_are_told(versions: list[Manifest]) -> None:
    text = output()
    assert "(step 3), previous" in text
    assert "training parameter rank: 32 (declared 128) -> 16 (declared 64)" in text
    assert "threshold thresholds.is_toxic: 0.5 -> 0.3" in text
    assert all(version.version in text for version in versions)


def test_what_is_left_out_is_said(versions: list[Manifest]) -> None:
    assert "2 earlier steps are not shown (--all shows all)" in output("--last", "1")
    assert "not shown" not in output("--last", "1", "--all")


def test_programs_get_every_step_and_every_asked_score(versions: list[Manifest]) -> None:
    document = json.loads(output("--metric", "toxicity_rate", "--slice", "unsafe", "--format", "json"))
    assert [step["version"] for step in document["steps"]] == [version.version for version in versions]
    assert [[score["metric"] for score in step["scores"]] for step in document["steps"]] == [["toxicity_rate"]] * 3
    assert document["steps"][2]["scores"][0]["significance"]["verdict"].startswith("moved on these items")
    assert [cause["kind"] for cause in document["steps"][2]["causes"]] == ["threshold", "training parameter"]
    assert (document["standings"][0]["latest"], document["standings"][0]["previous"]) == (3, 2)


@pytest.mark.parametrize(
    ("form", "start"), [("html", "<!DOCTYPE html>"), ("md", "# History of scores/"), ("json", "{"), ("text", "History")]
)
def test_every_format_goes_to_the_terminal_and_to_a_file(
    versions: list[Manifest], tmp_path: Path, form: str, start: str
) -> None:
    assert output("--format", form).startswith(start)
    assert output("--format", form, "--out", str(tmp_path / "out")) == ""
    assert (tmp_path / "out").read_text().startswith(start)


def test_a_slice_that_is_not_there_names_the_nearest(versions: list[Manifest]) -> None:
    with pytest.raises(SgAssetsError, match=r"no slice 'unsaf'\. Did you mean 'unsafe'"):
        output("--slice", "unsaf")
