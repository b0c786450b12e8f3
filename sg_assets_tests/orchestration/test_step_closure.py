"""The code of a step as it is installed."""

import pytest

from sg_assets.code.modules import Definition
from sg_assets.errors import NotDeclaredError
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.step_closure import step_closure
from sg_assets.store.refs import Ref


def test_the_closure_begins_at_the_function_that_does_the_work(tiny: Project) -> None:
    closure = step_closure(tiny, Ref.parse("templated/templates"))
    assert Definition("sg_assets.tables.declared", "write_rows") in closure.digests


@pytest.mark.parametrize(("name", "nearest"), [
    ("templated/template", "templated/templates"), ("adapters/sft[sft_r127]", "sft_r128"),
    ("raw/rejected_comments", "raw/rejected_comments"),
])  # fmt: skip
def test_what_no_step_makes_names_the_nearest(tiny: Project, name: str, nearest: str) -> None:
    with pytest.raises(NotDeclaredError) as caught:
        step_closure(tiny, Ref.parse(name))
    assert nearest in str(caught.value)
