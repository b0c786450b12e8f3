"""The log of heads is read as far as it can be, and says where entries are lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sg_assets.lineage.head_log import LostEntry, gap, readable_entries
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing

T = Ref.parse("raw/t")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


def publish(store: Store, times: int) -> list[str]:
    return [step(store, "raw/t", writing(ROWS.head(n)), made_by=recipe(n=n)).manifest.version for n in range(times)]


def test_a_torn_entry_is_lost_with_its_time_and_hides_no_other(store: Store) -> None:
    versions = publish(store, 3)
    (store.home / store.heads.names_of(T)[1]).write_text("{")
    first, torn, last = readable_entries(store, T)
    assert isinstance(torn, LostEntry)
    assert abs(torn.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert [getattr(entry, "version", None) for entry in (first, torn, last)] == [versions[0], None, versions[2]]


def test_an_entry_that_is_gone_shows_in_the_one_after_it(store: Store) -> None:
    versions = publish(store, 3)
    (store.home / store.heads.names_of(T)[1]).unlink()
    first, last = readable_entries(store, T)
    assert gap(None, first) == ""
    assert (
        gap(first, last) == f"the entry of the log before this one is gone or was set aside: {versions[1]} was current"
    )
