"""The command line on a small store."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli import app
from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, step, writing


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Manifest]:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "demo")
    store = Store(tmp_path / "demo" / "store", "demo")
    first = step(store, "raw/t", writing(ROWS), run_id="1").manifest
    second = step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2").manifest
    scored = step(store, "scores/s[base]", writing(ROWS), ["raw/t"], run_id="3").manifest
    return [first, second, scored]


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_versions_are_listed_newest_first_with_the_current_one_marked(made: list[Manifest]) -> None:
    lines = [line.split() for line in output("versions", "raw/t").splitlines()[1:]]
    assert [line[:2] for line in lines] == [["*", made[1].version], [made[0].version, lines[1][1]]]


def test_a_version_id_is_never_cut(made: list[Manifest]) -> None:
    assert made[0].version in output("versions", "raw/t")


def test_an_asset_without_partition_lists_all_of_them(made: list[Manifest]) -> None:
    assert made[2].version in output("versions", "scores/s")
    assert made[2].version in output("versions", "scores/s[base]")


def test_an_unknown_asset_names_the_nearest(made: list[Manifest]) -> None:
    with pytest.raises(SgAssetsError, match=r"scores/t has no version\. Did you mean 'scores/s'"):
        output("versions", "scores/t")


def test_a_version_shows_what_it_was_made_from(made: list[Manifest]) -> None:
    assert Manifest.model_validate_json(output("show", made[2].version)) == made[2]


@pytest.mark.parametrize("version", ["nope", "../../etc/passwd", "*"])
def test_an_unknown_version_says_how_to_list_them(made: list[Manifest], version: str) -> None:
    with pytest.raises(SgAssetsError, match="sg-assets versions"):
        output("show", version)


@pytest.mark.parametrize(("options", "kept"), [((), True), (("--delete",), False)])
def test_leftovers_are_removed_only_when_asked(
    made: list[Manifest], tmp_path: Path, options: tuple[str], kept: bool
) -> None:
    stray = tmp_path / "demo" / "store" / "staging" / "stray"
    stray.write_text("12345")
    os.utime(stray, (0, 0))
    assert "1 leftovers, 5 bytes" in output("clean", *options)
    assert stray.exists() == kept
