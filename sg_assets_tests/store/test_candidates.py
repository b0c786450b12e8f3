"""One step may make several tables: all of them are published, or none."""

from collections.abc import Callable

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError, quarantined_versions, release
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome, Output, Recipe, Workspace, run_step
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, recipe, refusing, step, writing

pytestmark = pytest.mark.slow

KEPT, REJECTED, SOURCE = Ref.parse("raw/kept"), Ref.parse("raw/rejected"), Ref.parse("raw/source")


@pytest.fixture(autouse=True)
def source(store: Store) -> Manifest:
    return step(store, "raw/source", writing(ROWS), run_id="0").manifest


def parting(workspace: Workspace) -> None:
    rows = workspace.table("raw/source")
    workspace.write_table(rows.filter(pl.col("id") > 1))
    workspace.write_table(rows.filter(pl.col("id") == 1), "raw/rejected")


def part(
    store: Store,
    run_id: str = "1",
    work: Callable[[Workspace], None] = parting,
    made_by: Recipe | None = None,
    rejected: Contract | None = None,
) -> Outcome:
    return run_step(
        store,
        KEPT,
        [SOURCE],
        made_by or recipe(),
        work,
        extra_outputs=[Output(REJECTED, rejected or Contract(("id",)))],
        run_id=run_id,
        log=lambda _: None,
    )


def both(outcome: Outcome) -> list[Manifest]:
    return [outcome.manifest, *(made.manifest for made in outcome.extra_outputs)]


def test_each_output_is_a_version_with_its_own_rows_and_audit(store: Store) -> None:
    outcome = part(store)
    kept, rejected = both(outcome)
    assert [store.head(KEPT), store.head(REJECTED)] == [kept, rejected]
    assert [pl.read_parquet(store.path(made))["id"].to_list() for made in (kept, rejected)] == [[2, 3], [1]]
    assert [[result.name for result in made.audit] for made in (kept, rejected)] == [["key"], ["key"]]
    assert [made.reused for made in (outcome, *outcome.extra_outputs)] == [False, False]


def test_versions_of_one_step_pin_the_same_inputs_and_name_each_other(store: Store) -> None:
    kept, rejected = both(part(store))
    assert kept.inputs == rejected.inputs == (store.required_head(SOURCE).pin(),)
    assert (kept.made_with, rejected.made_with) == ((rejected.pin(),), (kept.pin(),))


def test_an_unchanged_recipe_means_no_work(store: Store) -> None:
    first = both(part(store))
    again = part(store, "2", refusing)
    assert both(again) == first
    assert [again.reused, again.extra_outputs[0].reused] == [True, True]


def test_an_output_more_means_work(store: Store) -> None:
    step(store, "raw/kept", without_rejected, ["raw/source"], run_id="1")
    assert not part(store, "2").reused


def without_rejected(workspace: Workspace) -> None:
    workspace.write_table(workspace.table("raw/source").filter(pl.col("id") > 1))


def test_versions_are_reused_as_one_step_made_them(store: Store) -> None:
    """Of two steps of one recipe side by side, the outputs are not mixed."""

    def slowly(workspace: Workspace) -> None:
        part(store, "quick")
        parting(workspace)

    part(store, "slow", slowly)
    kept, rejected = both(part(store, "3", refusing))
    assert kept.made_with == (rejected.pin(),)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("section", ["manifests/raw/rejected", "heads/raw/kept", "heads/raw/rejected"])
def test_a_step_that_was_killed_between_its_outputs_is_completed_by_repeating_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, section: str
) -> None:
    write_new = store.files.write_new

    def dying(name: str, text: str) -> None:
        if name.startswith(section):
            raise Killed
        write_new(name, text)

    with monkeypatch.context() as patch:
        patch.setattr(store.files, "write_new", dying)
        with pytest.raises(Killed):
            part(store, "1")
    kept, rejected = both(part(store, "2"))
    assert [store.head(KEPT), store.head(REJECTED)] == [kept, rejected]
    assert kept.made_with == (rejected.pin(),)


def test_if_one_fails_its_audit_none_is_published(store: Store) -> None:
    good = both(part(store))
    with pytest.raises(QuarantinedError) as caught:
        part(store, "2", made_by=recipe(seed=1), rejected=at_most(0).contract)
    assert [store.head(KEPT), store.head(REJECTED)] == good
    assert (caught.value.candidate.ref, caught.value.published) == (REJECTED, good[1])
    assert sorted(made.version for made in quarantined_versions(store)) == sorted(
        made.version for made in caught.value.candidates
    )
    for made in good:
        assert f"The published version {made.version} of {made.ref} stays current" in str(caught.value)


def test_a_release_publishes_what_was_made_together(store: Store) -> None:
    with pytest.raises(QuarantinedError) as caught:
        part(store, rejected=at_most(0).contract)
    kept, rejected = caught.value.candidates
    assert release(store, rejected.version) == [rejected, kept]
    assert [store.head(KEPT), store.head(REJECTED), quarantined_versions(store)] == [kept, rejected, []]


def test_what_was_released_by_hand_stays_accepted_when_its_inputs_are_confirmed(store: Store) -> None:
    with pytest.raises(QuarantinedError) as caught:
        part(store, rejected=at_most(0).contract)
    release(store, caught.value.candidate.version)
    step(store, "raw/source", writing(ROWS), made_by=recipe(seed=1), run_id="2")
    again = part(store, "3", refusing, rejected=at_most(0).contract)
    assert both(again) == [store.head(KEPT), store.head(REJECTED)]
    assert again.manifest.inputs == (store.required_head(SOURCE).pin(),)


def test_a_result_that_was_not_asked_for_has_no_place(store: Store) -> None:
    def work(workspace: Workspace) -> None:
        workspace.write_table(ROWS, "raw/rejcted")

    with pytest.raises(SgAssetsError, match=r"raw/kept: 'raw/rejcted' is not an output\. Did you mean 'raw/rejected'"):
        part(store, work=work)


def test_two_partitions_of_one_asset_are_two_steps(store: Store) -> None:
    with pytest.raises(SgAssetsError, match=r"a step makes one partition of raw/t at a time"):
        run_step(
            store, Ref.parse("raw/t[a]"), [], recipe(), refusing, extra_outputs=[Output(Ref.parse("raw/t[b]"))],
            run_id="1", log=lambda _: None,
        )  # fmt: skip
