"""Runs side by side never mix versions of one ancestor."""

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Outcome
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, step, writing

pytestmark = pytest.mark.slow


def raw(store: Store, run_id: str, rows: int) -> Manifest:
    return step(store, "raw/t", writing(ROWS.head(rows)), made_by=recipe(rows=rows), run_id=run_id).manifest


def copied(store: Store, name: str, source: str, run_id: str) -> Outcome:
    return step(store, name, lambda work: work.write_table(work.table(source)), [source], run_id=run_id)


def joined(store: Store, run_id: str) -> Outcome:
    return step(
        store, "scores/s", lambda work: work.write_query("FROM raw.t JOIN side.x USING (id) SELECT id", {}),
        ["raw/t", "side/x"], run_id=run_id,
    )  # fmt: skip


def ids(store: Store, version: Manifest) -> list[int]:
    return sorted(pl.read_parquet(store.path(version))["id"])


def test_two_runs_in_turn_each_go_on_with_their_own(store: Store) -> None:
    raw_a = raw(store, "a", 3)
    raw_b = raw(store, "b", 1)
    left_a = copied(store, "side/x", "raw/t", "a").manifest
    left_b = copied(store, "side/x", "raw/t", "b").manifest
    score_a, score_b = joined(store, "a").manifest, joined(store, "b").manifest
    assert (score_a.inputs, ids(store, score_a)) == ((raw_a.pin(), left_a.pin()), [1, 2, 3])
    assert (score_b.inputs, ids(store, score_b)) == ((raw_b.pin(), left_b.pin()), [1])


def test_a_run_that_confirms_a_version_without_work_goes_on_with_it(store: Store) -> None:
    raw(store, "before", 3)
    again = raw(store, "a", 3)
    raw(store, "b", 1)
    assert copied(store, "side/x", "raw/t", "a").manifest.inputs == (again.pin(),)


def test_a_run_without_versions_of_its_own_reads_what_is_current(store: Store) -> None:
    raw(store, "a", 3)
    raw_b = raw(store, "b", 1)
    left_b = copied(store, "side/x", "raw/t", "b").manifest
    assert joined(store, "c").manifest.inputs == (raw_b.pin(), left_b.pin())


def test_what_is_current_is_not_mixed_with_what_stems_from_another_version(store: Store) -> None:
    raw(store, "a", 3)
    raw(store, "b", 1)
    copied(store, "side/x", "raw/t", "a")
    with pytest.raises(SgAssetsError) as caught:
        joined(store, "c")
    message = str(caught.value)
    assert "raw/t and side/x were made from different versions of raw/t" in message
    assert "Materialize side/x (and the assets between the two) again" in message


def test_a_run_s_own_version_is_not_mixed_with_what_is_current_either(store: Store) -> None:
    raw(store, "a", 3)
    copied(store, "side/x", "raw/t", "a")
    raw(store, "b", 1)
    with pytest.raises(SgAssetsError, match="made from different versions of raw/t"):
        joined(store, "b")


def test_ancestors_several_steps_back_are_compared_too(store: Store) -> None:
    raw(store, "a", 3)
    copied(store, "mid/x", "raw/t", "a")
    copied(store, "side/x", "mid/x", "a")
    raw(store, "b", 1)
    with pytest.raises(SgAssetsError, match="raw/t and side/x were made from different versions of raw/t"):
        joined(store, "c")


def test_versions_of_equal_content_may_meet(store: Store) -> None:
    raw(store, "a", 3)
    copied(store, "side/x", "raw/t", "a")
    step(store, "raw/t", writing(ROWS.reverse()), made_by=recipe(seed=9), run_id="b")
    assert not joined(store, "c").reused
