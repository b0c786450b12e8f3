"""The spec of a tiny chat model's training: everything its bytes depend on, apart from the rows themselves."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class ChatModelSpec(BaseModel):
    """A tiny Llama with its own tokenizer, trained from scratch on ``demo/pretraining``."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    rows: Path
    """Parquet of ``demo/pretraining``."""
    output_dir: Path
    """Folder for the Hugging Face files."""
    kept: Path
    """Folder that outlives the job, named by everything that decides the result: checkpoints, and the finished
    result."""
    seed: int = 0
    """Seed of the initial weights and the order of rows."""
    vocab_size: int = Field(default=1400, ge=300)
    """Upper bound of the byte-pair vocabulary; 256 bytes and the special tokens are always in."""
    hidden_size: int = Field(default=128, gt=0)
    """Width of the residual stream."""
    layers: int = Field(default=4, gt=0)
    """Number of transformer blocks; two are the least that can copy a word."""
    heads: int = Field(default=4, gt=0)
    """Attention heads; two of them share a key and value head, as in Llama 3."""
    intermediate_size: int = Field(default=384, gt=0)
    """Width of the feed-forward layer."""
    max_positions: int = Field(default=4096, ge=4096)
    """Longest text. Free of cost (rotary), and lm-eval's generation tasks need over 1280."""
    steps: int = Field(gt=0)
    """Optimizer steps; the rows are repeated as often as needed."""
    save_steps: int = Field(default=250, gt=0)
    """Steps between two checkpoints; affects no result."""
    batch_size: int = Field(default=16, gt=0)
    """Rows a step."""
    learning_rate: float = Field(default=3e-3, gt=0)
    """Peak rate, reached after the warm-up, then decaying linearly to a twentieth."""
    warmup: float = Field(default=0.05, ge=0, lt=1)
    """Share of the steps with a rising rate."""
    weight_decay: float = Field(default=0.05, ge=0)
    """AdamW's decay."""
    threads: int = Field(default=2, gt=0)
    """CPU threads; sums are reordered by it, so it is part of what the bytes depend on."""
    dtype: Literal["float32", "bfloat16"] = "float32"
    """Precision of the forward pass; weights are float32 either way."""
