"""Trains a tiny chat model from nothing and writes it as an ordinary Hugging Face folder.

Run as a job of its own: ``python -m sg_assets.demo.chat_model SPEC.json``. The same spec and rows give the same
bytes, for one set of libraries and one number of threads.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from sg_assets.demo.chat_model_spec import ChatModelSpec
from sg_assets.errors import SgAssetsError
from sg_assets.payload import quiet_offline_environment, run_payload
from sg_assets.training.progress import reporter

if TYPE_CHECKING:
    import torch

BEGIN, END_OF_TEXT = "<|begin_of_text|>", "<|end_of_text|>"
HEADER, END_HEADER = "<|start_header_id|>", "<|end_header_id|>"
END_OF_TURN, PAD = "<|eot_id|>", "<|finetune_right_pad_id|>"
SPECIAL = (BEGIN, END_OF_TEXT, HEADER, END_HEADER, END_OF_TURN, PAD)

CHAT_TEMPLATE = (
    "{{- bos_token }}{%- for message in messages %}"
    "{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}"
    "{{- message['content'] | trim + '<|eot_id|>' }}"
    "{%- endfor %}{%- if add_generation_prompt %}"
    "{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif %}"
)
"""Llama 3's chat layout (Meta's model card, without its tool calls)."""

_ROLES = "system user assistant"
_WINDOW = 16
"""Batches are cut from runs of this many batches' rows sorted by length: little padding, still a random order."""
_IGNORED = -100
_FINAL_RATE = 0.05
_REPORT_EVERY = 200


def train_chat_model(spec: ChatModelSpec, report: Callable[[str], None]) -> dict[str, float]:
    """Train the model and write its folder.

    Args:
        spec: what to train, on which rows, and where to.
        report: takes a progress line now and then.

    Returns:
        ``loss`` (mean over the last twentieth of the steps), ``steps``, ``tokens`` (seen, padding excluded) and
        ``parameters``; also written as ``training.json``.

    Raises:
        SgAssetsError: there are fewer rows than one batch.
    """
    chats = _chats(spec)
    import torch

    torch.set_num_threads(spec.threads)
    torch.manual_seed(spec.seed)
    tokenizer = make_tokenizer([text for chat in chats for text in chat], spec.vocab_size)
    rendered = [_render(tokenizer, prompt, response) for prompt, response in chats]
    encoded: list[list[int]] = tokenizer(rendered, add_special_tokens=False)["input_ids"]
    model = _new_model(spec, tokenizer)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    report(f"{parameters:,} parameters, {len(tokenizer)} tokens in the vocabulary, {len(encoded)} rows")
    loss, tokens = _fit(model, encoded, spec, tokenizer.pad_token_id, report)
    metrics = {"loss": round(loss, 6), "steps": spec.steps, "tokens": tokens, "parameters": parameters}
    model.save_pretrained(spec.output_dir)
    tokenizer.save_pretrained(spec.output_dir)
    (spec.output_dir / "training.json").write_text(json.dumps(metrics, indent=2, sort_keys=True) + "\n")
    return metrics


def _chats(spec: ChatModelSpec) -> list[tuple[str, str]]:
    rows = pl.read_parquet(spec.rows).sort("row_id").select("prompt", "response").rows()
    if len(rows) < spec.batch_size:
        raise SgAssetsError(f"{len(rows)} rows are fewer than one batch of {spec.batch_size}", where="demo/pretraining")
    return rows


def make_tokenizer(texts: Sequence[str], vocab_size: int) -> Any:  # noqa: ANN401 - a transformers tokenizer, untyped here
    """Learn a byte-level BPE from ``texts``, with Llama 3's special tokens and chat template, padding on the left."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    bpe.train_from_iterator([*texts, *[_ROLES] * 50], trainer)  # the roles often enough to become tokens
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token=BEGIN,
        eos_token=END_OF_TURN,
        pad_token=PAD,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


def _render(tokenizer: Any, prompt: str, response: str) -> str:  # noqa: ANN401
    messages = [{"role": "user", "content": prompt}, {"role": "assistant", "content": response}]
    return str(tokenizer.apply_chat_template(messages, tokenize=False))


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


def _fit(
    model: Any,  # noqa: ANN401
    encoded: Sequence[Sequence[int]],
    spec: ChatModelSpec,
    pad_id: int,
    report: Callable[[str], None],
) -> tuple[float, int]:
    """Trains in place; the mean loss over the last twentieth of the steps, and the tokens seen."""
    import torch

    optimizer = torch.optim.AdamW(
        model.parameters(), lr=spec.learning_rate, betas=(0.9, 0.95), weight_decay=spec.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, spec))
    lengths = [len(row) for row in encoded]
    batches = batch_order(lengths, spec.batch_size, spec.seed)
    losses: list[float] = []
    tokens = 0
    model.train()
    for step in range(1, spec.steps + 1):
        batch = [encoded[row] for row in next(batches)]
        loss = _loss(model, batch, pad_id, spec.dtype)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        tokens += sum(map(len, batch))
        if step % _REPORT_EVERY == 0 or step == spec.steps:
            report(f"step {step} of {spec.steps}, loss {_mean_tail(losses, 50):.3f}")
    return _mean_tail(losses, max(1, spec.steps // 20)), tokens


def _rate(step: int, spec: ChatModelSpec) -> float:
    """Share of the peak rate at a step: up in a line over the warm-up, then down in a line."""
    warm = (step + 1) / max(1, int(spec.warmup * spec.steps))
    return min(1.0, warm) * max(_FINAL_RATE, 1 - step / spec.steps)


def _mean_tail(values: Sequence[float], n: int) -> float:
    tail = values[-n:]
    return sum(tail) / len(tail)


def batch_order(lengths: Sequence[int], batch_size: int, seed: int) -> Iterator[list[int]]:
    """Full batches of row numbers without end, shuffled anew each time through, rows of like length together."""
    rng = random.Random(seed)  # noqa: S311 - a reproducible order, no secret
    while True:
        order = list(range(len(lengths)))
        rng.shuffle(order)
        window = batch_size * _WINDOW
        near = [
            sorted(order[start : start + window], key=lengths.__getitem__) for start in range(0, len(order), window)
        ]
        rows = [row for run in near for row in run]
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
        train_chat_model(spec, say)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
