"""Sources that are only looked at."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.alerts import source_freshness
from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.source_freshness import SourceObservation, observe_source
from sg_assets_tests.alerts.world import (
    START,
    at,
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[AlertDatabase]:
    opened = AlertDatabase(tmp_path / "alerts.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "dump.csv"
    write(path, "text\na comment\n", -60)
    return path


def write(path: Path, text: str, minutes: float) -> None:
    path.write_text(text)
    os.utime(path, (at(minutes).timestamp(),) * 2)


def observed(database: AlertDatabase, *paths: Path, minutes: float) -> SourceObservation:
    return observe_source(database, "raw/comment_files", [(path.name, path) for path in paths], at(minutes))


def test_the_first_content_is_as_old_as_its_newest_file(database: AlertDatabase, dump: Path) -> None:
    assert observed(database, dump, minutes=0).since == at(-60)


def test_a_file_from_the_future_is_as_old_as_now(database: AlertDatabase, dump: Path) -> None:
    write(dump, "text\n", 600)
    assert observed(database, dump, minutes=0).since == START


def test_touching_a_file_changes_nothing(database: AlertDatabase, dump: Path) -> None:
    before = observed(database, dump, minutes=0)
    write(dump, dump.read_text(), 5)
    assert observed(database, dump, minutes=10) == before


@pytest.mark.parametrize("changed", ["text\nb comment\n", "text\na comment\nanother\n"])
def test_another_content_is_new_since_it_was_seen(database: AlertDatabase, dump: Path, changed: str) -> None:
    before = observed(database, dump, minutes=0)
    write(dump, changed, 5)
    after = observed(database, dump, minutes=10)
    assert after.digest != before.digest
    assert after.since == at(10)


def test_a_further_file_is_another_content(database: AlertDatabase, dump: Path) -> None:
    before = observed(database, dump, minutes=0)
    further = dump.with_name("more.csv")
    write(further, "text\n", 1)
    assert observed(database, dump, further, minutes=10).digest != before.digest


def test_a_file_that_has_its_size_and_time_is_not_read_again(
    database: AlertDatabase, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = observed(database, dump, minutes=0)
    monkeypatch.delattr(source_freshness, "file_sha256")
    assert observed(database, dump, minutes=10) == before
