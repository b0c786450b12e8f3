"""What a training does at each step."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training.callbacks import checkpoint_callback, divergence_callback
from sg_assets.training.checkpoints import JobFolder, is_complete, journal

pytestmark = pytest.mark.slow


def state(step: int) -> SimpleNamespace:
    return SimpleNamespace(global_step=step, max_steps=3)


def test_every_step_is_journalled_and_the_last_is_logged(tmp_path: Path) -> None:
    callback = checkpoint_callback(JobFolder(tmp_path))
    logged = []
    for step in (1, 2, 3):
        control = SimpleNamespace(should_log=False)
        callback.on_step_end(None, state(step), control)
        logged.append(control.should_log)
    assert [(entry["event"], entry["step"]) for entry in journal(tmp_path)] == [("step", 1), ("step", 2), ("step", 3)]
    assert logged == [False, False, True]


def test_a_saved_checkpoint_is_sealed(tmp_path: Path) -> None:
    kept = JobFolder(tmp_path)
    kept.checkpoint(2).mkdir(parents=True)
    (kept.checkpoint(2) / "weights").write_text("x")
    checkpoint_callback(kept).on_save(None, state(2), None)
    assert is_complete(kept.checkpoint(2))


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_ends_the_training(loss: float) -> None:
    with pytest.raises(SgAssetsError, match="the loss at step 2 is"):
        divergence_callback().on_log(None, state(2), None, {"loss": loss})


def test_any_other_line_of_the_log_passes() -> None:
    divergence_callback().on_log(None, state(2), None, {"loss": 1.5})
    divergence_callback().on_log(None, state(2), None, {"eval_runtime": 3})
