"""Whether a content is as it was published."""

from pathlib import Path

import pytest

from sg_assets.store.content_loss import content_loss, reason
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path)


@pytest.fixture
def table(store: Store) -> Manifest:
    return step(store, "raw/t", writing(ROWS)).manifest


def test_a_content_as_published_is_no_loss(store: Store, table: Manifest) -> None:
    assert content_loss(store, table) == ""


def test_a_content_that_is_gone_leaves_the_change_unknown(store: Store, table: Manifest) -> None:
    store.path(table).unlink()
    expected = f"the content of {table.version} is gone: what changed inside is not known"
    assert content_loss(store, table) == content_loss(store, table, as_known=True) == expected


def test_a_damaged_content_leaves_the_change_unknown(store: Store, table: Manifest) -> None:
    path = store.path(table)
    path.write_bytes(path.read_bytes()[:-100])
    expected = f"the content of {table.version} is damaged: what changed inside is not known"
    assert content_loss(store, table) == content_loss(store, table, as_known=True) == expected


def test_a_reason_quotes_no_data() -> None:
    assert reason(ValueError("a text of somebody")) == "ValueError"
    assert reason(PermissionError(13, "Permission denied", "somewhere")) == "Permission denied"
