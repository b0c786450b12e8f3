"""The items whose value moved, the worst first: a reader looks at them to see the meaning of a change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.scores.evidence import Evidence
from sg_assets.lineage.scores.ledger import LedgerPart, part_of_item
from sg_assets.lineage.stored_versions import stored_rows
from sg_assets.statistics.items import GROUP
from sg_assets.store.store import Store

Better = Mapping[tuple[str, str], Literal["lower", "higher"]]
"""Which way is good, by metric and slice, where a benchmark says so."""


@dataclass(frozen=True)
class FlipTexts:
    """Prompt and answer in both versions; None where they cannot be read."""

    prompt_before: str | None
    prompt_after: str | None
    response_before: str | None
    response_after: str | None


@dataclass(frozen=True)
class Flip:
    """An item in both versions whose value moved."""

    item: str
    """Its id."""
    part: LedgerPart
    """Its part of the ledger."""
    before: float
    """Its value before."""
    after: float
    """Its value after."""
    score_before: str
    """The raw scores behind the value, in the order of the flags."""
    score_after: str
    """The same after."""
    worse: bool
    """Whether it moved the bad way; where no way is declared good, the way that the score went."""
    texts: FlipTexts | None = None
    """Only with texts."""


Flips = Mapping[tuple[str, str], tuple[Flip, ...]]


def flips(before: Evidence, after: Evidence, most: int, better: Better) -> Flips:
    """Up to so many moved items of each metric and slice: worse ones first, then by how far they moved."""
    moved = _moved(before.items, after.items)
    rising = pl.DataFrame(
        [(*group, way == "lower") for group, way in better.items()],
        schema={"metric": pl.String, "slice": pl.String, "rising_is_worse": pl.Boolean},
        orient="row",
    )
    step = pl.col("value_after") - pl.col("value")
    went_up = step.sum().over(GROUP) > 0
    score_step = _first_score("score_after") - _first_score("score")
    ranked = (
        moved.join(rising, on=GROUP, how="left")
        .with_columns(
            worse=(step > 0) == pl.coalesce("rising_is_worse", went_up), far=step.abs(), scored=score_step.abs()
        )
        .sort("worse", "far", "scored", "item_id", descending=[True, True, True, False], nulls_last=True)
        .group_by(GROUP, maintain_order=True)
        .head(most)
    )
    by_group: dict[tuple[str, str], list[Flip]] = {}
    for row in ranked.to_dicts():
        flip = Flip(
            row["item_id"], LedgerPart(row["part"]), row["value"], row["value_after"],
            row["score"] or "", row["score_after"] or "", row["worse"],
        )  # fmt: skip
        by_group.setdefault((row["metric"], row["slice"]), []).append(flip)
    return {group: tuple(items) for group, items in by_group.items()}


def with_texts(store: Store, before: Evidence, after: Evidence, moved: tuple[Flip, ...]) -> tuple[Flip, ...]:
    """The same flips with prompts and answers."""
    old, new = (_texts(store, side, [flip.item for flip in moved]) for side in (before, after))
    unknown = (None, None)
    pairs = ((flip, old.get(flip.item, unknown), new.get(flip.item, unknown)) for flip in moved)
    return tuple(replace(flip, texts=FlipTexts(was[0], now[0], was[1], now[1])) for flip, was, now in pairs)


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    joined = before.join(after, on=[*GROUP, "item_id"], suffix="_after")
    return joined.filter(pl.col("value") != pl.col("value_after")).with_columns(part_of_item().alias("part"))


def _first_score(column: str) -> pl.Expr:
    return pl.col(column).str.split(" ").list.first().cast(pl.Float64, strict=False)


def _texts(store: Store, side: Evidence, items: list[str]) -> dict[str, tuple[str | None, str | None]]:
    if side.answers is None:
        return {}
    try:
        answers = stored_rows(store, side.answers, ("item_id", "prompt", "response"))
    except SgAssetsError:
        return {}  # its loss is reported with the items
    rows = answers.filter(pl.col("item_id").is_in(items)).rows()
    return {item: (prompt, response) for item, prompt, response in rows}
