"""How much our training costs over a bare script that makes the same TRL calls, and KTO over SFT.

Both train the same rows on the same model (the demo's size, random weights) with the same settings, one thread, and
evaluate the same dev rows at the same steps. Ours also reads, filters and lays out the rows, checks them and the run,
journals every step, saves and seals checkpoints, and writes the curve and the summary. Rounds change about. Processor
seconds are shown next to wall seconds: other work on the machine affects them less. The least of each counts.
Run: ``python benchmarks/training.py [--prompts N] [--rounds N]``.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
from untrained import make_model

from sg_assets.demo.corpus import comments
from sg_assets.training import job
from sg_assets.training.checkpoints import JobFolder
from sg_assets.training.inputs import TrainingInputs, read_inputs
from sg_assets.training.rows import COLUMNS
from sg_assets.training.spec import Method, TrainingSettings, TrainingSpec

ALLOWED = 1.10
BATCH, SAVE_STEPS, RANK = 16, 50, 32
MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
METHODS: tuple[Method, ...] = ("sft", "kto", "dpo")
REFUSAL = "Sorry, I cannot say that about people."


@dataclass
class Spent:
    """The least seconds of all rounds."""

    rows: int = 0
    wall: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, name: str) -> Any:  # noqa: ANN401
        begun = time.perf_counter(), time.process_time()
        yield
        for seconds, start, clock in (
            (self.wall, begun[0], time.perf_counter),
            (self.processor, begun[1], time.process_time),
        ):
            seconds[name] = min(clock() - start, seconds.get(name, float("inf")))


def examples(method: Method, prompts: list[str]) -> pl.DataFrame:
    """As in the demo: half the prompts are unsafe, and for KTO most of those give two rows; a seventh of all is dev."""
    rows: list[dict[str, Any]] = []
    for index, prompt in enumerate(prompts):
        split = "dev" if index % 7 == 0 else "train"
        row = {"text_id": f"t{index}", "split": split, "prompt": [{"role": "user", "content": prompt}]}
        own = [{"role": "assistant", "content": f"Wah, {prompt.split()[-1]} is really something, I tell you."}]
        good = [{"role": "assistant", "content": REFUSAL}] if index % 2 else own
        if method == "sft":
            rows.append(row | {"example_id": f"e{index}", "completion": good})
        elif method == "kto":
            rows.append(row | {"example_id": f"e{index}", "completion": good, "label": True})
            if index % 2 and index % 10 != 1:
                rows.append(row | {"example_id": f"f{index}", "completion": own, "label": False})
        elif index % 2:
            rows.append(row | {"example_id": f"e{index}", "chosen": good, "rejected": own})
    return pl.DataFrame(rows)


def make_spec(method: Method, base: Path, rows: Path, output: Path) -> TrainingSpec:
    settings = TrainingSettings(
        rank=RANK, learning_rate=3e-4, epochs=1, batch_size=BATCH, gradient_accumulation=1, max_length=128,
        warmup_ratio=0.1, lr_scheduler="cosine", weight_decay=0.0, target_modules=MODULES, dtype="float32",
        gradient_checkpointing=False, threads=1, device="cpu", logging_steps=5, seed=0,
        beta=None if method == "sft" else 0.3,
    )  # fmt: skip
    return TrainingSpec(
        method=method, variant=method, base_model=base, base_id="models/chat[base]@x", examples=rows,
        output_dir=output / "out", kept=output / "kept", save_steps=SAVE_STEPS, settings=settings,
    )  # fmt: skip


def bare(spec: TrainingSpec, inputs: TrainingInputs, spent: Spent, folder: Path) -> None:
    """The shortest script that does it: rows given, no checkpoint, no check."""
    import trl
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback

    trainer_class, config_class = {
        "sft": (trl.SFTTrainer, trl.SFTConfig),
        "kto": (trl.KTOTrainer, trl.KTOConfig),
        "dpo": (trl.DPOTrainer, trl.DPOConfig),
    }[spec.method]
    settings = spec.settings
    own: dict[str, float] = {} if settings.beta is None else {"beta": settings.beta}
    if inputs.kto_weights:
        own |= dict(zip(("desirable_weight", "undesirable_weight"), inputs.kto_weights, strict=True))
    columns = list(COLUMNS[spec.method])
    train, dev = (split.rows.select(columns).to_dicts() for split in (inputs.train, inputs.dev))
    with spent.on("bare whole"):
        trainer = trainer_class(
            model=AutoModelForCausalLM.from_pretrained(spec.base_model),
            args=config_class(
                output_dir=str(folder), num_train_epochs=1, learning_rate=3e-4, lr_scheduler_type="cosine",
                warmup_steps=0.1, per_device_train_batch_size=BATCH, per_device_eval_batch_size=BATCH, max_length=128,
                bf16=False, gradient_checkpointing=False, use_cpu=True, dataloader_pin_memory=False, logging_steps=5,
                eval_strategy="steps", eval_steps=1 / 3, save_strategy="no", report_to="none", disable_tqdm=True,
                seed=0, **own,
            ),
            train_dataset=Dataset.from_list(train),
            eval_dataset=Dataset.from_list(dev),
            processing_class=AutoTokenizer.from_pretrained(spec.base_model, padding_side="left"),
            peft_config=LoraConfig(
                r=RANK, lora_alpha=RANK, lora_dropout=0.0, target_modules=list(MODULES), task_type="CAUSAL_LM"
            ),
        )  # fmt: skip
        trainer.remove_callback(PrinterCallback)
        with spent.on("bare training"):
            trainer.train()
        trainer.save_model(str(folder / "adapter"))


def ours(spec: TrainingSpec, spent: Spent) -> dict[str, Any]:
    fit = job._fit

    def timed(trainer: Any, kept: JobFolder) -> None:  # noqa: ANN401
        with spent.on("our training"):
            fit(trainer, kept)

    with mock.patch.object(job, "_fit", timed), spent.on("our whole"):
        return job.run(spec, lambda _: None)


def measure(method: Method, prompts: list[str], rounds: int, folder: Path) -> Spent:
    spent = Spent()
    examples(method, prompts).write_parquet(folder / f"{method}.parquet")

    def spec(number: int) -> TrainingSpec:
        return make_spec(method, folder / "model", folder / f"{method}.parquet", folder / f"{method}-{number}")

    inputs = read_inputs(spec(0))  # the very rows our job trains on
    spent.rows = inputs.train.usable
    for number in range(rounds):
        works: list[Callable[[], Any]] = [
            lambda: ours(spec(number), spent),  # noqa: B023
            lambda: bare(spec(number), inputs, spent, folder / "bare"),  # noqa: B023
        ]
        for work in works if number % 2 else reversed(works):
            work()
        shutil.rmtree(folder / f"{method}-{number}")
    return spent


def table(measured: dict[Method, Spent]) -> float:
    """Print the table; the worst ratio of training seconds."""
    worst = 0.0
    print("     rows   our training  bare training        ratio      whole job        ratio")
    print("            wall/proc. s   wall/proc. s   wall/proc.   wall/proc. s   wall/proc.")
    for method, spent in measured.items():
        both = (spent.wall, spent.processor)
        training = [seconds["our training"] / seconds["bare training"] for seconds in both]
        whole = [seconds["our whole"] / seconds["bare whole"] for seconds in both]
        seconds = {name: "/".join(f"{clock[name]:.2f}" for clock in both) for name in spent.wall}
        ratios = ["/".join(f"{ratio:.3f}" for ratio in pair) for pair in (training, whole)]
        print(
            f"{method:4}{spent.rows:>5}{seconds['our training']:>15}{seconds['bare training']:>15}{ratios[0]:>13}"
            f"{seconds['our whole']:>15}{ratios[1]:>13}"
        )
        worst = max(worst, training[1])
    sft, kto = measured["sft"], measured["kto"]
    run = kto.processor["our training"] / sft.processor["our training"]
    print(f"KTO costs {run:.2f} x SFT a run, {run * sft.rows / kto.rows:.2f} x a row (processor seconds of training)")
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=700)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        settings = make_spec("sft", folder, folder, folder).settings
        job.prepare_environment(settings)
        texts = comments(0, options.prompts)["text"].to_list()
        random.Random(0).shuffle(texts)
        prompts = [f"Reply to this comment: {text}" for text in texts]
        make_model(folder / "model", [*prompts, *[REFUSAL] * 50])
        measure("sft", prompts[:200], 1, folder)  # warms up what is loaded once
        worst = table({method: measure(method, prompts, options.rounds, folder) for method in METHODS})
    print(f"worst ratio {worst:.3f} (least of {options.rounds} rounds each; allowed {ALLOWED})")
    return 0 if worst <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
