"""Trainer callbacks: journal, last log, sealed checkpoints, and an early stop on divergence."""

import math
from typing import TYPE_CHECKING, Any

from sg_assets.training.checkpoints import JobFolder, seal
from sg_assets.training.guards import diverged

if TYPE_CHECKING:
    from transformers import TrainerCallback


def checkpoint_callback(kept: JobFolder) -> "TrainerCallback":
    """A trainer callback that journals every step and seals every checkpoint.

    It also makes the trainer log the last step, whatever the interval: the loss of the steps after the last interval
    would otherwise be in no row of the curve.
    """
    from transformers import TrainerCallback

    class CheckpointCallback(TrainerCallback):  # type: ignore[misc]  # transformers is not followed
        """Saves what the next process needs if this process is killed."""

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            kept.note("step", state.global_step)
            if state.global_step >= state.max_steps:
                control.should_log = True

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            seal(kept.checkpoint(state.global_step))

    return CheckpointCallback()


def divergence_callback() -> "TrainerCallback":
    """A trainer callback that stops a run at the first logged loss that is not a finite number."""
    from transformers import TrainerCallback

    class DivergenceCallback(TrainerCallback):  # type: ignore[misc]  # transformers is not followed
        """Checks every logged loss."""

        def on_log(self, args: Any, state: Any, control: Any, logs: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            if not math.isfinite(logs.get("loss", 0.0)):
                raise diverged(f"the loss at step {state.global_step} is {logs['loss']}")

    return DivergenceCallback()
