"""The log of what is current tells what was replaced, and what was stale when it became so."""

import pytest

from sg_assets.store.heads import Heads
from sg_assets.store.manifests import HeadEntry
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome, Workspace, run_step
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, step, writing

T, U = Ref.parse("raw/t"), Ref.parse("raw/u")


def made_meanwhile(store: Store, rows: int, log: list[str]) -> Outcome:
    """``raw/u``, while another run publishes ``raw/t`` anew."""

    def work(workspace: Workspace) -> None:
        step(store, "raw/t", writing(ROWS.head(rows)), made_by=recipe(seed=1), run_id="other")
        workspace.write_table(ROWS)

    return run_step(store, U, [T], recipe(), work, run_id="mine", log=log.append)


def test_each_entry_names_what_it_replaces_and_the_run(store: Store) -> None:
    first = step(store, "raw/t", writing(ROWS), run_id="1").manifest
    second = step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2").manifest
    lines = [(entry_.action, entry_.version, entry_.replaces, entry_.run_id) for entry_ in store.heads.entries(T)]
    assert lines == [("publish", first.version, None, "1"), ("publish", second.version, first.version, "2")]


def test_an_input_that_was_replaced_meanwhile_is_flagged_and_told(store: Store) -> None:
    read = step(store, "raw/t", writing(ROWS)).manifest
    log: list[str] = []
    made = made_meanwhile(store, rows=1, log=log).manifest
    (entry,) = store.heads.entries(U)
    assert (entry.version, entry.stale_inputs) == (made.version, (read.pin(),))
    assert log == [
        f"raw/u: published, but the content of raw/t has changed since {read.version}, which this was built from"
    ]


def test_an_input_whose_content_is_still_current_is_not_flagged(store: Store) -> None:
    step(store, "raw/t", writing(ROWS))
    log: list[str] = []
    made_meanwhile(store, rows=3, log=log)
    (entry,) = store.heads.entries(U)
    assert (entry.stale_inputs, log) == ((), [])


def test_a_version_that_is_current_gets_no_second_entry(store: Store) -> None:
    for run_id in ("1", "2"):
        step(store, "raw/t", writing(ROWS), run_id=run_id)
    assert len(store.heads.entries(T)) == 1


def entry(version: str, action: str = "publish") -> HeadEntry:
    values = {"action": action, "version": version, "replaces": None, "stale_inputs": (), "run_id": None, "note": None}
    return HeadEntry.model_validate({**values, "at": "2026-01-01T00:00:00Z"})


@pytest.mark.parametrize(
    ("log", "before"),
    [("", None), ("a", None), ("a b", "a"), ("a b c", "b"), ("a b -a", None), ("a b c -b", "a"), ("a b c -b -a", None),
     ("a b a", "b"), ("a b -a c", "a"), ("a b a c -a", "b")],
)  # fmt: skip
def test_going_back_goes_to_what_was_current_before_and_does_not_come_back(
    store: Store, log: str, before: str | None
) -> None:
    heads = Heads(store.files)
    for line in log.split():
        heads.append(T, entry(line.lstrip("-"), "revert" if line.startswith("-") else "publish"))
    assert heads.before_current(T) == before
