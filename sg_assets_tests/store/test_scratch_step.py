"""Running a step in a scratch store: recorded there, current nowhere."""

from pathlib import Path

from sg_assets.store.scratch import ScratchStore
from sg_assets.store.scratch_step import make_in_scratch
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, step, writing


def test_a_version_is_made_again_and_the_store_beneath_stays_as_it_is(store: Store, tmp_path: Path) -> None:
    source = step(store, "raw/source", writing(ROWS)).manifest
    recorded = step(store, "raw/t", lambda space: space.write_table(space.table("raw/source")), ["raw/source"]).manifest
    names = store.files.glob("**/*.json")
    scratch = ScratchStore(tmp_path / "scratch", store)

    (again,) = make_in_scratch(
        scratch, recorded, [source], {"raw/t": ("id",)}, lambda space: space.write_table(space.table("raw/source"))
    )

    assert (again.fingerprint, again.recipe, again.inputs) == (recorded.fingerprint, recorded.recipe, recorded.inputs)
    assert again.version != recorded.version
    assert scratch.is_recorded(again)
    assert scratch.head(again.ref) is None
    assert store.files.glob("**/*.json") == names
