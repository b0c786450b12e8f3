"""Leftovers are found by what no version names, and only when old."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from sg_assets.store.garbage import leftovers, remove
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError, quarantine_name, quarantined_versions
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, recipe, step, writing

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def made(store: Store) -> Manifest:
    return step(store, "raw/t", writing(ROWS)).manifest


def later(hours: float = 2) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


def strays(store: Store) -> None:
    """A staged folder, an object and an artifact that nothing names."""
    staged = store.staging / "01ABC"
    artifact = store.root / "artifacts" / "models" / "m" / "0123"
    for folder in (staged, artifact):
        folder.mkdir(parents=True)
        (folder / "part").write_text("12345")
    stray = store.root / "objects" / "raw" / "t" / "feed.parquet"
    stray.write_text("123")


def test_a_store_of_published_versions_has_no_leftovers(store: Store) -> None:
    assert leftovers(store, HOUR, later()) == []


def test_what_no_version_names_is_found_with_its_size(store: Store) -> None:
    strays(store)
    left = leftovers(store, HOUR, later())
    assert {leftover.name: leftover.bytes for leftover in left} == {
        "01ABC": 5,
        "artifacts/models/m/0123": 5,
        "objects/raw/t/feed.parquet": 3,
    }


def test_young_files_are_left_alone(store: Store) -> None:
    strays(store)
    assert leftovers(store, HOUR, later(0.5)) == []


def test_removing_leftovers_keeps_every_version(store: Store) -> None:
    strays(store)
    for leftover in leftovers(store, HOUR, later()):
        assert remove(store, leftover)
        assert not remove(store, leftover)
    assert leftovers(store, HOUR, later()) == []
    assert all(store.path(store.required_head(ref)).exists() for ref in store.refs())


def test_a_version_in_quarantine_is_a_version_until_it_expires(store: Store) -> None:
    with pytest.raises(QuarantinedError) as caught:
        step(store, "raw/t", writing(ROWS), made_by=at_most(2, seed=1), run_id="2")
    with pytest.raises(QuarantinedError) as other:
        step(store, "raw/t", writing(ROWS.head(2)), made_by=at_most(1, seed=1), run_id="2")
    assert leftovers(store, HOUR, later(29 * 24)) == []
    left = leftovers(store, HOUR, later(31 * 24))
    # The content of the first is published too, so it stays.
    assert [leftover.name for leftover in left] == [
        quarantine_name(caught.value.candidate), quarantine_name(other.value.candidate), other.value.candidate.object,
    ]  # fmt: skip
    assert all(remove(store, leftover) for leftover in left)
    assert leftovers(store, HOUR, later(31 * 24)) == []
    assert quarantined_versions(store) == []


def test_content_that_is_found_again_is_young_again(store: Store, made: Manifest) -> None:
    before = store.files.stat(made.object).changed
    time.sleep(0.02)
    step(store, "raw/t", writing(ROWS), made_by=recipe(seed=1), run_id="2")
    assert store.files.stat(made.object).changed > before
