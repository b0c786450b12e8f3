"""Every change of the graph is a diff."""

from pathlib import Path

import pytest

from sg_assets.orchestration.project import load_project
from sg_assets_tests.orchestration.snapshot import GOLDEN, snapshot


def test_the_demo_s_graph_is_the_reviewed_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SG_PROFILE", "demo")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    graph = snapshot(load_project())
    hint = "the graph changed: if intended, run `python -m sg_assets_tests.orchestration.snapshot` and review the diff"
    assert graph == GOLDEN.read_text(encoding="utf-8"), hint
