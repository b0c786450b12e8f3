"""The database file."""

import sqlite3
from pathlib import Path

import pytest

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.errors import SgAssetsError


def test_a_file_that_is_no_book_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alerts.sqlite").write_text("no database, but long enough to be looked at as one" * 40)
    with pytest.raises(SgAssetsError, match=r"incident database\. File is not a database"):
        IncidentStore(tmp_path / "alerts.sqlite")


def test_a_full_disk_is_not_called_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(_: Path) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("sg_assets.alerts.database.connect", connect)
    with pytest.raises(SgAssetsError, match=r"alerts\.sqlite: the disk is full"):
        AlertDatabase(tmp_path / "alerts.sqlite")
