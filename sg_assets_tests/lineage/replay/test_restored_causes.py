"""Which causes can be restored, and that restoring all of them gives the version before."""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Kind
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.replay.replaying import REWORDED, STRICTER, adds_up, plan, replayed
from sg_assets_tests.lineage.world import JUDGE_MODULE, METRICS, PROMPTS, World

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "edits",
    [
        {"templates": REWORDED},
        {"templates": dict(World().templates) | {"joke": "Joke about {text}"}},
        {"thresholds": STRICTER},
        {"comments": 50},
        {"rank": 64},
        {"seed": 1},
        {"prompts_sql": PROMPTS + "WHERE c.label = 'unsafe' OR length(c.text) > 9"},
        {"metrics_sql": METRICS.replace("AND label = 'unsafe'", "AND label = 'unsafe' AND item_id > 't0005'")},
        {"parent": "sft_r8"},
    ],
    ids=["template", "new template", "threshold", "comments", "rank", "seed", "SQL", "metric", "parent"],
)
def test_one_cause_put_back_gives_the_version_before_without_making_anything(
    store: Store, before: Manifest, tmp_path: Path, edits: dict[str, Any]
) -> None:
    done, make = replayed(store, before, tmp_path, **edits)
    assert len(done.restorable) == 1
    assert done.not_restorable == ()
    assert all(score.rest == 0 for score in done.scores)
    assert all(score.shared.shares[0].change == score.after - score.before for score in done.scores)
    assert make.made == []


def test_a_library_cannot_be_put_back_and_is_the_rest(store: Store, before: Manifest, tmp_path: Path) -> None:
    done, _ = replayed(store, before, tmp_path, torch="2.14.0", thresholds=STRICTER)
    assert [cause.kind for cause in done.not_restorable] == [Kind.LIBRARY]
    assert [restored.causes[0].kind for restored in done.restorable] == [Kind.THRESHOLD]
    assert adds_up(done)
    assert any(score.rest for score in done.scores)


def test_only_what_cannot_be_put_back_is_an_error_that_names_it(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(judge_module=JUDGE_MODULE.replace("% 10", "% 9")).build(store, "after")
    with pytest.raises(SgAssetsError, match=r"no cause can be restored here.*code sg_assets\.judging\.linear"):
        plan(store, before, after, tmp_path)
