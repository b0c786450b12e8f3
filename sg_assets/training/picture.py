"""A small picture of a training curve, for the run's page."""

from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's palette, told apart with any colour vision; line styles differ too
_PANELS: tuple[tuple[str, str, str, str], ...] = (
    ("loss", "loss", "#0072B2", "-"),
    ("reward_margin", "reward\nmargin", "#D55E00", "--"),
    ("kl", "KL\n(nats)", "#009E73", "-."),
)


def curve_png(curve: pl.DataFrame, title: str) -> bytes:
    """Draw the training loss and, beneath it, the reward margin and KL where the method has them.

    Args:
        curve: A run's ``curve.parquet`` (:data:`sg_assets.training.outputs.CURVE_SCHEMA`).
        title: Above the picture.

    Returns:
        A PNG of 640 x 420 pixels; the same curve and title give the same bytes.
    """
    from matplotlib.figure import Figure
    from PIL import Image

    panels = [panel for panel in _PANELS if panel[0] == "loss" or curve[panel[0]].count()]
    figure = Figure(figsize=(6.4, 4.2), dpi=100, layout="constrained")
    figure.suptitle(title, fontsize=11)
    ratios = [2] + [1] * (len(panels) - 1)
    axes = figure.subplots(len(panels), sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
    for axis, (column, label, colour, style) in zip(axes, panels, strict=True):
        _line(axis, curve.select("step", column).drop_nulls(), label, colour, style)
    axes[-1].set_xlabel("step")
    figure.align_ylabels(axes)
    drawn, png = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png")
    # lines and text need few colours: a palette makes the file four times smaller
    Image.open(drawn).convert("RGB").quantize(64).save(png, "png", optimize=True)
    return png.getvalue()


def _line(axis: "Axes", points: pl.DataFrame, label: str, colour: str, style: str) -> None:
    x, y = points.get_columns()
    marker = "o" if len(points) <= 30 else None
    axis.plot(x.to_list(), y.to_list(), style, color=colour, marker=marker, markersize=3, linewidth=1.5)
    axis.set_ylabel(label, fontsize=9)
    axis.tick_params(labelsize=8)
    axis.grid(alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)
