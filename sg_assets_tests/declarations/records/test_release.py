"""Which variants are released, as a profile declares it."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations.batches import batches
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.project_declarations import read_project
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def graph(project: Path, release: str) -> Graph:
    with (project / "models/profiles/tiny.yaml").open("a") as profile:
        profile.write(f"release: {release}\n")
    return read_project(project, "tiny", generated_comments=True).graph


@pytest.mark.parametrize("profile", ["demo", "tiny", "paper"])
def test_nothing_is_released_by_default(profile: str) -> None:
    assert "reports/release" not in read_project(PROJECT, profile, generated_comments=True).graph.nodes


def test_a_release_reads_the_adapter_its_card_its_model_and_its_objectives(project: Path) -> None:
    released = graph(project, "{variants: [sft_kto]}")
    assert released.nodes["reports/release"].partitions == ("sft_kto",)
    assert {str(ref) for ref in released.inputs("reports/release", "sft_kto")} == {
        "models/chat[base]", "adapters/kto[sft_kto]", "reports/model_card[sft_kto]", "scores/objectives[sft_kto]",
    }  # fmt: skip


def test_releases_come_last_and_apart(project: Path) -> None:
    planned = batches(graph(project, "{variants: [sft_kto, sft_dpo]}"))
    assert [batch.title for batch in planned[-2:]] == ["reports/release [sft_kto]", "reports/release [sft_dpo]"]


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ("{variants: [sft_kot]}", r"tiny\.yaml, release\.variants: the profile runs no variant 'sft_kot'.*'sft_kto'"),
        ("{variants: [sft_r16]}", "the profile runs no variant 'sft_r16'"),
        ("{variants: [base]}", "'base' has no adapter"),
        ("{variants: [sft_kto, sft_kto]}", "'sft_kto' is named twice"),
        ("{despite: [local_toxcity]}", r"'local_toxcity' is not an objective that blocks a release.*'local_toxicity'"),
        ("{despite: [toxigen_not_worse]}", "'toxigen_not_worse' is not an objective that blocks a release"),
        ("{pushed: true}", "unknown key 'release.pushed'"),
    ],
)
def test_what_cannot_be_released_is_told(project: Path, release: str, message: str) -> None:
    with pytest.raises(SgAssetsError, match=message):
        graph(project, release)
