"""What `sg-assets show --code` prints."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.statistics.rates import estimate
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Code
from sg_assets.store.refs import Ref
from sg_assets.store.step import Recipe, Workspace, run_step
from sg_assets.store.step_code import code_of
from sg_assets.store.store import Store

SCORE = Ref.parse("scores/sg_safety[base]")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    return tmp_path / "tiny"


def shown(*arguments: str) -> str:
    ended = CliRunner().invoke(app, ["show", "--code", *arguments], catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    return ended.output


def recorded(home: Path, recipe: Recipe) -> str:
    def work(workspace: Workspace) -> None:
        workspace.result_folder.mkdir()
        (workspace.result_folder / "file").write_text("content")

    store = Store(home / "store", "tiny")
    return run_step(store, SCORE, (), recipe, work, run_id="run", log=lambda _: None).manifest.version


def test_the_code_of_a_step_is_listed_by_module_with_what_is_left_out(home: Path) -> None:
    lines = shown("judgements/sg_safety[base]").splitlines()
    assert lines[0].startswith("judgements/sg_safety[base]: ")
    assert lines[0].endswith("as installed")
    module = lines.index("sg_assets.judging.judgements_step")
    assert " judge_answers  line " in lines[module + 1]
    assert any(line.startswith("  sg_assets.errors.SgAssetsError: errors: ") for line in lines)
    assert "Library polars" in lines


def test_the_code_of_a_version_is_listed_as_recorded(home: Path) -> None:
    code = code_of([estimate])
    version = recorded(home, Recipe(code.record, code.texts, {}, contract=Contract()))
    output = shown(version)
    assert f"{SCORE} {version}" in output
    assert "the package as installed" in output
    assert "  estimate" in output


def test_a_version_recorded_by_modules_lists_these(home: Path) -> None:
    version = recorded(home, Recipe(Code(fingerprint="a", texts={"sg_assets.old": "b" * 32}), {}, {}))
    assert "sg_assets.old  bbbbbbbb" in shown(version)


def test_a_step_that_nothing_makes_is_named_with_the_nearest(home: Path) -> None:
    ended = CliRunner().invoke(app, ["show", "--code", "judgements/sg_safety[bose]"])
    assert "no step makes" in str(ended.exception)
    assert "judgements/sg_safety[base]" in str(ended.exception)
