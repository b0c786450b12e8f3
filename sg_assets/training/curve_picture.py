"""A small picture of a training curve, for the run's page."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class _Line:
    column: str
    label: str
    colour: str
    style: str
    marker: str | None = None
    """Always drawn; lines without a marker of their own mark their points while these are few."""


# Okabe and Ito's palette, distinct with any colour vision; line styles and markers differ too
_BLUE, _VERMILION, _GREEN, _ORANGE, _PURPLE = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7"
_PANELS: tuple[tuple[str, tuple[_Line, ...]], ...] = (
    ("loss", (_Line("loss", "train", _BLUE, "-"), _Line("dev_loss", "dev", _VERMILION, ":", "s"))),
    (
        "reward",
        (
            _Line("reward_chosen", "chosen", _GREEN, "-"),
            _Line("reward_rejected", "rejected", _ORANGE, "--"),
            _Line("reward_margin", "margin", _PURPLE, "-."),
        ),
    ),
    ("KL (nats)", (_Line("kl", "KL", _BLUE, "-"),)),
    ("learning rate", (_Line("learning_rate", "learning rate", _BLUE, "-"),)),
)
_MOST_MARKERS = 30
"""Largest number of points of a line with markers."""


def curve_png(curve: pl.DataFrame, title: str) -> bytes:
    """Draw the losses and, beneath them, rewards and KL where the method has them, and the learning rate.

    Args:
        curve: A run's ``curve.parquet`` (:data:`sg_assets.training.curve.CURVE_SCHEMA`).
        title: Above the picture.

    Returns:
        A PNG, 640 pixels wide; the same curve and title give the same bytes.
    """
    from matplotlib.figure import Figure

    panels = [(label, [line for line in lines if curve[line.column].count()]) for label, lines in _PANELS]
    panels = [(label, lines) for label, lines in panels if lines or label == "loss"]
    figure = Figure(figsize=(6.4, 1.6 + 1.2 * len(panels)), dpi=100, layout="constrained")
    figure.suptitle(title, fontsize=11)
    ratios = [2] + [1] * (len(panels) - 1)
    axes = figure.subplots(len(panels), sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
    for axis, (label, lines) in zip(axes, panels, strict=True):
        _draw(axis, curve, label, lines)
    axes[-1].set_xlabel("step", fontsize=9)
    figure.align_ylabels(axes)
    drawn = BytesIO()
    figure.savefig(drawn, format="png")
    return _with_palette(drawn)


def _draw(axis: "Axes", curve: pl.DataFrame, label: str, lines: list[_Line]) -> None:
    for line in lines:
        points = curve.select("step", line.column).drop_nulls()
        marker = line.marker or ("o" if len(points) <= _MOST_MARKERS else None)
        axis.plot(
            points["step"].to_list(),
            points[line.column].to_list(),
            linestyle=line.style,
            marker=marker,
            markersize=5 if line.marker else 3,
            color=line.colour,
            linewidth=1.5,
            label=line.label,
        )
    axis.set_ylabel(label, fontsize=9)
    axis.tick_params(labelsize=8)
    axis.ticklabel_format(axis="y", style="sci", scilimits=(-2, 4), useMathText=True)
    axis.yaxis.get_offset_text().set_fontsize(8)
    axis.grid(alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)
    if len(lines) > 1:
        axis.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))


def _with_palette(drawn: BytesIO) -> bytes:
    """The same picture with a palette: lines and text need few colours, and the file is four times smaller."""
    from PIL import Image

    png = BytesIO()
    Image.open(drawn).convert("RGB").quantize(64).save(png, "png", optimize=True)
    return png.getvalue()
