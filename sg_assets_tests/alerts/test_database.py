"""The database file."""

from pathlib import Path

import pytest

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.errors import SgAssetsError


def test_a_file_that_is_no_book_is_refused(tmp_path: Path) -> None:
    (tmp_path / "alerts.sqlite").write_text("no database, but long enough to be looked at as one" * 40)
    with pytest.raises(SgAssetsError, match=r"incident database\. File is not a database"):
        IncidentStore(tmp_path / "alerts.sqlite")
