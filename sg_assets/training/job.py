"""The training job, run as its own process: ``python -m sg_assets.training.job SPEC.json``.

Reads a :class:`~sg_assets.training.spec.TrainingSpec`, trains one LoRA adapter with TRL and leaves in the spec's
``output_dir``: ``adapter/`` (``adapter_model.safetensors``, ``adapter_config.json``), ``curve.parquet`` and
``summary.json``. Exit status 0 means that all of these exist, 2 (with a line on stderr) that the input is bad.

The same spec and rows with the same number of CPU threads give a byte-identical adapter, killed in between or not: the
job works alone in the spec's ``kept`` folder (:mod:`sg_assets.training.checkpoints`), and a second process resumes
from the newest complete checkpoint, or reuses a finished result. Nothing is downloaded.
"""

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.errors import SgAssetsError
from sg_assets.machine import this_machine
from sg_assets.processes.job_process import machines_file, quiet_offline_environment, run_payload
from sg_assets.training.checkpoints import JobFolder, is_complete, locked_folder
from sg_assets.training.progress import Log, progress_callback, reporter
from sg_assets.training.spec import TrainingSettings, TrainingSpec, read_spec

if TYPE_CHECKING:
    from transformers import Trainer

    from sg_assets.training.inputs import TrainingInputs

BEHAVIOUR: Final = 1
"""Raised when the same spec and rows give another adapter, or an earlier checkpoint cannot be resumed: it is part
of the name of the folder with checkpoints and results."""


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    spec = read_spec(path)
    prepare_environment(spec.settings)
    with reporter() as say:
        run(spec, say, machines_file(path))


def prepare_environment(settings: TrainingSettings) -> None:
    """Set what the libraries read when they are imported: no network, no progress bars, the number of threads."""
    quiet_offline_environment()
    threads = str(settings.threads)
    os.environ |= {
        "OMP_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        "POLARS_MAX_THREADS": threads,
    }
    # TRL refuses to spread one process over several GPUs
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "0")
    # raised by TRL's own defaults, whatever the settings
    warnings.filterwarnings("ignore", message=r".*gradient_checkpointing", category=FutureWarning)


def run(spec: TrainingSpec, say: Log, machines: Path | None = None) -> dict[str, Any]:
    """Train by the spec, or reuse a finished result, and return the summary.

    Args:
        spec: The job.
        say: Takes progress lines.
        machines: File for the machines it was trained on, which are not part of the result.

    Raises:
        SgAssetsError: bad input, or a guard rejected the run.
    """
    from sg_assets.training import outputs

    outputs.clear(spec.output_dir)
    with locked_folder(spec.kept, say) as kept:
        if is_complete(kept.result):
            say(f"{spec.variant}: already trained, reusing the stored result")
        else:
            _train_adapter(spec, kept, say)
        kept.copy_result(spec.output_dir, machines)
    return outputs.read_summary(spec.output_dir)


def _train_adapter(spec: TrainingSpec, kept: JobFolder, say: Log) -> None:
    from sg_assets.training import (
        callbacks,
        curve,
        inputs,
        outputs,
        trainers,
    )

    training_inputs = inputs.read_inputs(spec)
    train, dev = training_inputs.train, training_inputs.dev
    say(f"{spec.variant}: {spec.method} on {len(train.rows)} rows, dropped {dict(train.dropped) or 'none'}")
    trainer = trainers.make_trainer(
        spec,
        training_inputs.tokenizer,
        train.rows,
        dev.rows,
        kto_weights=training_inputs.kto_weights,
        checkpoints=kept.steps,
        callbacks=[progress_callback(say), callbacks.checkpoint_callback(kept), callbacks.divergence_callback()],
    )
    try:
        measured = _train(spec, trainer, kept, training_inputs)
    except SgAssetsError:
        kept.forget_steps()  # a run that a guard rejects must not be resumed
        raise
    folder = kept.new_result()
    outputs.write_adapter(trainer.model, folder / "adapter", spec.base_id)
    curve.curve(trainer.state.log_history).write_parquet(folder / "curve.parquet")
    kept.note("done", measured["steps"])
    summary = outputs.describe_training(spec, training_inputs) | measured | {"run": outputs.run_history(kept.folder)}
    outputs.write_summary(folder, summary)
    kept.seal_result()
    kept.forget_steps()
    say(
        f"{spec.variant}: done, {summary['steps']} steps, loss {summary['train_loss']:.3f}, "
        f"{summary['run']['seconds']:.0f} s"
    )


def _train(spec: TrainingSpec, trainer: "Trainer", kept: JobFolder, given: "TrainingInputs") -> dict[str, Any]:
    """Train between the guards; returns the run's measurements."""
    from sg_assets.training import guards, outputs

    guards.require_all_rows(trainer, len(given.train.rows))
    guards.require_default_adapter_trains(trainer)
    gap = None if spec.method == "sft" else guards.require_reference_is_policy(trainer)
    trainable = guards.require_default_adapter_trains(trainer)  # a reference pass can switch the flags
    before = guards.adapter_weights(trainer)
    _fit(trainer, kept)
    guards.require_default_adapter_trains(trainer)
    guards.require_reference_stayed(before, trainer)
    moved = guards.require_moved(before, guards.adapter_weights(trainer))
    losses = outputs.losses(trainer, dev_rows=len(given.dev.rows))
    guards.require_finite(losses)
    return losses | {
        "steps": trainer.state.global_step,
        "trainable_parameters": trainable,
        "weights_moved": moved,
        "step0_gap": gap,
        "tokens_seen": trainer.state.num_input_tokens_seen,
        "device": trainer.args.device.type,
    }


def _fit(trainer: "Trainer", kept: JobFolder) -> None:
    """Train from the newest complete checkpoint, or from the start."""
    newest = kept.newest()
    kept.note("began", newest)
    kept.note_machine(this_machine(device=trainer.args.device.type))
    trainer.train(resume_from_checkpoint=str(kept.checkpoint(newest)) if newest else None)
    kept.note("trained", trainer.state.global_step)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
