"""Which versions are compared."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.version_pair import last_different, published_before, version_pair
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.revert import revert
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, recipe, step, writing

pytestmark = pytest.mark.slow

T = Ref.parse("raw/t")


@pytest.fixture
def made(store: Store) -> list[Manifest]:
    """Three versions; the last two hold the same."""
    frames = [ROWS, ROWS.head(1), ROWS.head(1)]
    return [step(store, "raw/t", writing(frame), made_by=recipe(n=n)).manifest for n, frame in enumerate(frames)]


def test_the_current_version_is_compared_with_the_one_before_it(store: Store, made: list[Manifest]) -> None:
    assert version_pair(store, T) == (made[1], made[2])


def test_a_version_named_is_compared_with_the_one_before_it(store: Store, made: list[Manifest]) -> None:
    assert version_pair(store, T, last=made[1].version) == (made[0], made[1])


def test_both_versions_may_be_named(store: Store, made: list[Manifest]) -> None:
    assert version_pair(store, T, first=made[2].version, last=made[0].version) == (made[2], made[0])


def test_after_a_revert_the_version_before_is_the_one_it_took_the_place_of(store: Store, made: list[Manifest]) -> None:
    revert(store, T, made[0].version)
    assert version_pair(store, T) == (made[2], made[0])


def test_another_partition_s_current_version_is_compared_with(store: Store, made: list[Manifest]) -> None:
    other = step(store, "raw/t[other]", writing(ROWS)).manifest
    assert version_pair(store, T, against=other.ref) == (other, made[2])


def test_a_partition_of_another_asset_is_refused_with_the_nearest(store: Store, made: list[Manifest]) -> None:
    other = step(store, "raw/u[other]", writing(ROWS)).manifest
    with pytest.raises(
        SgAssetsError, match=r"raw/t cannot be compared with raw/u\[other\].*No other partition of raw/t"
    ):
        version_pair(store, T, against=other.ref)
    step(store, "raw/t[other]", writing(ROWS))
    with pytest.raises(SgAssetsError, match=r"Did you mean 'raw/t\[other\]'"):
        version_pair(store, T, against=other.ref)


def test_a_version_in_quarantine_is_compared_with_the_current_one(store: Store, made: list[Manifest]) -> None:
    with pytest.raises(QuarantinedError) as caught:
        step(store, "raw/t", writing(ROWS), made_by=at_most(1, n=9))
    quarantined = caught.value.candidate
    assert version_pair(store, T, last=quarantined.version) == (made[2], quarantined)


def test_the_first_version_has_nothing_before_it(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    with pytest.raises(SgAssetsError, match=r"is the first version of raw/t.*--against"):
        version_pair(store, T)


def test_a_version_of_another_asset_is_refused(store: Store, made: list[Manifest]) -> None:
    other = step(store, "raw/u", writing(ROWS)).manifest
    with pytest.raises(SgAssetsError, match="is a version of raw/u"):
        version_pair(store, T, first=other.version)


def test_the_last_version_of_other_content_is_found_past_equal_ones(store: Store, made: list[Manifest]) -> None:
    assert published_before(store, made[2]) == made[1]
    assert last_different(store, made[2]) == made[0]
    assert last_different(store, made[0]) is None
