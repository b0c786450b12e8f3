"""A judge as a step uses it."""

from pathlib import Path

from sg_assets.judging.cached_judge import cached_judge
from sg_assets_tests.judging.judged_tables import judge
from sg_assets_tests.store.steps import new_store, workspace


def test_scores_are_kept_by_the_judge_s_content_and_not_by_its_name(judge_folder: Path, tmp_path: Path) -> None:
    store = new_store(tmp_path)
    same = judge(store, judge_folder), judge(store, judge_folder, "copy")
    with workspace(store, "judgements/b", *same) as work:
        first, copy = (cached_judge(work, name, tmp_path / "judged") for name in ("toxicity", "copy"))
    assert first.memory == copy.memory
    assert first.memory.parent == tmp_path / "judged"
    assert first.folder == store.path(same[0])
