"""Accepting versions on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.manifests import Manifest
from sg_assets_tests.orchestration.older import LEXICON, TEMPLATES, changed_column, made_by_older_code

pytestmark = pytest.mark.slow


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    return load_project()


@pytest.fixture
def made(project: Project) -> Manifest:
    return made_by_older_code(project, TEMPLATES)


def output(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def accept(*arguments: str, exit_code: int = 0) -> str:
    return output("accept", *arguments, "--why", "renamed", exit_code=exit_code)


def state(name: str) -> str:
    [partition] = json.loads(output("status", name, "--format", "json"))["partitions"]
    return str(partition["state"])


def test_the_diff_is_shown_and_the_acceptance_recorded(project: Project, made: Manifest) -> None:
    shown = accept(TEMPLATES, "--yes")
    assert "-def old():" in shown
    assert f"affects {TEMPLATES}" in shown
    assert shown.endswith("1 accepted: renamed\n")
    assert state(TEMPLATES) == "current"
    assert "accepted" in output("versions", TEMPLATES)


def test_nothing_is_recorded_unless_somebody_says_yes(project: Project, made: Manifest) -> None:
    assert "Nothing was recorded. Add --yes" in accept(TEMPLATES, exit_code=1)
    assert project.store.marks.all() == {}


def test_what_is_current_already_is_counted_and_nothing_is_asked(project: Project, made: Manifest) -> None:
    accept(TEMPLATES, "--yes")
    assert accept(TEMPLATES) == "0 to accept, 1 current already\n"


def test_a_refusal_is_told_and_ends_in_1(project: Project, made: Manifest) -> None:
    project.store.path(made).write_bytes(b"torn")
    output_lines = accept(TEMPLATES, "--yes", exit_code=1)
    assert f"Refused: {TEMPLATES}: the content of {made.version} is damaged" in output_lines
    assert f"sg-assets backfill '{TEMPLATES}'" in output_lines


def test_a_check_says_what_it_made_again(project: Project, made: Manifest) -> None:
    assert f"equal to {made.version}" in accept(TEMPLATES, "--check", "--yes")


def test_a_check_that_fails_names_where_and_records_nothing(project: Project) -> None:
    made_by_older_code(project, LEXICON, changed_column("meaning"))
    with pytest.raises(
        SgAssetsError, match=r"today's code makes content that differs from .*: first at .*Nothing is accepted"
    ):
        accept(LEXICON, "--check", "--yes")
    assert project.store.marks.all() == {}


def test_undoing_says_what_it_undoes(project: Project, made: Manifest) -> None:
    accept(TEMPLATES, "--yes")
    assert "Nothing was recorded" in accept(TEMPLATES, "--undo", exit_code=1)
    output_lines = accept(TEMPLATES, "--undo", "--yes")
    assert f"{TEMPLATES} {made.version}: accepted on" in output_lines
    assert state(TEMPLATES) == "out of date"


def test_undoing_where_nothing_holds_is_an_error(project: Project, made: Manifest) -> None:
    with pytest.raises(SgAssetsError, match="none of the named partitions has an acceptance"):
        accept(TEMPLATES, "--undo", "--yes")
