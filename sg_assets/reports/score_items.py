"""The table of a score's values item by item, which the same step published with the score."""

from typing import TYPE_CHECKING

import polars as pl

from sg_assets.declarations.asset_names import items_of

if TYPE_CHECKING:
    from sg_assets.store.manifests import Manifest, PinnedInput
    from sg_assets.store.store import Store


def items_pin(score: "Manifest") -> "PinnedInput | None":
    """The version of the table of items that belongs to a version of a score; None where none was published."""
    return next((pin for pin in score.made_with if pin.asset == items_of(score.asset)), None)


def items_behind(store: "Store", score: "Manifest") -> pl.DataFrame:
    """A score's values item by item, of a score that is known to have them."""
    [items] = [pin for pin in score.made_with if pin.asset == items_of(score.asset)]
    return pl.read_parquet(store.path(store.manifest(items.ref, items.version)))
