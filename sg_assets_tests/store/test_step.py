"""A step pins, skips, audits and publishes."""

import polars as pl
import pytest

from sg_assets.errors import NotPublishedError, SgAssetsError
from sg_assets.store.refs import Ref
from sg_assets.store.step import Workspace, run_step
from sg_assets.store.store import Store
from sg_assets_tests.machines import machine
from sg_assets_tests.store.steps import ROWS, recipe, refusing, step, writing


def objects(store: Store) -> list[str]:
    return store.files.glob("objects/*/*/*")


def test_a_published_version_is_current_and_holds_the_rows(store: Store) -> None:
    manifest = step(store, "raw/t", writing(ROWS)).manifest
    assert store.head(Ref.parse("raw/t")) == manifest
    assert pl.read_parquet(store.path(manifest)).equals(ROWS)
    assert (manifest.rows, [column.name for column in manifest.columns]) == (3, ["id", "text"])


def test_an_unchanged_recipe_means_no_work(store: Store) -> None:
    first = step(store, "raw/t", writing(ROWS))
    again = step(store, "raw/t", refusing, run_id="another")
    assert (first.reused, again.reused) == (False, True)
    assert again.manifest == first.manifest


def test_another_machine_makes_nothing_out_of_date(store: Store) -> None:
    def work(workspace: Workspace) -> None:
        workspace.write_table(ROWS)
        workspace.ran_on([machine("AVX2")])

    step(store, "raw/t", work)
    assert step(store, "raw/t", refusing, run_id="another").reused


@pytest.mark.parametrize("changed", [recipe(code="two"), recipe(seed=1)])
def test_other_code_or_parameters_mean_work(store: Store, changed: object) -> None:
    step(store, "raw/t", writing(ROWS))
    assert not step(store, "raw/t", writing(ROWS), made_by=changed).reused  # type: ignore[arg-type]


def test_equal_content_made_again_is_a_version_but_no_new_object(store: Store) -> None:
    first = step(store, "raw/t", writing(ROWS)).manifest
    second = step(store, "raw/t", writing(ROWS.reverse()), made_by=recipe(seed=1)).manifest
    assert second.version != first.version
    assert second.fingerprint == first.fingerprint
    assert len(objects(store)) == 1


def test_an_input_of_new_version_but_equal_content_means_no_work(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    step(store, "raw/u", writing(ROWS), ["raw/t"])
    step(store, "raw/t", writing(ROWS), made_by=recipe(seed=1), run_id="2")
    assert step(store, "raw/u", refusing, ["raw/t"], run_id="3").reused


def test_an_input_of_new_content_means_work(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    step(store, "raw/u", writing(ROWS), ["raw/t"])
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2")
    assert not step(store, "raw/u", writing(ROWS), ["raw/t"], run_id="3").reused


def test_going_back_to_an_older_recipe_makes_its_version_current_again(store: Store) -> None:
    first = step(store, "raw/t", writing(ROWS), run_id="1").manifest
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2")
    assert step(store, "raw/t", refusing, run_id="3").manifest == first
    assert store.head(Ref.parse("raw/t")) == first


def test_a_version_pins_exactly_what_it_read(store: Store) -> None:
    read = step(store, "raw/t", writing(ROWS)).manifest
    made = step(store, "raw/u[x]", writing(ROWS), ["raw/t"]).manifest
    assert made.inputs == (read.pin(),)


def test_a_run_goes_on_with_its_own_versions_whatever_others_publish(store: Store) -> None:
    mine = step(store, "raw/t", writing(ROWS), run_id="mine").manifest
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="theirs")
    made = step(store, "raw/u", writing(ROWS), ["raw/t"], run_id="mine").manifest
    assert made.inputs == (mine.pin(),)


def test_a_missing_input_is_told(store: Store) -> None:
    with pytest.raises(NotPublishedError, match=r"raw/t has no version yet\. Materialize it first"):
        step(store, "raw/u", refusing, ["raw/t"])


def test_inputs_of_different_contents_of_one_ancestor_are_refused(store: Store) -> None:
    step(store, "raw/t", writing(ROWS), run_id="1")
    step(store, "raw/old", writing(ROWS), ["raw/t"], run_id="2")
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="3")
    step(store, "raw/new", writing(ROWS), ["raw/t"], run_id="4")
    with pytest.raises(SgAssetsError) as caught:
        step(store, "raw/u", refusing, ["raw/old", "raw/new"], run_id="5")
    message = str(caught.value)
    assert "raw/old and raw/new were made from different versions of raw/t" in message
    assert "Materialize raw/old" in message


def test_a_report_may_show_inputs_of_different_ancestors_side_by_side(store: Store) -> None:
    step(store, "raw/t", writing(ROWS), run_id="1")
    step(store, "raw/old", writing(ROWS), ["raw/t"], run_id="2")
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="3")
    step(store, "raw/new", writing(ROWS), ["raw/t"], run_id="4")
    refs = [Ref.parse("raw/old"), Ref.parse("raw/new")]
    made = run_step(
        store, Ref.parse("reports/r"), refs, recipe(), writing(ROWS),
        run_id="5", log=lambda _: None, mixed_ancestors=True,
    )  # fmt: skip
    assert [pin.asset for pin in made.manifest.inputs] == ["raw/old", "raw/new"]


def test_work_that_fails_leaves_nothing_behind(store: Store) -> None:
    def failing(workspace: Workspace) -> None:
        workspace.write_table(ROWS)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        step(store, "raw/t", failing)
    assert store.head(Ref.parse("raw/t")) is None
    assert list(store.staging.iterdir()) == []


def test_a_table_s_record_tells_its_key(store: Store) -> None:
    assert step(store, "raw/t", writing(ROWS), made_by=recipe(key=("id",))).manifest.key == ("id",)
