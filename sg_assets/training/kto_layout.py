"""How KTO's rows lie in batches, and what the two labels weigh.

TRL walks KTO's rows in the given order and takes each row's KL partner from its neighbour in the batch. So the order
is ours to make: full batches only (in a shorter one a row can become its own partner, and KL then equals the reward),
and no text twice in a batch (else "another completion" answers the same text).
"""

from collections import Counter

import polars as pl

from sg_assets.errors import SgAssetsError

_UPPER = 4 / 3  # eq. 8 of the KTO paper, arXiv:2402.01306


def lay_out(rows: pl.DataFrame, batch_size: int, *, keep_tail: bool) -> tuple[pl.DataFrame, Counter[str]]:
    """Order rows into batches that each hold a text at most once, dropping as few rows as possible.

    The most batches of size b that n rows allow is the largest K with ``sum over texts of min(count, K) >= K * b``
    (Gale and Ryser); dealing the rows out round robin, text after text, then fills them. Texts are dealt in order of
    their number of rows, which spreads those with two labelled answers evenly.

    Args:
        rows: In seeded order; columns ``text_id`` and others.
        batch_size: Rows per batch.
        keep_tail: Keep one last, shorter batch (of at least two texts). For evaluation, where no gradient suffers and
            nothing may be left.

    Returns:
        The rows in training order, and the dropped ones counted as ``incomplete_batch``.

    Raises:
        SgAssetsError: without ``keep_tail``, not one batch can be made.
    """
    ranked = rows.with_row_index("_rank").with_columns(_nth=pl.col("text_id").cum_count().over("text_id"))
    batches = _most_batches(rows["text_id"], batch_size)
    kept = ranked.filter(pl.col("_nth") <= batches).head(batches * batch_size)
    laid = _deal(kept, batches)
    if keep_tail:
        rest = ranked.join(kept, on="_rank", how="anti").unique("text_id", keep="first", maintain_order=True)
        laid = pl.concat([laid, rest if len(rest) > 1 else rest.clear()])
    if laid.is_empty() and not keep_tail:
        raise SgAssetsError(
            f"no KTO batch of {batch_size} rows can be made of {rows['text_id'].n_unique()} texts",
            why="a batch holds a text only once, because each row's KL partner is another row of its batch",
            remedy="Add texts or lower settings.batch_size",
        )
    dropped = len(rows) - len(laid)
    return laid.drop("_rank", "_nth"), Counter({"incomplete_batch": dropped} if dropped else {})


def _most_batches(text_ids: pl.Series, batch_size: int) -> int:
    counts = text_ids.value_counts()["count"]
    batches = len(text_ids) // batch_size
    while batches and int(counts.clip(upper_bound=batches).sum()) < batches * batch_size:
        batches -= 1
    return batches


def _deal(rows: pl.DataFrame, batches: int) -> pl.DataFrame:
    if not batches:
        return rows
    dealt = rows.sort(pl.len().over("text_id"), pl.col("_rank").min().over("text_id"), "_rank").with_columns(
        _batch=pl.int_range(pl.len()) % batches
    )
    return dealt.sort(pl.col("_rank").min().over("_batch"), "_rank").drop("_batch")


def kto_weights(desirable: int, undesirable: int) -> tuple[float, float]:
    """Weights of the two labels: the smallest departure from (1, 1) that equation 8 of the KTO paper allows.

    It asks for ``1 <= (weight_d * n_d) / (weight_u * n_u) <= 4/3``; TRL warns outside. The rarer label is lifted just
    to the edge of that range, the other keeps weight 1; with one label alone nothing needs weighing.

    Args:
        desirable: Number of desirable rows.
        undesirable: Number of undesirable rows.

    Returns:
        Weight of desirable rows, weight of undesirable rows.
    """
    if not desirable or not undesirable:
        return 1.0, 1.0
    ratio = desirable / undesirable
    return max(1.0, 1 / ratio), max(1.0, ratio / _UPPER)
