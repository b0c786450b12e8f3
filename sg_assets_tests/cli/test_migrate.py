"""Taking over a store of the format before, on the command line."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets_tests.store.before import BEFORE


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_store_of_the_format_before_is_taken_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "demo")
    shutil.copytree(BEFORE, tmp_path / "home/demo/store")
    with pytest.raises(SgAssetsError, match="sg-assets migrate"):
        output("versions", "raw/t")
    migrated = output("migrate")
    assert "has format 3 now: 2 versions and 1 in quarantine converted" in migrated
    assert "sg-assets accept" in migrated
    assert "nothing to do" in output("migrate")
    assert "01M8MDV8S4QEWHVPF15VYW4QJJ-40aeae3c" in output("versions", "raw/t")
