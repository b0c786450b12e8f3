"""Numbers of demo judges over real models are marked wherever they are shown."""

from pathlib import Path

from sg_assets.declarations.judge_kinds import DEMO_JUDGED
from sg_assets.lineage.demo_judged import demo_judged_of
from sg_assets.lineage.why import why
from sg_assets.store.step import Workspace
from sg_assets_tests.store.steps import ROWS, new_store, published, step


def test_a_score_has_the_mark_of_the_judgements_it_is_made_from(tmp_path: Path) -> None:
    store = new_store(tmp_path)

    def judge(workspace: Workspace) -> None:
        workspace.details[DEMO_JUDGED] = "scored by demo judges"
        workspace.write_table(ROWS)

    def score(workspace: Workspace) -> None:
        workspace.write_table(workspace.table("judgements/b"))

    step(store, "judgements/b[base]", judge)
    marked = step(store, "scores/b[base]", score, ["judgements/b[base]"]).manifest
    assert list(demo_judged_of(store, marked)) == ["scored by demo judges"]
    assert why(store, marked, marked).notes == ("scored by demo judges",)
    assert list(demo_judged_of(store, published(store, "scores/other[base]", ROWS))) == []
