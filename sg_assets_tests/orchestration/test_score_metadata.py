"""What a materialization shows of a table of scores."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.orchestration.project import load_project
from sg_assets.orchestration.score_metadata import score_table
from sg_assets.store.refs import Ref
from sg_assets_tests.store.steps import published


def test_whole_slices_are_the_overview_and_those_within_stand_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    project = load_project()
    scores = pl.DataFrame(
        {
            "metric": "rate", "slice": ["unsafe", "unsafe:template=roast"], "value": [0.25, 0.5], "n": [40, 4],
            "low": [0.2, None], "high": [0.3, None],
        }
    )  # fmt: skip
    manifest = published(project.store, "scores/sg_safety[base]", scores)
    shown = score_table(project)(manifest)
    assert manifest.ref == Ref.parse("scores/sg_safety[base]")
    assert shown["rate_unsafe"].value == 0.25
    assert "| rate | unsafe | 25.0% | 20.0% to 30.0% | 40 |" in str(shown["scores"].value)
    assert "| rate | unsafe:template=roast | 50.0% | none | 4 |" in str(shown["scores_within"].value)
    assert "template=roast" not in str(shown["scores"].value)
