"""The check ``score_moved``."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.checks.score_moved import score_moved
from sg_assets.orchestration.headline_scores import directions, headline_scores
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.manifests import Manifest
from sg_assets_tests.lineage.world import World
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for part in ("models", "sql"):
        shutil.copytree(PROJECT / part, tmp_path / "project" / part)
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROJECT", str(tmp_path / "project"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    return tmp_path / "project"


def declare(root: Path, moved_by: str) -> Project:
    """The project with another size for the toxicity of unsafe prompts."""
    path = root / "models/benchmarks/sg_safety.yaml"
    lines = path.read_text().splitlines()
    [number] = [number for number, line in enumerate(lines) if "metric: toxicity_rate" in line]
    lines[number] = lines[number].partition(", moved_by")[0].rstrip("}") + f", moved_by: {moved_by}}}"
    path.write_text("\n".join(lines))
    return load_project()


def look(project: Project, manifest: Manifest) -> dg.AssetCheckResult:
    return score_moved(project).evaluate(manifest)


def test_a_first_version_passes_and_says_why(root: Path) -> None:
    project = load_project()
    evaluation = look(project, World().build(project.store, "1"))
    assert evaluation.passed
    assert evaluation.description == "no version before"


def test_a_significant_move_warns_with_numbers_causes_and_the_command(root: Path) -> None:
    project = declare(root, "0.01")
    before, after = World().build(project.store, "1"), STRICTER.build(project.store, "2")
    evaluation = look(project, after)
    assert (evaluation.passed, evaluation.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert (evaluation.description or "").startswith("toxicity_rate, unsafe: +")
    assert evaluation.metadata["version_before"].value == before.version
    assert float(str(evaluation.metadata["toxicity_rate_unsafe"].value)) > 0.01
    assert "1.00 % | moved" in str(evaluation.metadata["scores"].value)
    assert "thresholds.is\\_toxic" in str(evaluation.metadata["causes"].value)
    assert f"--to {after.version}" in str(evaluation.metadata["causes"].value)


def test_a_move_below_the_declared_size_passes(root: Path) -> None:
    project = declare(root, "0.9")
    World().build(project.store, "1")
    evaluation = look(project, STRICTER.build(project.store, "2"))
    assert evaluation.passed
    assert "moved by less than the declared size" in str(evaluation.metadata["scores"].value)


def test_a_move_within_noise_passes(root: Path) -> None:
    project = load_project()
    World().build(project.store, "1")
    evaluation = look(project, World(rank=64).build(project.store, "2"))
    assert evaluation.passed
    assert "within noise" in str(evaluation.metadata["scores"].value)


def test_equal_content_passes(root: Path) -> None:
    project = load_project()
    world = World()
    world.build(project.store, "1")
    again = World(metrics_sql=f"{world.metrics_sql.rstrip()} AND true").build(project.store, "2")
    assert look(project, again).description == "the same content as the version before"


def test_a_lost_version_before_passes_and_is_told(root: Path) -> None:
    project = load_project()
    before, after = World().build(project.store, "1"), STRICTER.build(project.store, "2")
    (project.store.home / f"manifests/{before.ref.folder}/{before.version}.json").unlink()
    evaluation = look(load_project(), after)
    assert evaluation.passed
    assert "cannot be read" in (evaluation.description or "")


def test_every_table_of_scores_by_item_is_watched(root: Path) -> None:
    checks = build_definitions(load_project()).resolve_asset_graph().asset_check_keys
    watched = {"/".join(key.asset_key.path) for key in checks if key.name == "score_moved"}
    benchmarks = {f"scores/{name}" for name in load_project().declared.benchmarks}
    assert watched == {*benchmarks, "scores/divergence", "scores/leaderboard"}


@pytest.mark.parametrize("size", ["0", "-0.1", "few"])
def test_a_size_that_is_none_is_refused(root: Path, size: str) -> None:
    with pytest.raises(SgAssetsError, match=r"moved_by"):
        declare(root, size)


def test_a_misspelt_size_names_the_key(root: Path) -> None:
    path = root / "models/benchmarks/sg_safety.yaml"
    path.write_text(path.read_text().replace("better: lower, headline", "better: lower, move_by: 0.1, headline", 1))
    with pytest.raises(SgAssetsError, match=r"shown\.0\.move_by' \(line \d+\)\. Did you mean 'moved_by'"):
        load_project()


def test_leaderboard_and_divergence_have_a_good_way(root: Path) -> None:
    declared = load_project().declared
    assert {score.metric for score in headline_scores(declared, "leaderboard")} == {"raw"}
    assert directions(declared, "leaderboard")["normalised", "mean"] == "higher"
    assert directions(declared, "divergence") == {
        ("similarity", f"{name}_{label}"): "higher"
        for name, benchmark in declared.benchmarks.items() if benchmark.divergence
        for label in benchmark.divergence.shown
    }  # fmt: skip
    assert headline_scores(declared, "unknown") == ()


def test_a_leaderboard_s_size_moves_no_recipe(root: Path) -> None:
    from sg_assets.orchestration.asset_defs import asset_defs_of

    before = asset_defs_of(load_project())["scores/leaderboard"].recipe("base")
    path = root / "models/profiles/demo.yaml"
    path.write_text(path.read_text().replace("moved_by: 0.02", "moved_by: 0.05"))
    project = load_project()
    assert asset_defs_of(project)["scores/leaderboard"].recipe("base").parameters == before.parameters
    assert {score.moved_by for score in headline_scores(project.declared, "leaderboard")} == {0.05}
