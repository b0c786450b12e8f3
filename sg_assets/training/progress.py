"""Telling how a run is doing: to Dagster where it started the process, else to stderr."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import TrainerCallback

Say = Callable[[str], None]

_LONGEST_SILENCE = 60.0
"""Seconds without a line."""


@contextmanager
def reporter() -> Iterator[Say]:
    """A function that reports one line: through Dagster Pipes if this process was started by it, else to stderr."""
    if "DAGSTER_PIPES_CONTEXT" not in os.environ:
        yield lambda line: print(line, file=sys.stderr, flush=True)  # noqa: T201 - the output of a command
        return
    from dagster_pipes import open_dagster_pipes

    with open_dagster_pipes() as pipes:
        yield pipes.log.info


def progress_callback(say: Say) -> "TrainerCallback":
    """A trainer callback that tells where a run begins and how it gets on: step, loss, rate, time left."""
    from transformers import TrainerCallback

    class Progress(TrainerCallback):  # type: ignore[misc]  # transformers is not followed
        """Reports through ``say``."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            self.first, self.begin = state.global_step, time.perf_counter()
            self.told = self.begin
            if state.global_step:
                say(f"resuming from step {state.global_step} of {state.max_steps}")

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            step, steps, now = state.global_step, state.max_steps, time.perf_counter()
            if is_due(step, steps, now - self.told):
                self.told = now
                losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
                rate = (step - self.first) / max(now - self.begin, 1e-9)
                say(progress_line(step, steps, losses[-1] if losses else None, rate))

    return Progress()


def is_due(step: int, steps: int, silent: float) -> bool:
    """Whether to tell of a step: the first to reach another tenth of all, or the first after a minute of silence."""
    return step * 10 // steps != (step - 1) * 10 // steps or silent >= _LONGEST_SILENCE


def progress_line(step: int, steps: int, loss: float | None, rate: float) -> str:
    """One line such as ``step 30/60 (50 %), loss 0.512, 4.1 steps/s, 7 s left``; ``rate`` is in steps per second."""
    told = "" if loss is None else f", loss {loss:.3f}"
    return (
        f"step {step}/{steps} ({100 * step // steps} %){told}, {rate:.2g} steps/s, {(steps - step) / rate:.0f} s left"
    )
