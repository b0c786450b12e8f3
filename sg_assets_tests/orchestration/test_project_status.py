"""The status of a project that has made nothing yet, and what its work needs."""

from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.pipes import GPU_POOL
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import needs_of, project_plan, project_survey, recipe_of, undeclared_of
from sg_assets.status.partition_status import State
from sg_assets.store.refs import Ref


def test_before_the_first_run_every_partition_is_missing(tiny: Project) -> None:
    survey = project_survey(tiny, asset_defs_of(tiny))
    assert list(survey) == list(tiny.graph.refs)
    assert {status.state for status in survey.values()} == {State.MISSING}
    assert undeclared_of(tiny) == []


def test_a_plan_has_what_is_named_with_all_its_ancestors(tiny: Project) -> None:
    asset_defs = asset_defs_of(tiny)
    survey = project_survey(tiny, asset_defs)
    steps = [str(ref) for ref in project_plan(tiny, asset_defs, survey, ["judges/toxicity"]).steps]
    assert steps[-1] == "judges/toxicity"
    assert {"templated/templates", "demo/judge_texts"} < set(steps)


def test_an_extra_output_has_the_contract_of_its_own_table(tiny: Project) -> None:
    recipe = recipe_of(tiny, asset_defs_of(tiny))
    comments, rejected = recipe(Ref.parse("raw/forum_comments")), recipe(Ref.parse("raw/rejected_comments"))
    assert (comments.contract.key, rejected.contract.key) == (("text_id",), ("file", "row"))
    assert comments.code == rejected.code


def test_trainings_need_the_pool_of_the_gpu_and_rules_cost_nothing(tiny: Project) -> None:
    needs = needs_of(tiny, asset_defs_of(tiny))
    assert needs.pools["adapters/kto"] == GPU_POOL
    assert "templated/prompts" not in needs.pools
    assert needs.paid == {}
