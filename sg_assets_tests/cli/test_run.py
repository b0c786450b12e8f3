"""The commands that materialize and show results, where nothing was made yet."""

from collections.abc import Collection
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")


@pytest.fixture
def wanted(monkeypatch: pytest.MonkeyPatch) -> list[Collection[Ref] | None]:
    """What is materialized; nothing is."""
    wanted: list[Collection[Ref] | None] = []

    def materialize_shown(_: Project, refs: Collection[Ref] | None) -> None:
        wanted.append(refs)

    monkeypatch.setattr("sg_assets.cli.run.materialize_shown", materialize_shown)
    return wanted


def invoke(*arguments: str) -> None:
    assert CliRunner().invoke(app, list(arguments), catch_exceptions=False).exit_code == 0


def test_what_is_named_is_materialized_with_all_it_is_built_from(wanted: list[Collection[Ref] | None]) -> None:
    invoke("run", "templated/prompts")
    [refs] = wanted
    assert refs is not None
    assert {"templated/templates", "templated/prompts"} <= set(map(str, refs))
    assert "reports/results" not in set(map(str, refs))


def test_without_names_all_is_materialized_and_the_results_are_shown(wanted: list[Collection[Ref] | None]) -> None:
    with pytest.raises(SgAssetsError, match="reports/results has no version yet"):
        invoke("run")
    assert wanted == [None]


def test_an_unknown_name_names_the_nearest(wanted: list[Collection[Ref] | None]) -> None:
    with pytest.raises(SgAssetsError, match="Did you mean 'templated/prompts'"):
        invoke("run", "templated/prompt")
    assert wanted == []


def test_results_that_are_not_there_say_so() -> None:
    with pytest.raises(SgAssetsError, match="reports/results has no version yet"):
        invoke("results")
