"""What a report says of scores that were measured differently."""

from pathlib import Path

from sg_assets.assets.reports import _remark
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing


def test_a_score_measured_with_earlier_prompts_is_marked(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "templated/prompts", writing(ROWS), run_id="1")
    score = step(store, "scores/sg_safety[base]", writing(ROWS), ["templated/prompts"], run_id="2").manifest
    assert _remark(score, store) == ""
    step(store, "templated/prompts", writing(ROWS.head(2)), made_by=recipe(seed=1), run_id="3")
    assert _remark(score, store) == "measured with earlier templated/prompts: not comparable"


def test_equal_prompts_made_again_leave_scores_comparable(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "templated/prompts", writing(ROWS), run_id="1")
    score = step(store, "scores/sg_safety[base]", writing(ROWS), ["templated/prompts"], run_id="2").manifest
    step(store, "templated/prompts", writing(ROWS.reverse()), made_by=recipe(seed=1), run_id="3")
    assert _remark(score, store) == ""
