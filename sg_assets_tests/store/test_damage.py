"""Damaged content is not used again, and what was made from it is known."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from sg_assets.store import damage
from sg_assets.store.damage import set_content_aside, versions_made_from, versions_of_content
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import Mark, doubt_of
from sg_assets.store.step import is_current
from sg_assets.store.store import Store
from sg_assets_tests.store.harm import HARMS, flip_bit
from sg_assets_tests.store.steps import ROWS, new_store, recipe, refusing, step, writing

pytestmark = pytest.mark.slow


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def read_by(store: Store, name: str, *inputs: str, run_id: str = "run") -> Manifest:
    return step(store, name, writing(ROWS.head(2)), inputs, run_id).manifest


def forget_checks(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the content had last been compared long ago, and nothing had compared it since."""
    monkeypatch.setattr(damage, "_SLACK", timedelta(days=-1))


@pytest.mark.parametrize("kind", [kind for kind in HARMS if kind != "removed"])
def test_a_step_sets_damaged_content_aside_and_makes_it_again(store: Store, kind: str) -> None:
    made = step(store, "raw/t", writing(ROWS)).manifest
    written = (store.home / made.object).read_bytes()
    HARMS[kind](store.home / made.object, random.Random(3))
    assert not is_current(store, made.ref, [], recipe())
    again = step(store, "raw/t", writing(ROWS), run_id="2").manifest
    assert (store.home / again.object).read_bytes() == written
    assert store.has_content(made)
    assert list((store.home / "damaged" / made.object).iterdir()) != []
    assert [named.mark.kind for named in store.marks_of(made.ref)] == ["damaged"]


def test_equal_rows_in_other_bytes_take_a_name_of_their_own(store: Store) -> None:
    made = step(store, "raw/t", writing(ROWS)).manifest
    flip_bit(store.home / made.object, random.Random(3))
    again = step(store, "raw/t", lambda space: ROWS.write_parquet(space.table_file, compression="snappy"), run_id="2")
    assert again.manifest.fingerprint == made.fingerprint
    assert again.manifest.object != made.object
    assert store.has_content(again.manifest)
    assert not store.has_content(made)
    assert pl.read_parquet(store.path(again.manifest)).height == 3


def test_equal_rows_of_a_whole_content_are_adopted_with_its_bytes(store: Store) -> None:
    made = step(store, "raw/t", writing(ROWS)).manifest
    again = step(
        store, "raw/t", lambda space: ROWS.write_parquet(space.table_file, compression="snappy"),
        made_by=recipe("other"), run_id="2",
    ).manifest  # fmt: skip
    assert (again.object, again.files) == (made.object, made.files)


def test_content_that_no_version_records_is_compared_before_it_is_adopted(store: Store) -> None:
    made = step(store, "raw/t", writing(ROWS)).manifest
    for name in store.files.glob("manifests/raw/t/*/*") + store.files.glob("heads/raw/t/*/*"):
        store.files.remove(name)
    pl.DataFrame({"id": [9], "text": ["z"]}).write_parquet(store.home / made.object)
    again = step(Store(store.root, "demo"), "raw/t", writing(ROWS), run_id="2").manifest
    assert pl.read_parquet(store.path(again)).equals(ROWS)


def test_versions_of_a_content_are_known_in_every_partition_and_in_quarantine(store: Store) -> None:
    made = [step(store, f"raw/t[{key}]", writing(ROWS)).manifest for key in ("a", "b")]
    assert versions_of_content(store, "raw/t", made[0].fingerprint) == made
    assert versions_of_content(store, "raw/u", made[0].fingerprint) == []


def test_what_read_the_damage_is_doubtful_with_all_that_was_made_from_that(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = step(store, "raw/t", writing(ROWS)).manifest
    forget_checks(store, monkeypatch)
    children = [read_by(store, "raw/u", "raw/t"), read_by(store, "raw/v", "raw/u")]
    other = step(store, "raw/w", writing(ROWS)).manifest
    flip_bit(store.home / source.object, random.Random(1))
    assert versions_made_from(store, [source]) == children
    assert set_content_aside(store, source.object, [source]) == children
    for child in children:
        doubt = doubt_of(child, store.marks_of(child.ref))
        assert doubt is not None
        assert f"raw/t {source.version}" in doubt.mark.why
    assert store.marks_of(other.ref) == []


def test_a_doubtful_version_is_made_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    step(store, "raw/t", writing(ROWS))
    forget_checks(store, monkeypatch)
    child = read_by(store, "raw/u", "raw/t")
    flip_bit(store.home / store.required_head(child.inputs[0].ref).object, random.Random(1))
    step(store, "raw/t", writing(ROWS), run_id="2")
    assert not is_current(store, child.ref, [child.inputs[0].ref], recipe())
    again = read_by(store, "raw/u", "raw/t", run_id="2")
    assert again.version != child.version
    assert is_current(store, child.ref, [child.inputs[0].ref], recipe())


def test_what_compared_the_content_before_the_damage_is_not_doubtful(store: Store) -> None:
    source = step(store, "raw/t", writing(ROWS)).manifest
    step(store, "raw/u", lambda space: space.write_query("SELECT * FROM raw.t", {}), ["raw/t"])
    flip_bit(store.home / source.object, random.Random(1))
    assert versions_made_from(store, [source]) == []


def test_nobody_can_have_read_content_that_is_gone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    source = step(store, "raw/t", writing(ROWS)).manifest
    forget_checks(store, monkeypatch)
    read_by(store, "raw/u", "raw/t")
    (store.home / source.object).unlink()
    assert versions_made_from(store, [source]) == []


def test_a_person_may_accept_a_doubtful_version(store: Store) -> None:
    made = step(store, "raw/t", writing(ROWS)).manifest
    now, by = datetime.now(UTC), this_maker()
    store.marks.append(made.ref, Mark(kind="doubtful", version=made.version, at=now, by=by, why="read damage"))
    assert not is_current(store, made.ref, [], recipe())
    digest = recipe().digest(made.ref, [])
    store.marks.append(
        made.ref,
        Mark(kind="accepted", version=made.version, at=now, by=by, why="looked at", recipe=digest, code=made.code,
             libraries={}),
    )  # fmt: skip
    assert is_current(store, made.ref, [], recipe())
    assert step(store, "raw/t", refusing, run_id="2").manifest == made
