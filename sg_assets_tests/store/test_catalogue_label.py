"""A catalogue that is missing, damaged or behind is known for that, and the next command writes it anew."""

import json
import random
from pathlib import Path

import duckdb
import pytest

from sg_assets.cli.options import refresh_catalogue
from sg_assets.store.catalogue import rebuild
from sg_assets.store.catalogue_label import CATALOGUE, LABEL, catalogue_problem
from sg_assets.store.store import Store
from sg_assets_tests.store.harm import HARMS
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    rebuild(store)
    return store


def rows(store: Store) -> object:
    with duckdb.connect(str(store.home / CATALOGUE), read_only=True) as reader:
        return reader.execute("SELECT count(*) FROM raw.t").fetchone()


def test_a_store_without_versions_needs_none(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    refresh_catalogue(store)
    assert catalogue_problem(store) is None
    assert not (store.home / CATALOGUE).exists()


@pytest.mark.parametrize("kind", HARMS)
@pytest.mark.parametrize("file", [CATALOGUE, LABEL])
def test_harm_to_it_is_seen_and_the_next_command_mends_it(store: Store, kind: str, file: str) -> None:
    HARMS[kind](store.home / file, random.Random(4))
    assert catalogue_problem(store) is not None
    refresh_catalogue(store)
    assert catalogue_problem(store) is None
    assert rows(store) == (3,)


def test_it_is_behind_when_something_was_published_since(store: Store) -> None:
    assert catalogue_problem(store) is None
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe("other"), run_id="2")
    assert catalogue_problem(store) == "it is behind the store"
    refresh_catalogue(store)
    assert rows(store) == (1,)


def test_it_is_behind_when_the_store_was_moved(store: Store, tmp_path: Path) -> None:
    store.home.rename(tmp_path / "moved")
    moved = Store(tmp_path / "moved", "demo")
    assert catalogue_problem(moved) == "it is behind the store"
    refresh_catalogue(moved)
    assert rows(moved) == (3,)


def test_damaged_content_has_no_view(store: Store) -> None:
    made = step(store, "raw/u", writing(ROWS), run_id="2").manifest
    HARMS["truncated"](store.home / made.object, random.Random(0))
    rebuild(store)
    assert rows(store) == (3,)
    with duckdb.connect(str(store.home / CATALOGUE), read_only=True) as reader, pytest.raises(duckdb.Error):
        reader.execute("SELECT * FROM raw.u")


def test_the_label_says_what_it_was_written_from(store: Store) -> None:
    assert json.loads((store.home / LABEL).read_text()).keys() == {"sha256", "state"}
