"""The picture of values item by item: how they are spread within each slice."""

from typing import TYPE_CHECKING

import polars as pl

from sg_assets.reports.render.drawing import INK, as_png
from sg_assets.reports.render.figures import SERIES, WIDTH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BINS = 40


def distributions_picture(items: pl.DataFrame) -> bytes:
    """Histograms, one per slice under each other, on one scale, with the mean of each; as PNG on white.

    Args:
        items: ``slice`` and ``value``.
    """
    return as_png(lambda: _drawn(items))


def _drawn(items: pl.DataFrame) -> "Figure":
    from matplotlib.figure import Figure

    slices = items["slice"].unique().sort().to_list()
    low = min(0.0, float(items["value"].min() or 0.0))  # type: ignore[arg-type]
    figure = Figure(figsize=(WIDTH, 0.6 + 0.95 * len(slices)), layout="constrained")
    axes = figure.subplots(len(slices), sharex=True, squeeze=False)[:, 0]
    for index, (axis, name) in enumerate(zip(axes, slices, strict=True)):
        values = items.filter(slice=name)["value"].to_numpy()
        colour, _ = SERIES[index % len(SERIES)]
        axis.hist(values, bins=_BINS, range=(low, 1.0), color=colour)
        axis.axvline(values.mean(), color=INK, linewidth=1.2, linestyle="--")
        axis.set_title(f"{name}: mean {values.mean():.2f}, n {len(values)}", loc="left", fontsize=9)
        axis.set_yticks([])
        for side in ("top", "left", "right"):
            axis.spines[side].set_visible(False)
    axes[-1].set_xlabel("cosine similarity to base's answer")
    return figure
