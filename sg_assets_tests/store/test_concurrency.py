"""Several writers and readers at once, and writers that are killed."""

import os
import random
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from sg_assets.store.garbage import leftovers, remove
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.verification import differences
from sg_assets_tests.store import writers
from sg_assets_tests.store.steps import new_store

pytestmark = pytest.mark.slow
ROUNDS, KILLS = 20, 50
NAMES = ("raw/t[a]", "raw/t[b]", "raw/u", "scores/s")


def test_writers_and_readers_at_once_meet_no_error_and_lose_nothing(tmp_path: Path) -> None:
    forking = writers.forking()
    stop = forking.Event()
    writing = [
        forking.Process(target=writers.write_rounds, args=(tmp_path, name, n, ROUNDS)) for n, name in enumerate(NAMES)
    ]
    reading = [
        forking.Process(target=read, args=(tmp_path, stop)) for read in (writers.read_heads, writers.read_catalogue)
    ]
    for process in [*writing, *reading]:
        process.start()
    for process in writing:
        process.join()
    stop.set()
    for process in reading:
        process.join()
    assert [process.exitcode for process in [*writing, *reading]] == [0] * 6
    store = new_store(tmp_path)
    for writer, name in enumerate(NAMES):
        versions = store.versions(Ref.parse(name))
        assert [version.run_id for version in versions] == [f"{writer}-{index}" for index in range(ROUNDS)]
        assert store.head(Ref.parse(name)) == versions[-1]
    with duckdb.connect(str(store.home / "registry.duckdb"), read_only=True) as reader:
        counts = reader.execute("SELECT count(*), count(*) FILTER (is_current) FROM versions").fetchone()
    assert counts == (len(NAMES) * ROUNDS, len(NAMES))


def time_of_a_round(folder: Path) -> float:
    """Seconds from the start of a writer to the end of its first round, on this machine and under its load."""
    writer = writers.forking().Process(target=writers.write_everything, args=(folder, 0, 1))
    begun = time.monotonic()
    writer.start()
    writer.join()
    return time.monotonic() - begun


def kill_a_writer(folder: Path, first: int, seconds: float) -> None:
    writer = writers.forking().Process(target=writers.write_everything, args=(folder, first, 10_000))
    writer.start()
    time.sleep(seconds)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    assert writer.exitcode == -signal.SIGKILL


def all_versions(store: Store) -> dict[str, Manifest]:
    return {version.version: version for ref in store.refs() for version in store.versions(ref)}


def clean(store: Store) -> int:
    """How many leftovers there were."""
    later = datetime.now(UTC) + timedelta(days=1)
    return sum(remove(store, version) for version in leftovers(store, timedelta(hours=1), later))


def test_killed_writers_lose_and_tear_nothing_and_what_they_leave_is_cleaned(tmp_path: Path) -> None:
    chance, known, left, value = random.Random(3), dict[str, Manifest](), 0, 0
    longest = min(time_of_a_round(tmp_path / "timed"), 0.6)
    for attempt in range(KILLS):
        # Each begins with the round the last was killed in, and finds what that left.
        kill_a_writer(tmp_path / "killed", value, chance.uniform(0.05, 1.2) * longest)
        store = new_store(tmp_path / "killed")
        versions = all_versions(store)
        assert known.items() <= versions.items()
        for version in versions.keys() - known.keys():
            assert differences(store, versions[version]) == []
        for ref in store.refs():
            assert store.required_head(ref).version in versions
        known, value = versions, max((version.parameters["value"] for version in versions.values()), default=0)
        left += clean(store) if attempt % 5 == 4 else 0
    assert known
    assert left
    assert clean(store) == 0
    again = writers.make_all(store, value + 1)
    undisturbed = writers.make_all(new_store(tmp_path / "undisturbed"), value + 1)
    assert [version.fingerprint for version in again] == [version.fingerprint for version in undisturbed]
