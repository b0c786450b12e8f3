"""A step with its inputs resolved."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref
from sg_assets.store.step_plan import Output, StepPlan
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, step, writing


def test_the_inputs_are_pinned_as_they_were_resolved(store: Store) -> None:
    version = step(store, "raw/t", writing(ROWS)).manifest
    plan = StepPlan(store, (Output(Ref.parse("raw/u")),), [version], recipe(), "run")
    assert plan.pins == (version.pin(),)
    with plan.workspace() as workspace:
        assert workspace.table("raw/t").equals(ROWS)


def test_two_outputs_of_one_asset_are_refused(store: Store) -> None:
    outputs = (Output(Ref.parse("raw/t[a]")), Output(Ref.parse("raw/t[b]")))
    with pytest.raises(SgAssetsError, match="one partition of raw/t at a time"):
        StepPlan(store, outputs, [], recipe(), "run")
