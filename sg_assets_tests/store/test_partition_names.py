"""Names that people give to partitions that have versions."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.partition_names import named_partitions, no_version, published_ref, refs_with_versions
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, step, writing


@pytest.fixture(autouse=True)
def versions(store: Store) -> None:
    """Two published partitions of an asset, and an asset whose version is in quarantine."""
    for partition in ("base", "sft"):
        step(store, f"scores/s[{partition}]", writing(ROWS), run_id=partition)
    with pytest.raises(QuarantinedError):
        step(store, "raw/t", writing(ROWS), made_by=at_most(1))


def test_what_is_in_quarantine_counts(store: Store) -> None:
    assert list(map(str, refs_with_versions(store))) == ["raw/t", "scores/s[base]", "scores/s[sft]"]
    assert named_partitions(store, "raw/t") == [Ref.parse("raw/t")]


def test_an_asset_stands_for_all_its_partitions(store: Store) -> None:
    assert list(map(str, named_partitions(store, "scores/s"))) == ["scores/s[base]", "scores/s[sft]"]
    assert list(map(str, named_partitions(store, "scores/s[sft]"))) == ["scores/s[sft]"]


@pytest.mark.parametrize("name", ["scores/t", "scores/s[kto]"])
def test_an_unknown_name_names_the_nearest(store: Store, name: str) -> None:
    with pytest.raises(SgAssetsError, match=r"has no version\. Did you mean 'scores/s"):
        named_partitions(store, name)


def test_what_is_published_is_one_partition(store: Store) -> None:
    assert published_ref(store, "scores/s[sft]") == Ref.parse("scores/s[sft]")
    for name in ("scores/s", "raw/t"):
        with pytest.raises(SgAssetsError, match="has no version"):
            published_ref(store, name)


def test_where_nothing_has_a_version_the_command_that_makes_some_is_named() -> None:
    assert "`sg-assets run` makes all" in str(no_version(Ref.parse("raw/t"), []))
