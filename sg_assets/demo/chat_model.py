"""Trains a tiny chat model from scratch and writes it as an ordinary Hugging Face folder.

Run as a job of its own: ``python -m sg_assets.demo.chat_model SPEC.json``. The same spec and rows give the same
bytes, for one set of libraries and one number of threads, killed in between or not: like a LoRA training it works in a
folder of its own (:mod:`sg_assets.training.checkpoints`), from which a second process resumes.
"""

import json
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.demo.chat_model_spec import ChatModelSpec
from sg_assets.demo.tokenizer import make_tokenizer, render
from sg_assets.errors import SgAssetsError
from sg_assets.machine import this_machine
from sg_assets.processes.job_process import machines_file, quiet_offline_environment, run_payload
from sg_assets.training.checkpoints import JobFolder, is_complete, locked_folder, seal
from sg_assets.training.progress import reporter

if TYPE_CHECKING:
    import torch

BEHAVIOUR: Final = 1
"""Raised when the same spec and rows give another model, or an earlier checkpoint cannot be resumed: it is part
of the name of the folder with checkpoints and results."""

_WINDOW = 16
"""Batches are cut from runs of this many batches' rows sorted by length: little padding, still a random order."""
_IGNORED = -100
_FINAL_RATE = 0.05
_REPORT_EVERY = 200
_STATE = "state.pt"

Report = Callable[[str], None]


def train_chat_model(spec: ChatModelSpec, report: Report, machines: Path | None = None) -> dict[str, float]:
    """Train the model, or reuse a finished result, and write its folder.

    Args:
        spec: what to train, on which rows, and where to.
        report: takes a progress line now and then.
        machines: file for the machines it was trained on, which are not part of the model.

    Returns:
        ``loss`` (mean over the last twentieth of the steps), ``steps``, ``tokens`` (seen, padding excluded) and
        ``parameters``; also written as ``training.json``.

    Raises:
        SgAssetsError: there are fewer rows than one batch.
    """
    with locked_folder(spec.kept, report) as kept:
        if is_complete(kept.result):
            report("already trained, reusing the stored result")
        else:
            _train(spec, kept, report)
            kept.seal_result()
            kept.forget_steps()
        kept.copy_result(spec.output_dir, machines)
    return dict(json.loads((spec.output_dir / "training.json").read_text(encoding="utf-8")))


