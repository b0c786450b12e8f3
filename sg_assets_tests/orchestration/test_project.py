"""A project: what is declared, and where it is kept."""

from pathlib import Path

import pytest

from sg_assets.orchestration.project import Project, load_project
from sg_assets.statistics.rates import estimate


def test_loading_writes_no_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    project = load_project()
    assert not (tmp_path / "tiny/store").exists()
    assert project.store is project.store
    assert (tmp_path / "tiny/store/store.json").is_file()


def test_a_recipe_counts_the_code_that_its_work_reaches(tiny: Project) -> None:
    recipe = tiny.recipe([estimate], {"n": 1}, key=("metric",))
    assert (recipe.parameters, recipe.contract.key) == ({"n": 1}, ("metric",))
    assert recipe.code.listing in recipe.code_texts


def test_a_library_is_named_once_however_it_is_written(tiny: Project) -> None:
    recipe = tiny.recipe([estimate], libraries=["Scipy", "scikit_learn"])
    assert recipe.libraries == ("Scipy", "polars", "scikit_learn")


def test_another_text_is_another_recipe(tiny: Project) -> None:
    first, second = (tiny.recipe([estimate], queries=[("a.sql", text)]).code for text in ("SELECT 1", "SELECT 2"))
    assert first.fingerprint != second.fingerprint
