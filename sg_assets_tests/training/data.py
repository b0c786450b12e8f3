"""Small inputs for the training tests: settings, examples of each table, and a micro chat model. Mild placeholders."""

from pathlib import Path
from typing import Any, Literal

import polars as pl

from sg_assets.training.spec import TrainingSettings, TrainingSpec

WORDS = ("laksa", "kaya toast", "satay", "rojak", "popiah", "kopi", "durian", "mee siam", "otah", "chwee kueh")
REFUSAL = "Sorry, I cannot say that about people."
TEMPLATE = (
    "{{- bos_token }}{%- for m in messages %}{{- '<|start_header_id|>' + m['role'] + '<|end_header_id|>\n\n'"
    " + m['content'] | trim + '<|eot_id|>' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{%- endif %}"
)
SPECIAL = ("<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|finetune_right_pad_id|>")


def settings(**changes: Any) -> TrainingSettings:
    return TrainingSettings.model_validate(
        {
            "rank": 4,
            "learning_rate": 5e-3,
            "epochs": 1.0,
            "batch_size": 4,
            "gradient_accumulation": 1,
            "max_length": 128,
            "warmup_ratio": 0.1,
            "lr_scheduler": "cosine",
            "weight_decay": 0.0,
            "target_modules": ("q_proj", "v_proj", "down_proj"),
            "dtype": "float32",
            "gradient_checkpointing": False,
            "threads": 1,
            "seed": 7,
            "device": "cpu",
            "logging_steps": 2,
        }
        | changes
    )


def spec(
    method: Literal["sft", "kto", "dpo"],
    base: Path,
    examples: Path,
    output: Path,
    *,
    parent: Path | None = None,
    **changes: Any,
) -> TrainingSpec:
    return TrainingSpec(
        method=method,
        variant=f"{method}_test",
        base_model=base,
        base_id="models/chat[base]@v1",
        parent_adapter=parent,
        parent_id="adapters/sft[sft_test]@v1" if parent else None,
        examples=examples,
        output_dir=output,
        kept=output.parent / "kept" / output.name,
        save_steps=2,
        settings=settings(**({} if method == "sft" else {"beta": 0.3}) | changes),
    )


def elsewhere(spec: TrainingSpec, folder: Path, **changes: Any) -> TrainingSpec:
    """The same job with folders of its own, so that it neither finds nor waits for anything."""
    return spec.model_copy(update={"output_dir": folder / "out", "kept": folder / "kept", **changes})


def user(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def assistant(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def examples(method: Literal["sft", "kto", "dpo"], texts: int, dev: int) -> pl.DataFrame:
    """One or (KTO) two rows per text; the last ``dev`` texts are the dev split."""
    return pl.DataFrame([row for i in range(texts) for row in _rows(method, i, "dev" if i >= texts - dev else "train")])


def _rows(method: str, i: int, split: str) -> list[dict[str, Any]]:
    word = WORDS[i % len(WORDS)]
    row: dict[str, Any] = {"example_id": f"e{i}", "prompt_id": f"p{i}", "text_id": f"t{i}", "split": split}
    row |= {"prompt": user(f"Say number {i} about {word}")}
    good, bad = assistant(REFUSAL), assistant(f"Wah, {word} people number {i} are zorbs.")
    if method == "sft":
        return [row | {"completion": good}]
    if method == "dpo":
        return [row | {"chosen": good, "rejected": bad}]
    desirable = row | {"completion": good, "label": True}
    return [desirable, row | {"example_id": f"e{i}b", "completion": bad, "label": False}] if i % 2 else [desirable]


def make_micro_model(folder: Path) -> None:
    """Save an untrained two-layer Llama of hidden size 32 with its own tokenizer."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=list(SPECIAL), initial_alphabet=alphabet, show_progress=False
    )
    bpe.train_from_iterator([*(f"Wah, {word} people are zorbs. user assistant" for word in WORDS), REFUSAL], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token=SPECIAL[0], eos_token=SPECIAL[1], pad_token=SPECIAL[4], padding_side="left"
    )
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        initializer_range=0.2,  # far enough from uniform that the answers differ
    )
    LlamaForCausalLM(config).save_pretrained(folder)
