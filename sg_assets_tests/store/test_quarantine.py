"""A version that fails its audit is kept, seen by no reader, and released by hand."""

import itertools
from collections.abc import Callable

import duckdb
import polars as pl
import pytest

from sg_assets.errors import ContentMissingError, NotPublishedError, SgAssetsError, UnknownVersionError
from sg_assets.store.catalogue import rebuild
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError, quarantine_name, quarantined_versions, release
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, lose, recipe, step, writing

pytestmark = pytest.mark.slow

T = Ref.parse("raw/t")


@pytest.fixture
def good(store: Store) -> Manifest:
    return step(store, "raw/t", writing(ROWS.head(1)), run_id="1").manifest


def quarantined(store: Store, run_id: str = "2") -> QuarantinedError:
    with pytest.raises(QuarantinedError) as caught:
        step(store, "raw/t", writing(ROWS), made_by=at_most(2, seed=1), run_id=run_id)
    return caught.value


def test_the_error_names_candidate_reason_and_the_published_version(store: Store, good: Manifest) -> None:
    error = quarantined(store)
    version = error.candidate.version
    assert str(error) == (
        f"raw/t: version {version} failed its audit and is held in quarantine: "
        "few (There are at most 2 rows): evaluated 1; failing 1. "
        f"The published version {good.version} stays current and is unaffected. "
        f"If it is right as it is, release it with `sg-assets publish {version}`."
    )
    assert (error.published, [result.passed for result in error.audit]) == (good, [True, False])


def test_the_error_says_where_nothing_is_published(store: Store) -> None:
    error = quarantined(store)
    assert error.published is None
    assert "No version is published yet." in str(error)


def test_the_content_and_the_whole_record_are_kept(store: Store, good: Manifest) -> None:
    candidate = quarantined(store).candidate
    assert quarantined_versions(store) == quarantined_versions(store, T) == [candidate]
    assert quarantined_versions(store, Ref.parse("raw/u")) == []
    assert pl.read_parquet(store.path(candidate)).height == 3


def test_readers_do_not_see_it(store: Store, good: Manifest) -> None:
    candidate = quarantined(store).candidate
    assert store.head(T) == good
    assert store.versions(T) == [good]
    assert store.with_recipe(T, candidate.recipe) == []
    assert store.seen_by_run(T, "2") is None
    with pytest.raises(UnknownVersionError, match="unknown version"):
        store.find(candidate.version)
    with duckdb.connect(str(rebuild(store)), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM raw.t").fetchone() == (1,)
        assert reader.execute("SELECT version FROM versions").fetchall() == [(good.version,)]


def test_an_asset_with_nothing_published_does_not_exist_for_readers(store: Store) -> None:
    quarantined(store)
    assert store.refs() == []
    with pytest.raises(NotPublishedError, match="raw/t has no version yet"):
        step(store, "raw/u", writing(ROWS), ["raw/t"])


def test_mended_inputs_are_published_past_it(store: Store, good: Manifest) -> None:
    candidate = quarantined(store).candidate
    mended = step(store, "raw/t", writing(ROWS.head(2)), made_by=at_most(2, seed=1), run_id="3").manifest
    assert store.head(T) == mended
    assert quarantined_versions(store) == [candidate]


def test_a_released_version_is_current_and_in_quarantine_no_more(store: Store, good: Manifest) -> None:
    candidate = quarantined(store).candidate
    assert release(store, candidate.version, "looked at") == [candidate]
    assert (store.head(T), quarantined_versions(store)) == (candidate, [])
    entry = store.heads.entries(T)[-1]
    assert (entry.action, entry.replaces, entry.note, entry.run_id) == ("release", good.version, "looked at", None)


class Killed(BaseException):
    pass


def die(*_: object) -> None:
    raise Killed


def dying_at(index: int, write_new: Callable[[str, str], None]) -> Callable[[str, str], None]:
    """Writes records until the one at a place."""
    written = itertools.count(1)

    def write(name: str, text: str) -> None:
        if next(written) >= index:
            raise Killed
        write_new(name, text)

    return write


@pytest.mark.parametrize("step_of_release", [1, 2, 3])
def test_a_release_that_was_killed_is_completed_by_repeating_it(
    store: Store, good: Manifest, monkeypatch: pytest.MonkeyPatch, step_of_release: int
) -> None:
    candidate = quarantined(store).candidate
    with monkeypatch.context() as patch:
        patch.setattr(store.files, "write_new", dying_at(step_of_release, store.files.write_new))
        patch.setattr(store.files, "remove", die)
        with pytest.raises(Killed):
            release(store, candidate.version)
    assert quarantined_versions(store) == [candidate]
    for _ in range(2):
        assert release(store, candidate.version) == [candidate]
    assert (store.head(T), store.versions(T), quarantined_versions(store)) == (candidate, [good, candidate], [])
    assert len(store.heads.entries(T)) == 2


def test_a_version_that_is_not_held_back_is_not_released(store: Store, good: Manifest) -> None:
    step(store, "raw/t", writing(ROWS), made_by=recipe(seed=1), run_id="2")
    with pytest.raises(SgAssetsError, match=rf"not in quarantine.*sg-assets revert 'raw/t' {good.version}"):
        release(store, good.version)
    with pytest.raises(UnknownVersionError, match="unknown version 'nope'"):
        release(store, "nope")


def test_a_version_whose_content_was_cleaned_away_is_not_released(store: Store, good: Manifest) -> None:
    candidate = quarantined(store).candidate
    lose(store, candidate)
    with pytest.raises(ContentMissingError, match=r"content of .* is gone"):
        release(store, candidate.version)
    assert store.files.glob(quarantine_name(candidate)) == [quarantine_name(candidate)]
