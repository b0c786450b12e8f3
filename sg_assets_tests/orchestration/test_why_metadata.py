"""What a materialization shows of a score's change and of its history."""

from pathlib import Path

import pytest

from sg_assets.orchestration.project import load_project
from sg_assets.orchestration.why_metadata import what_changed
from sg_assets_tests.lineage.world import World

STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    return tmp_path


def test_the_materialization_tells_the_history(root: Path) -> None:
    project = load_project()
    assert what_changed(project, World().build(project.store, "1")) == {}
    shown = what_changed(project, STRICTER.build(project.store, "2"))
    history = str(shown["history"].value)
    assert "thresholds.is\\_toxic: 0.5" in history
    assert "best" in history
    assert "sg-assets history 'scores/sg_safety[sft_r128]'" in history
    assert "data:image/png;base64," in str(shown["history_picture"].value)
