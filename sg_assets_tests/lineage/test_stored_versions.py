"""Versions of the past are read, or a sentence says what is lost of them."""

import polars as pl
import pytest

from sg_assets.errors import ContentMissingError, UnknownVersionError
from sg_assets.lineage.stored_versions import recorded_version, stored_rows
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, step, writing


def test_a_version_in_quarantine_has_its_record_too(store: Store) -> None:
    with pytest.raises(QuarantinedError) as caught:
        step(store, "raw/t", writing(ROWS), made_by=at_most(1))
    candidate = caught.value.candidate
    assert recorded_version(store, candidate.pin()) == candidate
    assert stored_rows(store, candidate).height == ROWS.height


def test_a_record_that_is_gone_is_an_error_in_words(store: Store) -> None:
    version = step(store, "raw/t", writing(ROWS)).manifest
    (store.home / f"manifests/{version.ref.folder}/{version.version}.json").unlink()
    with pytest.raises(UnknownVersionError, match="is gone: what it was made from is not known"):
        recorded_version(Store(store.root, store.profile), version.pin())


def test_a_column_that_an_earlier_version_lacks_is_named(store: Store) -> None:
    version = step(store, "raw/t", writing(ROWS)).manifest
    with pytest.raises(ContentMissingError, match="has no column cluster_id: what changed inside is not known"):
        stored_rows(store, version, ("id", "cluster_id"))


def test_a_column_of_another_type_is_an_error_without_its_values(store: Store) -> None:
    version = step(store, "raw/t", writing(ROWS)).manifest
    with pytest.raises(ContentMissingError, match=r"cannot be read \(InvalidOperationError\)"):
        stored_rows(store, version, types={"text": pl.Float64()})
