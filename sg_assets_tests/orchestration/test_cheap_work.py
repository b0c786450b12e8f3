"""A repair starts only work that costs neither a GPU nor money."""

from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.cheap_work import is_cheap, made_cheaply
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref


def test_work_that_waits_for_a_pool_is_paid_or_releases_is_not_cheap(tiny: Project) -> None:
    asset_defs = asset_defs_of(tiny)
    assert is_cheap("raw/forum_comments", asset_defs, ())
    assert not is_cheap("raw/forum_comments", asset_defs, ["raw/forum_comments"])
    assert not is_cheap("adapters/sft", asset_defs, ())
    assert not is_cheap("reports/release", asset_defs, ())


def test_what_needs_dear_work_first_is_left(tiny: Project) -> None:
    adapter = next(ref for ref in tiny.graph.refs if ref.asset == "adapters/sft")
    comments = Ref.parse("raw/forum_comments")
    score = next(ref for ref in tiny.graph.refs if ref.schema == "responses" and ref.partition == adapter.partition)
    made = made_cheaply(tiny, [score, adapter, comments])
    assert comments in made
    assert adapter not in made
    assert score not in made


def test_what_the_same_step_makes_is_made_with_it(tiny: Project) -> None:
    first = Ref.parse("raw/forum_comments")
    outputs = [Ref.of(asset) for asset in tiny.graph.step_outputs(first.asset)]
    assert made_cheaply(tiny, [first]) == [ref for ref in tiny.graph.refs if ref in outputs]
