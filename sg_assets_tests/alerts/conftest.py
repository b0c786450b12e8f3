"""Books that need not outlive a power cut."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.alerts import database as tables


@pytest.fixture(autouse=True, scope="package")
def quick_books() -> Iterator[None]:
    """Waiting for the disk at every commit is most of what these tests would do."""
    durable = tables.connect

    def quick(path: Path) -> sqlite3.Connection:
        connection = durable(path)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tables, "connect", quick)
        yield
