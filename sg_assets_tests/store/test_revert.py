"""Going back makes an earlier version current, and forgets nothing."""

import pytest

from sg_assets.errors import ContentMissingError, NotPublishedError, SgAssetsError
from sg_assets.store.made_by import maker, this_maker
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.revert import revert
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, lose, recipe, refusing, step, writing

pytestmark = pytest.mark.slow

T = Ref.parse("raw/t")


@pytest.fixture
def made(store: Store) -> list[Manifest]:
    """Three versions, of one, two and three rows."""
    return [
        step(store, "raw/t", writing(ROWS.head(rows)), made_by=recipe(seed=rows), run_id=str(rows)).manifest
        for rows in (1, 2, 3)
    ]


def test_without_a_choice_it_goes_one_back_each_time(store: Store, made: list[Manifest]) -> None:
    assert revert(store, T) == store.head(T) == made[1]
    assert revert(store, T) == store.head(T) == made[0]
    with pytest.raises(SgAssetsError, match=r"raw/t: no earlier version exists to go back to"):
        revert(store, T)


def test_any_version_can_be_chosen_forth_as_well(store: Store, made: list[Manifest]) -> None:
    assert revert(store, T, made[0].version) == store.head(T) == made[0]
    assert revert(store, T, made[2].version) == store.head(T) == made[2]


def test_it_is_one_more_entry_with_its_reason(store: Store, made: list[Manifest]) -> None:
    before = store.heads.entries(T)
    revert(store, T, note="worse scores")
    *earlier, entry = store.heads.entries(T)
    assert earlier == before
    assert (entry.action, entry.version, entry.replaces) == ("revert", made[1].version, made[2].version)
    assert (entry.note, entry.run_id) == ("worse scores", None)
    assert store.versions(T) == made


def test_what_is_made_next_reads_it(store: Store, made: list[Manifest]) -> None:
    revert(store, T)
    assert step(store, "raw/u", writing(ROWS), ["raw/t"], run_id="new").manifest.inputs == (made[1].pin(),)


def test_an_unchanged_recipe_publishes_past_it(store: Store, made: list[Manifest]) -> None:
    revert(store, T)
    step(store, "raw/t", refusing, made_by=recipe(seed=3), run_id="new")
    assert store.head(T) == made[2]


def test_an_asset_without_versions_has_nothing_to_go_back_to(store: Store) -> None:
    with pytest.raises(NotPublishedError, match="raw/t has no version yet"):
        revert(store, T)


def test_a_version_of_another_asset_is_refused(store: Store, made: list[Manifest]) -> None:
    other = step(store, "raw/u", writing(ROWS)).manifest
    with pytest.raises(SgAssetsError, match=rf"raw/t: {other.version} is a version of raw/u\. List the versions of"):
        revert(store, T, other.version)


def test_a_version_in_quarantine_is_refused(store: Store, made: list[Manifest]) -> None:
    with pytest.raises(QuarantinedError) as caught:
        step(store, "raw/t", writing(ROWS), made_by=at_most(2, seed=9), run_id="9")
    with pytest.raises(SgAssetsError, match=r"is in quarantine\. Release it with `sg-assets publish"):
        revert(store, T, caught.value.candidate.version)


def test_a_version_whose_content_is_gone_is_refused(store: Store, made: list[Manifest]) -> None:
    lose(store, made[1])
    with pytest.raises(ContentMissingError, match=r"content of .* is gone\. Choose another"):
        revert(store, T)
    assert store.head(T) == made[2]


def test_the_log_records_who_went_back(store: Store, made: list[Manifest]) -> None:
    revert(store, T)
    revert(store, T, note="wrong rows", by=maker("Ada"))
    first, second = store.heads.entries(T)[-2:]
    assert (first.by, second.by, second.note) == (this_maker(), maker("Ada"), "wrong rows")


def test_an_entry_of_a_step_is_written_as_before_who_acts_was_recorded(store: Store, made: list[Manifest]) -> None:
    names = store.files.glob("heads/raw/t/*/*.json")
    assert all('"by"' not in store.files.read(name).decode() for name in names)
