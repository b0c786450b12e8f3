"""Recording acceptances, and undoing them."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.status.acceptance import Acceptances
from sg_assets.status.partition_status import State
from sg_assets.status.record_acceptance import record, required_reason, undo, undoable
from sg_assets.status.render.acceptance_lines import acceptance_lines
from sg_assets_tests.status.accepting import ADAPTER, SFT, accept, accepting, states
from sg_assets_tests.status.small import SmallGraph


def test_an_act_that_was_killed_is_completed_by_repeating_it(edited: SmallGraph) -> None:
    planned = accepting(edited, "all")
    first = Acceptances(planned.accepted[:3], (), (), ())
    record(edited.store, first, "renamed")
    again = accept(edited, "all")
    assert len(again.accepted) == len(planned.accepted) - 3
    assert states(edited) == {State.CURRENT}


@pytest.mark.parametrize("why", ["", " \n"])
def test_an_act_without_a_reason_is_refused(why: str) -> None:
    with pytest.raises(SgAssetsError, match="no reason is given"):
        required_reason(why)


def test_undoing_takes_the_last_acceptance_back(edited: SmallGraph) -> None:
    accept(edited, "all")
    marks = undoable(edited.store, [SFT])
    undo(edited.store, marks, "a mistake")
    assert edited.survey()[SFT].state is State.OUTDATED
    assert undoable(edited.store, [SFT]) == {}
    assert [named.mark.why for named in edited.store.marks_of(SFT)] == ["renamed", "a mistake"]


def test_a_version_accepted_twice_shows_the_chain_and_undoing_goes_back_one_link(edited: SmallGraph) -> None:
    accept(edited, "adapters/sft")
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "3")}
    planned = accept(edited, "adapters/sft")
    lines = [line for line in acceptance_lines(planned) if "was accepted before" in line or "as made by" in line]
    assert len(lines) == 4
    undo(edited.store, undoable(edited.store, [SFT]), "too far")
    assert edited.survey()[SFT].state is State.OUTDATED
    edited.modules = {**edited.modules, "adapters/sft": ADAPTER.replace("1", "2")}
    assert edited.survey()[SFT].state is State.CURRENT
