"""An incident store for each test, without waiting for the disk."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.alerts import database
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets_tests.alerts.receivers import Webhook
from sg_assets_tests.alerts.world import (
    START,
)


@pytest.fixture(autouse=True, scope="package")
def fast_commits() -> Iterator[None]:
    """Without waiting for the disk at every commit, which would take most of the time of these tests."""
    durable = database.connect

    def quick(path: Path) -> sqlite3.Connection:
        connection = durable(path)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "connect", quick)
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[IncidentStore]:
    opened = IncidentStore(tmp_path / "alerts.sqlite", START)
    yield opened
    opened.close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook().serving() as serving:
        yield serving
