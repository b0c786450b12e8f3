"""The catalogue serves anyone with a DuckDB client, while it is written anew."""

import duckdb
import pytest

from sg_assets.store import catalogue
from sg_assets.store.catalogue import Catalogue, rebuild
from sg_assets.store.made_by import this_maker
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, step, writing
from sg_assets_tests.store.test_marks import accepted

pytestmark = pytest.mark.slow


def test_the_catalogue_is_swapped_in_beside_its_readers(store: Store) -> None:
    step(store, "raw/t[a]", writing(ROWS))
    with duckdb.connect(str(rebuild(store)), read_only=True) as reader:
        step(store, "raw/t[b]", writing(ROWS), run_id="2")
        path = rebuild(store)
        assert reader.execute("SELECT count(*) FROM raw.t").fetchone() == (3,)
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM raw.t").fetchone() == (6,)
        assert reader.execute("SELECT count(*) FROM versions WHERE is_current").fetchone() == (2,)


def test_the_catalogue_tells_what_a_version_was_made_from(store: Store) -> None:
    read = step(store, "raw/t", writing(ROWS)).manifest
    step(store, "raw/u", writing(ROWS), ["raw/t"])
    with duckdb.connect(str(rebuild(store)), read_only=True) as reader:
        pins = reader.execute("SELECT asset, input_asset, input_version FROM pins").fetchall()
    assert pins == [("raw/u", "raw/t", read.version)]


def test_what_is_published_while_it_is_written_is_in_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the slower of two writers would leave the older catalogue behind."""
    step(store, "raw/t", writing(ROWS), run_id="1")
    write, meanwhile = catalogue._write, ["2", "3"]

    def interrupted(store: Store) -> None:
        write(store)
        if meanwhile:
            run_id = meanwhile.pop(0)
            step(store, "raw/t", writing(ROWS), made_by=recipe(seed=run_id), run_id=run_id)

    monkeypatch.setattr(catalogue, "_write", interrupted)
    with duckdb.connect(str(rebuild(store)), read_only=True) as reader:
        assert reader.execute("SELECT run_id FROM versions WHERE is_current").fetchall() == [("3",)]


def current(store: Store) -> list[tuple[str]]:
    """The assets of the versions that the catalogue on disk calls current."""
    with duckdb.connect(str(store.home / "registry.duckdb"), read_only=True) as reader:
        return reader.execute("SELECT asset FROM versions WHERE is_current ORDER BY ALL").fetchall()


def test_what_is_published_is_in_the_catalogue_at_once(store: Store) -> None:
    catalogue = Catalogue(store)
    for name in ("a", "b"):
        step(store, f"raw/{name}", writing(ROWS))
        catalogue.published()
    assert current(store) == [("raw/a",), ("raw/b",)]


def test_a_deferred_catalogue_is_written_once_at_the_end_though_the_block_fails(store: Store) -> None:
    catalogue = Catalogue(store)

    def publish_and_fail() -> None:
        step(store, "raw/a", writing(ROWS))
        catalogue.published()
        assert not (store.home / "registry.duckdb").exists()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), catalogue.deferred():
        publish_and_fail()
    assert current(store) == [("raw/a",)]


def test_what_a_killed_process_published_is_caught_up_with_though_nothing_is_new(store: Store) -> None:
    step(store, "raw/a", writing(ROWS))
    catalogue = Catalogue(store)
    with catalogue.deferred():
        pass
    assert current(store) == [("raw/a",)]
    written = (store.home / "registry.duckdb").stat().st_ino
    with catalogue.deferred():
        pass
    assert (store.home / "registry.duckdb").stat().st_ino == written


def test_the_catalogue_tells_who_made_a_version_and_whether_it_is_accepted(store: Store) -> None:
    made = [step(store, name, writing(ROWS)).manifest for name in ("raw/a", "raw/b")]
    store.marks.append(made[1].ref, accepted(made[1], recipe("new")))
    with duckdb.connect(str(rebuild(store)), read_only=True) as reader:
        rows = reader.execute('SELECT asset, "user", host, accepted FROM versions ORDER BY asset').fetchall()
    maker = this_maker()
    assert rows == [("raw/a", maker.user, maker.host, False), ("raw/b", maker.user, maker.host, True)]
