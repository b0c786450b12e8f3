"""The command that mends Dagster's records."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.execution.instance_repair import MendedFile

MENDED = MendedFile("history/runs.db", "it has 2 schema revisions", "runs.db.damaged-1", 7, is_whole=True)


@pytest.mark.parametrize(
    ("mended", "answer"),
    [
        ([], "Dagster's records are in order.\n"),
        (
            [MENDED],
            "history/runs.db: it has 2 schema revisions; 7 rows carried over; the old file is runs.db.damaged-1\n"
            "1 files mended.\n",
        ),
    ],
)
def test_each_mended_file_is_named(
    mended: list[MendedFile], answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setattr("sg_assets.execution.instance_repair.repair_records", lambda _: mended)
    monkeypatch.setattr("sg_assets.execution.dagster_home.prepare_dagster_home", lambda _: None)
    assert CliRunner().invoke(app, ["repair-runs"], catch_exceptions=False).output == answer
