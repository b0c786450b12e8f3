"""Training rows: read one split in a seeded order, measure it in tokens, drop what is too long."""

from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.training.spec import Method

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

COLUMNS: dict[Method, tuple[str, ...]] = {
    "sft": ("prompt", "completion"),
    "kto": ("prompt", "completion", "label"),
    "dpo": ("prompt", "chosen", "rejected"),
}
"""The columns each TRL trainer reads, in its conversational form (lists of role and content)."""

_ANSWERS = ("completion", "chosen", "rejected")
_KEYS = ("example_id", "text_id", "split")


def read_rows(examples: Path, method: Method, split: Literal["train", "dev"], seed: int) -> pl.DataFrame:
    """The rows of one split, ordered by a hash of the seed and ``example_id``.

    The order depends on the keys alone, not on the file's order, so the same rows always give the same training.

    Args:
        examples: Parquet file of the method's training table.
        method: Decides which columns are needed.
        split: ``train`` or ``dev``.
        seed: Part of the hash.

    Returns:
        ``example_id``, ``text_id`` and the columns of :data:`COLUMNS`.

    Raises:
        SgAssetsError: the file is missing or unreadable, lacks a column, repeats an ``example_id`` or holds a null.
    """
    needed = (*_KEYS, *COLUMNS[method])
    _require_columns(examples, needed)
    # a store's paths may hold brackets, which must not be read as a pattern
    rows = pl.read_parquet(examples, columns=list(needed), glob=False).filter(split=split).drop("split")
    _require_sound(rows, f"{examples} [{split}]")
    order = [blake2b(f"training/order|{seed}|{key}".encode(), digest_size=16).hexdigest() for key in rows["example_id"]]
    return rows.with_columns(_order=pl.Series(order, dtype=pl.String)).sort("_order").drop("_order")


def _require_columns(examples: Path, needed: tuple[str, ...]) -> None:
    try:
        present = pl.scan_parquet(examples, glob=False).collect_schema().names()
    except (FileNotFoundError, pl.exceptions.PolarsError) as error:
        raise SgAssetsError("cannot read the training examples", where=str(examples), why=str(error)) from error
    missing = [name for name in needed if name not in present]
    if missing:
        raise SgAssetsError(
            f"the training examples lack the column(s) {', '.join(missing)}",
            where=str(examples),
            why=f"the file has {', '.join(present)}",
            remedy="Check that the table is the one this method reads (sft_examples, kto_examples, dpo_pairs)",
        )


def _require_sound(rows: pl.DataFrame, where: str) -> None:
    nulls = [name for name, count in rows.null_count().row(0, named=True).items() if count]
    if nulls:
        raise SgAssetsError(f"null values in {', '.join(nulls)}", where=where)
    repeated = rows["example_id"].filter(rows["example_id"].is_duplicated())
    if len(repeated):
        raise SgAssetsError(f"example_id is not unique: {repeated[0]!r} occurs more than once", where=where)


def with_tokens(rows: pl.DataFrame, tokenizer: "PreTrainedTokenizerBase") -> pl.DataFrame:
    """Add ``tokens``: the length of the rendered conversation, of the longer one where a row holds two answers."""
    lengths = [
        _lengths(tokenizer, (rows["prompt"].to_list(), rows[name].to_list())) for name in _ANSWERS if name in rows
    ]
    return rows.with_columns(tokens=pl.max_horizontal(*(pl.Series(values, dtype=pl.Int64) for values in lengths)))


def _lengths(
    tokenizer: "PreTrainedTokenizerBase", parts: tuple[list[list[dict[str, str]]], list[list[dict[str, str]]]]
) -> list[int]:
    if not parts[0]:
        return []
    rendered = tokenizer.apply_chat_template([p + a for p, a in zip(*parts, strict=True)], tokenize=False)
    return [len(ids) for ids in tokenizer(rendered, add_special_tokens=False)["input_ids"]]


def drop_unusable(rows: pl.DataFrame, max_length: int) -> tuple[pl.DataFrame, Counter[str]]:
    """Drop the rows that must not be trained on, counted by reason.

    A row over ``max_length`` is dropped, not cut: TRL would cut the end of the answer away, the stop token first, and
    a row whose prompt alone is too long would shift all of KTO's batches.

    Args:
        rows: With the column ``tokens``.
        max_length: Longest conversation in tokens.

    Returns:
        The remaining rows, in their order, and the dropped ones counted as ``empty_answer`` or ``too_long``.
    """
    answers = [pl.col(name).list.get(-1).struct.field("content") for name in _ANSWERS if name in rows]
    empty = pl.any_horizontal(*(text.str.strip_chars().str.len_chars() == 0 for text in answers))
    reasons = rows.with_columns(
        reason=pl.when(empty).then(pl.lit("empty_answer")).when(pl.col("tokens") > max_length).then(pl.lit("too_long"))
    )
    dropped = reasons.drop_nulls("reason").group_by("reason").len()
    return reasons.filter(pl.col("reason").is_null()).drop("reason"), Counter(dict(dropped.iter_rows()))
