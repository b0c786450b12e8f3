"""lm-eval's own leaderboard tasks, unmodified, on a few documents in the form of their data sets."""

import subprocess
from pathlib import Path

import pytest

from sg_assets.leaderboard.finished_tasks import finished_facts, finished_items, leaderboard_tasks
from sg_assets.leaderboard.normalisation import PUBLISHED, TASK_NAMES
from sg_assets.leaderboard.scores import score_rows
from sg_assets.training.checkpoints import is_complete
from sg_assets_tests.leaderboard.conftest import Job, command, environment, spec_of

pytestmark = pytest.mark.slow
DOCUMENTS = {"ifeval": 2, "bbh": 24 * 3, "math_hard": 7, "gpqa": 3 * 4, "musr": 3 * 4, "mmlu_pro": 4}


@pytest.fixture(scope="module")
def together(work: Path, long_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process over all six kept."""
    folder = tmp_path_factory.mktemp("together")
    spec = spec_of(long_model, folder / "kept", tasks=TASK_NAMES)
    ended = subprocess.run(
        command(spec, folder), cwd=work, env=environment(work), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return spec.kept


def test_every_subtask_runs_and_the_six_have_a_mean(together: Path) -> None:
    items = finished_items(together, TASK_NAMES)
    assert {name: items.filter(slice=name).height for name in TASK_NAMES} == DOCUMENTS
    made = score_rows(items, leaderboard_tasks(TASK_NAMES, None))
    slices = {row for task in PUBLISHED.values() for row in (*task.lower, task.name)}
    assert set(made.filter(metric="raw")["slice"]) == slices
    assert set(made.filter(metric="normalised")["slice"]) == {*slices, "mean"}


def test_versions_shots_and_data_sets_are_told(together: Path) -> None:
    facts = finished_facts(together, TASK_NAMES)
    recorded = {
        name: {(subtask["version"], subtask["shots"]) for subtask in facts[name]["subtasks"].values()}
        for name in TASK_NAMES
    }
    assert recorded == {
        "ifeval": {(3.0, 0)}, "bbh": {(1.0, 3)}, "math_hard": {(3.0, 4)}, "gpqa": {(1.0, 0)}, "musr": {(1.0, 0)},
        "mmlu_pro": {(0.1, 5)},
    }  # fmt: skip
    assert facts["gpqa"]["subtasks"]["gpqa_main"]["data"]["set"] == "Idavidrein/gpqa/gpqa_main"


def test_items_that_share_a_question_or_a_story_are_one_cluster(together: Path) -> None:
    items = finished_items(together, TASK_NAMES)
    assert items.filter(slice="gpqa")["cluster_id"].n_unique() == 4
    assert items.filter(slice="musr")["cluster_id"].n_unique() == 2
    assert items.filter(slice="bbh")["cluster_id"].n_unique() == 72


def test_a_task_alone_in_its_process_is_the_same(together: Path, job: Job, long_model: Path, tmp_path: Path) -> None:
    """GPQA's choices are shuffled by the global generator: without the seeds of a fresh process they would differ."""
    spec = spec_of(long_model, tmp_path / "kept", tasks=("gpqa",))
    assert job(spec).returncode == 0
    assert finished_items(spec.kept, spec.tasks).equals(finished_items(together, spec.tasks))
    alone, of_all = (finished_facts(kept, spec.tasks)["gpqa"]["subtasks"] for kept in (spec.kept, together))
    assert alone == of_all


def test_a_task_that_fails_is_named_and_the_others_are_kept(job: Job, micro_model: Path, tmp_path: Path) -> None:
    # The micro model is too short for IFEval's answers.
    spec = spec_of(micro_model, tmp_path / "kept", tasks=("ifeval", "musr"))
    ended = job(spec)
    assert ended.returncode == 2
    lines = (tmp_path / "spec.reason").read_text()
    assert "task 'ifeval' failed: AssertionError" in lines
    assert "musr" not in lines
    assert (is_complete(spec.kept / "musr"), is_complete(spec.kept / "ifeval")) == (True, False)
