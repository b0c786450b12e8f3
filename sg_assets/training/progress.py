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
    """A trainer callback that reports about every tenth of the steps: step, loss, rate, time left."""
    from transformers import TrainerCallback

    class Progress(TrainerCallback):  # type: ignore[misc]  # transformers is not followed
        """Reports through ``say``."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            self.begin = time.perf_counter()

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            step, steps = state.global_step, state.max_steps
            if is_due(step, steps):
                losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
                say(progress_line(step, steps, losses[-1] if losses else None, time.perf_counter() - self.begin))

    return Progress()


def is_due(step: int, steps: int) -> bool:
    """Whether this step is the first to reach another tenth of all steps (which 0 has not)."""
    return step * 10 // steps != (step - 1) * 10 // steps


def progress_line(step: int, steps: int, loss: float | None, seconds: float) -> str:
    """One line such as ``step 30/60 (50 %), loss 0.512, 4.1 steps/s, 7 s left``."""
    rate = step / max(seconds, 1e-9)
    told = "" if loss is None else f", loss {loss:.3f}"
    return (
        f"step {step}/{steps} ({100 * step // steps} %){told}, {rate:.2g} steps/s, {(steps - step) / rate:.0f} s left"
    )
