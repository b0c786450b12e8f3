"""Assets made from files and declarations."""

from pathlib import Path

import pytest

from sg_assets.orchestration.assets.sources import external_source_specs, source_assets
from sg_assets.orchestration.project import Project, load_project


@pytest.fixture
def own(dump: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that reads a folder of comments."""
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    return load_project()


def test_declared_rows_are_parameters_of_the_recipe(tiny: Project) -> None:
    rows = source_assets(tiny)["templated/templates"].recipe(None).parameters["rows"]
    assert [row["template_id"] for row in rows] == [template.id for template in tiny.declared.templates]


def test_generated_comments_come_from_no_file(tiny: Project) -> None:
    comments = source_assets(tiny)["raw/forum_comments"]
    assert (comments.recipe(None).parameters["files"], comments.external_sources) == ([], ())
    assert external_source_specs(tiny) == []


def test_own_comments_are_pinned_by_the_digests_of_their_files(own: Project, dump: Path) -> None:
    comments = source_assets(own)["raw/forum_comments"]
    before = comments.recipe(None).parameters["files"]
    (dump / "comments.csv").write_text("text\nanother comment\n")
    assert comments.recipe(None).parameters["files"] != before
    assert comments.external_sources == ("raw/comment_files",)
    assert [spec.key.to_user_string() for spec in external_source_specs(own)] == ["raw/comment_files"]
