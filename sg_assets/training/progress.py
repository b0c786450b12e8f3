"""Progress lines of a job: to Dagster where it started the process, else to stderr."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import TrainerCallback

Log = Callable[[str], None]

_LONGEST_SILENCE = 60.0
"""Most seconds between two lines."""


@contextmanager
def reporter() -> Iterator[Log]:
    """A function that reports one line: through Dagster Pipes if Dagster started this process, else to stderr."""
    if "DAGSTER_PIPES_CONTEXT" not in os.environ:
        yield lambda line: print(line, file=sys.stderr, flush=True)  # noqa: T201 - the output of a command
        return
    from dagster_pipes import (
        PipesContext,
        PipesDefaultContextLoader,
        PipesDefaultMessageWriter,
        PipesEnvVarParamsLoader,
    )

    # `open_dagster_pipes` would give the first session of the process again, whose step may have ended.
    parameters = PipesEnvVarParamsLoader()  # type: ignore[no-untyped-call]
    with PipesContext(parameters, PipesDefaultContextLoader(), PipesDefaultMessageWriter()) as pipes:
        yield pipes.log.info


def progress_callback(say: Log) -> "TrainerCallback":
    """A trainer callback that reports where a run begins and its progress: step, loss, rate, time left."""
    from transformers import TrainerCallback

    class Progress(TrainerCallback):  # type: ignore[misc]  # transformers is not followed
        """Reports through ``say``."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            self.first, self.begin = state.global_step, time.perf_counter()
            self.reported_at = self.begin
            if state.global_step:
                say(f"resuming from step {state.global_step} of {state.max_steps}")

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            step, steps, now = state.global_step, state.max_steps, time.perf_counter()
            if is_due(step, steps, now - self.reported_at):
                self.reported_at = now
                losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
                rate = (step - self.first) / max(now - self.begin, 1e-9)
                say(progress_line(step, steps, losses[-1] if losses else None, rate))

    return Progress()


def is_due(step: int, steps: int, silent: float) -> bool:
    """Whether a step is reported: the first in each tenth of all steps, or the first after a minute without a line."""
    return step * 10 // steps != (step - 1) * 10 // steps or silent >= _LONGEST_SILENCE


def progress_line(step: int, steps: int, loss: float | None, rate: float) -> str:
    """One line such as ``step 30/60 (50 %), loss 0.512, 4.1 steps/s, 7 s left``; ``rate`` is in steps per second."""
    loss_text = "" if loss is None else f", loss {loss:.3f}"
    left = (steps - step) / rate
    return f"step {step}/{steps} ({100 * step // steps} %){loss_text}, {rate:.2g} steps/s, {left:.0f} s left"
