"""The training job, run as its own process: ``python -m sg_assets.training.job SPEC.json``.

Reads a :class:`~sg_assets.training.spec.TrainingSpec`, trains one LoRA adapter with TRL and leaves in the spec's
``output_dir``: ``adapter/`` (``adapter_model.safetensors``, ``adapter_config.json``), ``curve.parquet`` and, last,
``summary.json``, whose presence means success. Exit status 2 and one line on stderr for bad input.

The same spec and rows with the same number of CPU threads give a byte-identical adapter. Nothing is downloaded.
"""

import os
import shutil
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sg_assets.errors import SgAssetsError
from sg_assets.payload import quiet_offline_environment, run_payload
from sg_assets.training.progress import Say, progress_callback, reporter
from sg_assets.training.spec import TrainingSettings, TrainingSpec, read_spec

if TYPE_CHECKING:
    import polars as pl
    from transformers import PreTrainedTokenizerBase, Trainer

_SPLITS: tuple[Literal["train", "dev"], ...] = ("train", "dev")


class Split(NamedTuple):
    """The rows of one split as they will be trained on (or evaluated)."""

    rows: "pl.DataFrame"
    """In their final order."""
    dropped: Counter[str]
    """Rows left out, counted by reason."""


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    spec = read_spec(path)
    prepare_environment(spec.settings)
    with reporter() as say:
        run(spec, say)


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


def run(spec: TrainingSpec, say: Say) -> dict[str, Any]:
    """Train as the spec says, write the results and return the summary.

    Raises:
        SgAssetsError: bad input, or a guard found that the run did not train what it should.
    """
    from sg_assets.training import outputs, trainers

    begin = time.perf_counter()
    _clear(spec.output_dir)
    train, dev, tokenizer = _inputs(spec)
    weights = _kto_weights(train.rows) if spec.method == "kto" else None
    say(f"{spec.variant}: {spec.method} on {len(train.rows)} rows, dropped {dict(train.dropped) or 'none'}")
    scratch = spec.output_dir / "scratch"
    trainer = trainers.make_trainer(
        spec,
        tokenizer,
        train.rows,
        dev.rows,
        kto_weights=weights,
        scratch=scratch,
        callbacks=[progress_callback(say)],
    )
    outcome = _train(spec, trainer, has_dev=not dev.rows.is_empty())
    outputs.write_adapter(trainer.model, spec.output_dir / "adapter", spec.base_id)
    outputs.curve(trainer.state.log_history).write_parquet(spec.output_dir / "curve.parquet")
    shutil.rmtree(scratch, ignore_errors=True)
    seconds = round(time.perf_counter() - begin, 3)
    summary = _described(spec, train, dev, weights) | outcome | {"seconds": seconds}
    outputs.write_summary(spec.output_dir / "summary.json", summary)
    say(f"{spec.variant}: done, {outcome['steps']} steps, loss {outcome['train_loss']:.3f}, {seconds:.0f} s")
    return summary


def _clear(output_dir: Path) -> None:
    output_dir.mkdir(parents=True, exist_ok=True)
    for name in ("summary.json", "curve.parquet"):  # the mark of success goes first
        (output_dir / name).unlink(missing_ok=True)
    for name in ("adapter", "scratch"):
        shutil.rmtree(output_dir / name, ignore_errors=True)


def _inputs(spec: TrainingSpec) -> tuple[Split, Split, "PreTrainedTokenizerBase"]:
    """Both splits and the tokenizer; also sets the threads, which comes with the first import of torch."""
    from sg_assets.training import rows, trainers

    # before the seconds of importing torch: bad rows are told at once
    read = {name: rows.read_rows(spec.examples, spec.method, name, spec.settings.seed) for name in _SPLITS}
    import torch

    torch.set_num_threads(spec.settings.threads)
    tokenizer = trainers.load_tokenizer(spec.base_model)
    train, dev = (_split(spec, tokenizer, name, read[name]) for name in _SPLITS)
    if train.rows.is_empty():
        raise SgAssetsError(
            "no training rows are left", where=str(spec.examples), why=f"dropped: {dict(train.dropped) or 'none'}"
        )
    return train, dev, tokenizer


def _split(spec: TrainingSpec, tokenizer: "PreTrainedTokenizerBase", name: str, read: "pl.DataFrame") -> Split:
    from sg_assets.training import kto_layout, rows

    usable, dropped = rows.usable(rows.with_tokens(read, tokenizer), spec.settings.max_length)
    if spec.method != "kto" or usable.is_empty():
        return Split(usable, dropped)
    laid, incomplete = kto_layout.lay_out(usable, spec.settings.batch_size, keep_tail=name == "dev")
    return Split(laid, dropped + incomplete)


def _kto_weights(rows: "pl.DataFrame") -> tuple[float, float]:
    from sg_assets.training.kto_layout import kto_weights

    desirable = int(rows["label"].sum())
    return kto_weights(desirable, len(rows) - desirable)


def _described(spec: TrainingSpec, train: Split, dev: Split, weights: tuple[float, float] | None) -> dict[str, Any]:
    return {
        "method": spec.method,
        "variant": spec.variant,
        "base_id": spec.base_id,
        "parent_id": spec.parent_id,
        "train_rows": len(train.rows),
        "dev_rows": len(dev.rows),
        "dropped": dict(train.dropped),
        "dev_dropped": dict(dev.dropped),
        "kto_weights": weights and dict(zip(("desirable", "undesirable"), weights, strict=True)),
    }


def _train(spec: TrainingSpec, trainer: "Trainer", *, has_dev: bool) -> dict[str, Any]:
    """Train between the guards; what the run measured."""
    from sg_assets.training import guards

    guards.require_default_adapter_trains(trainer)
    gap = None if spec.method == "sft" else guards.require_reference_is_policy(trainer)
    trainable = guards.require_default_adapter_trains(trainer)  # a reference pass can switch the flags
    before = guards.adapter_weights(trainer)
    result = trainer.train()
    guards.require_default_adapter_trains(trainer)
    guards.require_reference_stayed(before, trainer)
    moved = guards.require_moved(before, guards.adapter_weights(trainer))
    losses = {
        "train_loss": result.training_loss,
        "dev_loss": trainer.evaluate()["eval_loss"] if has_dev else None,
    }
    guards.require_finite(losses)
    return losses | {
        "steps": result.global_step,
        "trainable_parameters": trainable,
        "weights_moved": moved,
        "step0_gap": gap,
        "tokens_seen": trainer.state.num_input_tokens_seen,
        "device": trainer.args.device.type,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