def _train(spec: ChatModelSpec, kept: JobFolder, report: Report) -> None:
    chats = _chats(spec)
    import torch

    torch.set_num_threads(spec.threads)
    torch.manual_seed(spec.seed)
    tokenizer = make_tokenizer([text for chat in chats for text in chat], spec.vocab_size)
    rendered = [render(tokenizer, prompt, response) for prompt, response in chats]
    encoded: list[list[int]] = tokenizer(rendered, add_special_tokens=False)["input_ids"]
    model = _new_model(spec, tokenizer)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    report(f"{parameters:,} parameters, {len(tokenizer)} tokens in the vocabulary, {len(encoded)} rows")
    course = _fit(model, encoded, spec, tokenizer.pad_token_id, kept=kept, report=report)
    loss = _mean_tail(course.losses, max(1, spec.steps // 20))
    metrics = {"loss": round(loss, 6), "steps": spec.steps, "tokens": course.tokens, "parameters": parameters}
    folder = kept.new_result()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "training.json").write_text(json.dumps(metrics, indent=2, sort_keys=True) + "\n")


def _chats(spec: ChatModelSpec) -> list[tuple[str, str]]:
    import polars as pl

    rows = pl.read_parquet(spec.rows).sort("row_id").select("prompt", "response").rows()
    if len(rows) < spec.batch_size:
        raise SgAssetsError(f"{len(rows)} rows are fewer than one batch of {spec.batch_size}", where="demo/pretraining")
    return rows


def _new_model(spec: ChatModelSpec, tokenizer: Any) -> Any:  # noqa: ANN401
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=spec.hidden_size,
        intermediate_size=spec.intermediate_size,
        num_hidden_layers=spec.layers,
        num_attention_heads=spec.heads,
        num_key_value_heads=max(1, spec.heads // 2),
        max_position_embeddings=spec.max_positions,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


@dataclass
class _TrainingState:
    """Losses and tokens of the steps so far."""

    losses: list[float]
    """Loss of each step."""
    tokens: int


def _fit(
    model: Any,  # noqa: ANN401
    encoded: Sequence[Sequence[int]],
    spec: ChatModelSpec,
    pad_id: int,
    *,
    kept: JobFolder,
    report: Report,
) -> _TrainingState:
    """Trains in place, from the newest checkpoint on."""
    import torch

    optimizer = torch.optim.AdamW(
        model.parameters(), lr=spec.learning_rate, betas=(0.9, 0.95), weight_decay=spec.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, spec))
    course = _resume(kept, (model, optimizer, schedule), report)
    begun = len(course.losses)
    batches = islice(batch_order([len(row) for row in encoded], spec.batch_size, spec.seed), begun, None)
    model.train()
    for step in range(begun + 1, spec.steps + 1):
        batch = [encoded[row] for row in next(batches)]
        loss = _loss(model, batch, pad_id, spec.dtype)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        course.losses.append(loss.item())
        course.tokens += sum(map(len, batch))
        if step % _REPORT_EVERY == 0 or step == spec.steps:
            report(f"step {step} of {spec.steps}, loss {_mean_tail(course.losses, 50):.3f}")
        if step % spec.save_steps == 0:
            _save(kept, step, (model, optimizer, schedule), course)
    return course


def _save(kept: JobFolder, step: int, trained: Sequence[Any], course: _TrainingState) -> None:
    """Write a checkpoint; the earlier one is removed when the new one is complete."""
    import torch

    folder, older = kept.checkpoint(step), kept.newest()
    folder.mkdir(parents=True)
    states = [part.state_dict() for part in trained]
    torch.save({"states": states, "losses": course.losses, "tokens": course.tokens}, folder / _STATE)
    seal(folder)
    if older:
        shutil.rmtree(kept.checkpoint(older))


def _resume(kept: JobFolder, trained: Sequence[Any], report: Report) -> _TrainingState:
    import torch

    newest = kept.newest()
    kept.note("began", newest)
    kept.note_machine(this_machine(device="cpu"))
    if not newest:
        return _TrainingState([], 0)
    report(f"resuming from step {newest}")
    saved = torch.load(kept.checkpoint(newest) / _STATE, weights_only=True)
    for part, state in zip(trained, saved["states"], strict=True):
        part.load_state_dict(state)
    return _TrainingState(saved["losses"], saved["tokens"])


def _rate(step: int, spec: ChatModelSpec) -> float:
    """Share of the peak rate at a step: linear warm-up, then linear decay."""
    warm = (step + 1) / max(1, int(spec.warmup * spec.steps))
    return min(1.0, warm) * max(_FINAL_RATE, 1 - step / spec.steps)


def _mean_tail(values: Sequence[float], n: int) -> float:
    tail = values[-n:]
    return sum(tail) / len(tail)


def batch_order(lengths: Sequence[int], batch_size: int, seed: int) -> Iterator[list[int]]:
    """Full batches of row numbers without end, reshuffled in every epoch, rows of similar length together."""
    rng = random.Random(seed)  # noqa: S311 - a reproducible order, no secret
    while True:
        order = list(range(len(lengths)))
        rng.shuffle(order)
        window = batch_size * _WINDOW
        windows = [
            sorted(order[start : start + window], key=lengths.__getitem__) for start in range(0, len(order), window)
        ]
        rows = [row for run in windows for row in run]
        batches = [rows[start : start + batch_size] for start in range(0, len(rows) - batch_size + 1, batch_size)]
        rng.shuffle(batches)
        yield from batches


def _loss(model: Any, batch: Sequence[Sequence[int]], pad_id: int, dtype: str) -> "torch.Tensor":  # noqa: ANN401
    """Next-token loss over whole chats. Padding is on the right, where causal attention needs no mask."""
    import torch

    longest = max(map(len, batch))
    inputs = torch.tensor([[*row, *[pad_id] * (longest - len(row))] for row in batch])
    targets = torch.tensor([[*row[1:], *[_IGNORED] * (longest - len(row))] for row in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=dtype == "bfloat16"):
        hidden = model.model(input_ids=inputs).last_hidden_state
        logits = model.lm_head(hidden[:, :-1])
    return torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=_IGNORED)


def main(arguments: Sequence[str]) -> int:
    """Run the spec in the JSON file named on the command line; progress goes to the Dagster run, or to stderr."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    quiet_offline_environment()
    spec = ChatModelSpec.model_validate_json(path.read_text(encoding="utf-8"))
    with reporter() as say:
        train_chat_model(spec, say, machines_file(path))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
