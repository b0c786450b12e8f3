"""Several writers, and writers that are killed."""

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import duckdb
import polars as pl

from sg_assets.store.catalogue import rebuild
from sg_assets.store.refs import Ref
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing

ROUNDS = 6
SPAWN = multiprocessing.get_context("spawn")


def write_rounds(folder: Path, name: str, writer: int, rounds: int) -> None:
    store = new_store(folder)
    for place in range(rounds):
        frame = pl.DataFrame({"id": range(200), "value": [writer * 1000 + place] * 200})
        made_by = recipe(writer=writer, place=place)
        step(store, name, writing(frame), run_id=f"{writer}-{place}", made_by=made_by)


def test_writers_of_one_partition_and_of_others_lose_nothing(tmp_path: Path) -> None:
    names = ["raw/t[a]", "raw/t[a]", "raw/t[b]", "raw/u"]
    writers = [
        SPAWN.Process(target=write_rounds, args=(tmp_path, name, place, ROUNDS)) for place, name in enumerate(names)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    store = new_store(tmp_path)
    counts = {name: len(store.versions(Ref.parse(name))) for name in set(names)}
    assert counts == {"raw/t[a]": 2 * ROUNDS, "raw/t[b]": ROUNDS, "raw/u": ROUNDS}


def test_a_killed_writer_leaves_no_version_without_its_content(tmp_path: Path) -> None:
    chance = random.Random(3)
    for attempt in range(6):
        writer = SPAWN.Process(target=write_rounds, args=(tmp_path, "raw/t", attempt, 10_000))
        writer.start()
        deadline = time.monotonic() + 60
        before = len(list((tmp_path / "store").glob("heads/raw/t/-/*.json")))
        while len(list((tmp_path / "store").glob("heads/raw/t/-/*.json"))) == before and time.monotonic() < deadline:
            time.sleep(0.02)  # it is importing: a kill now would prove nothing
        time.sleep(chance.random() * 0.2)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        store = new_store(tmp_path)
        versions = store.versions(Ref.parse("raw/t"))
        assert len(versions) > before
        for manifest in versions:
            assert pl.read_parquet(store.path(manifest)).height == manifest.rows
        assert store.head(Ref.parse("raw/t")) is not None


def test_the_catalogue_is_swapped_in_beside_its_readers(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t[a]", writing(ROWS))
    with duckdb.connect(str(rebuild(store)), read_only=True) as reader:
        step(store, "raw/t[b]", writing(ROWS), run_id="2")
        path = rebuild(store)
        assert reader.execute("SELECT count(*) FROM raw.t").fetchone() == (3,)
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM raw.t").fetchone() == (6,)
        assert reader.execute("SELECT count(*) FROM versions WHERE is_current").fetchone() == (2,)


def test_the_catalogue_tells_what_a_version_was_made_from(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    read = step(store, "raw/t", writing(ROWS)).manifest
    step(store, "raw/u", writing(ROWS), ["raw/t"])
    with duckdb.connect(str(rebuild(store)), read_only=True) as reader:
        pins = reader.execute("SELECT asset, input_asset, input_version FROM pins").fetchall()
    assert pins == [("raw/u", "raw/t", read.version)]
