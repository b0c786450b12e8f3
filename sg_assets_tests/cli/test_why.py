"""The command that explains why a number moved."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

SCORE = "scores/sg_safety[sft_r128]"
STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Manifest]]:
    """A score published twice, the second time by a stricter judge, and another variant's."""
    home = tmp_path_factory.mktemp("home")
    store = Store(home / "demo" / "store", "demo")
    versions = [World().build(store, "1"), STRICTER.build(store, "2")]
    return home, [*versions, World(variant="sft_r64", rank=64).build(store, "3")]


@pytest.fixture
def versions(built: tuple[Path, list[Manifest]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Manifest]:
    shutil.copytree(built[0], tmp_path / "home")
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    return built[1]


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["why", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def causes(*arguments: str) -> list[tuple[object, ...]]:
    document = json.loads(output(*arguments, "--format", "json"))
    return [tuple(cause[name] for name in ("kind", "name", "old", "new")) for cause in document["causes"]]


def test_the_current_version_is_explained_by_the_one_before(versions: list[Manifest]) -> None:
    text = output(SCORE)
    assert "threshold thresholds.is_toxic: 0.5 -> 0.3" in text
    assert "verdict changed: threshold" in text
    assert versions[0].version in text


def test_the_way_back_is_explained_too(versions: list[Manifest]) -> None:
    listed = causes(SCORE, "--from", versions[1].version, "--to", versions[0].version)
    assert listed == [("threshold", "thresholds.is_toxic", 0.3, 0.5)]


def test_a_variant_is_compared_with_another(versions: list[Manifest]) -> None:
    listed = causes("scores/sg_safety[sft_r64]", "--against", SCORE, "--from", versions[0].version)
    assert listed == [("training parameter", "rank", "32 (declared 128)", "16 (declared 64)")]


@pytest.mark.parametrize(
    ("form", "start"), [("html", "<!DOCTYPE html>"), ("md", "# Why scores/"), ("json", "{"), ("text", "from scores/")]
)
def test_every_format_goes_to_the_terminal_and_to_a_file(
    versions: list[Manifest], tmp_path: Path, form: str, start: str
) -> None:
    assert output(SCORE, "--format", form).startswith(start)
    assert output(SCORE, "--format", form, "--out", str(tmp_path / "out")) == ""
    assert (tmp_path / "out").read_text().startswith(start)


def test_the_benchmark_says_which_way_is_good(versions: list[Manifest]) -> None:
    # The judge flags more, so unsafe prompts' toxicity rose: that is worse by the declaration, not by its direction.
    back = output(SCORE, "--from", versions[1].version, "--to", versions[0].version)
    assert ", worse)" not in back.split("toxicity_rate, unsafe")[1].split("Rows of")[0]


def test_texts_are_shown_only_on_request(versions: list[Manifest]) -> None:
    assert "prompt: Reply" not in output(SCORE)
    assert "prompt: Reply to this: comment" in output(SCORE, "--with-text")


def test_equal_versions_point_to_the_last_other_one(versions: list[Manifest], tmp_path: Path) -> None:
    store = Store(tmp_path / "home" / "demo" / "store", "demo")
    same = replace(STRICTER, metrics_sql=f"{STRICTER.metrics_sql.rstrip()} AND true").build(store, "4")
    text = output(SCORE)
    assert same.fingerprint == versions[1].fingerprint
    assert "no change to explain" in text
    assert f"--from {versions[0].version}" in text


def test_an_unknown_partition_names_the_nearest(versions: list[Manifest]) -> None:
    with pytest.raises(SgAssetsError, match=r"scores/sg_safety\[sft_r12\] has no version\. Did you mean"):
        output("scores/sg_safety[sft_r12]")


def test_the_first_version_says_what_to_compare_with(versions: list[Manifest]) -> None:
    with pytest.raises(SgAssetsError, match="is the first version"):
        output("scores/sg_safety[sft_r64]")


def test_a_broken_declaration_does_not_hide_the_past(
    versions: list[Manifest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT / "models", project / "models")
    shutil.copytree(PROJECT / "sql", project / "sql")
    (project / "models/benchmarks/sg_safety.yaml").write_text("what: is this")
    monkeypatch.setenv("SG_PROJECT", str(project))
    assert "thresholds.is_toxic" in output(SCORE)


def test_a_threshold_is_replayed_from_what_is_stored(versions: list[Manifest]) -> None:
    text = output(SCORE, "--replay")
    assert "no model is trained or called" in text
    assert "2 sets of restored causes replayed, 0 versions made for the replay" in text


def test_models_are_not_trained_or_asked_unless_someone_says_yes(versions: list[Manifest], tmp_path: Path) -> None:
    store = Store(tmp_path / "home" / "demo" / "store", "demo")
    replace(STRICTER, seed=1, rank=64).build(store, "4")
    with pytest.raises(SgAssetsError, match=r"models would be trained or called.*Add --yes"):
        output(SCORE, "--replay")
