"""Stable sampling of frames: who is taken depends on each member's own key, so changes elsewhere move little."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sg_assets.store.engine import connect, query
from sg_assets.store.fingerprints import quote

if TYPE_CHECKING:
    import polars as pl


def lowest(
    frame: "pl.DataFrame", count: int, *, purpose: str, seed: int, key: str, within: Sequence[str] = ()
) -> "pl.DataFrame":
    """The ``count`` rows lowest by a hash of (purpose, seed, key) in each group of ``within``, sorted by key.

    Adding or removing m rows moves at most m members per group.
    """
    groups = f"PARTITION BY {', '.join(quote(name) for name in within)} " if within else ""
    with connect() as connection:
        connection.register("sampled_frame", frame)
        return query(
            connection,
            f"SELECT * FROM sampled_frame QUALIFY row_number() OVER ({groups}"
            f"ORDER BY sample_rank($purpose, $seed, {quote(key)})) <= $count ORDER BY {quote(key)}",
            {"purpose": purpose, "seed": seed, "count": count},
        )
