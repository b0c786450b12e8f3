"""Pictures that compare a few variants: panels of dots with their intervals, as values and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from sg_assets.reports.render.drawing import INK, as_png, as_svg
from sg_assets.reports.render.figures import SERIES, WIDTH
from sg_assets.reports.render.scatter import METHODS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ABREAST = 2
"""Panels in a row: readable on a phone."""
PUBLISHED = "#7a7f87"
"""Colour of published numbers: neither ink nor a series."""


@dataclass(frozen=True)
class Mark:
    """A variant's number in a panel, in the panel's unit."""

    name: str
    """The variant."""
    method: str
    """How it was trained, which gives the dot's colour and shape."""
    value: float
    low: float | None = None
    """Lower end of the interval; None where there is none."""
    high: float | None = None
    quartiles: tuple[float, float] | None = None
    """Where the middle half of the items lies, where a panel shows a spread of items and not an interval."""
    runs: tuple[float, ...] = ()
    """The same number of each training of the variant, where it was trained several times."""
    published: float | None = None
    """What was published of it."""
    remark: str = ""
    """Why it does not compare with the others, where it does not."""


@dataclass(frozen=True)
class Panel:
    """One number of each variant."""

    title: str
    unit: str
    """What the scale counts, for example ``% of prompts``."""
    marks: tuple[Mark, ...]
    zero: bool = False
    """Whether 0 is where nothing changed, and is marked."""
    digits: int = 1
    """Digits after the point, where a number is written."""


@dataclass(frozen=True)
class PanelFigure:
    """A picture of panels that share their variants."""

    id: str
    title: str
    caption: str
    """What the marks mean, and what to beware of."""
    variants: tuple[str, ...]
    """In the order drawn, from the top."""
    panels: tuple[Panel, ...]


def panels_figure(figure: PanelFigure) -> bytes:
    """The picture as SVG to stand inside HTML, the same bytes for the same values."""
    return as_svg(lambda: _drawn(figure))


def panels_picture(figure: PanelFigure) -> bytes:
    """The picture as PNG on white, the same bytes for the same values."""
    return as_png(lambda: _drawn(figure))


def _drawn(figure: PanelFigure) -> "Figure":
    from matplotlib.figure import Figure

    abreast = min(ABREAST, len(figure.panels))
    rows = -(-len(figure.panels) // abreast)
    height = rows * (0.85 + 0.3 * len(figure.variants))
    drawn = Figure(figsize=(WIDTH, height), layout="constrained")
    grid = drawn.subplots(rows, abreast, sharey=True, squeeze=False)
    every = list(chain.from_iterable(grid))
    for axes, panel in zip(every, figure.panels, strict=False):
        _draw_panel(axes, panel, figure.variants)
    for axes in every[len(figure.panels) :]:
        axes.set_visible(False)
    return drawn


def _draw_panel(axes: "Axes", panel: Panel, variants: Sequence[str]) -> None:
    axes.set_title(panel.title, loc="left", fontsize=9)
    axes.set_xlabel(panel.unit, fontsize=8)
    axes.set_ylim(len(variants) - 0.5, -0.5)
    axes.set_yticks(range(len(variants)), variants, fontsize=8.5)
    axes.tick_params(length=0, axis="y")
    axes.tick_params(labelsize=8, axis="x")
    axes.set_xlim(*_limits(panel))
    axes.grid(axis="x", color=INK, alpha=0.15, linewidth=0.8)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    if panel.zero:
        axes.axvline(0, color=INK, linewidth=1.0, alpha=0.6)
    marks = {mark.name: mark for mark in panel.marks}
    for height, name in enumerate(variants):
        if name in marks:
            _draw_mark(axes, marks[name], height, panel)
        else:
            axes.text(0.02, height, "not there", transform=axes.get_yaxis_transform(), va="center", fontsize=8,
                      style="italic", alpha=0.7)  # fmt: skip


def _draw_mark(axes: "Axes", mark: Mark, height: int, panel: Panel) -> None:
    colour, shape = SERIES[METHODS.index(mark.method) if mark.method in METHODS else len(METHODS)]
    if mark.low is not None and mark.high is not None:
        axes.plot((mark.low, mark.high), (height, height), color=colour, linewidth=1.6)
    if mark.quartiles is not None:
        axes.plot(mark.quartiles, (height, height), color=colour, linewidth=5, alpha=0.5, solid_capstyle="butt")
    for run in mark.runs:
        axes.plot(run, height + 0.24, color=colour, marker="|", markersize=5, clip_on=False)
    if mark.published is not None:
        axes.plot(mark.published, height, color=PUBLISHED, marker="D", markersize=6, markerfacecolor="none")
    face = "none" if mark.remark else colour
    axes.plot(mark.value, height, color=colour, marker=shape, markersize=5, markerfacecolor=face, clip_on=False)
    axes.annotate(
        _written(mark.value, panel), (mark.value, height), (0, 5), textcoords="offset points", ha="center", fontsize=7.5
    )


def _written(value: float, panel: Panel) -> str:
    shown = f"{value:{'+' if panel.zero else ''},.{panel.digits}f}"
    return shown.lstrip("+-") if float(shown.replace(",", "")) == 0 else shown.replace("-", "\u2212")


def _limits(panel: Panel) -> tuple[float, float]:
    """What is drawn, and 0, with room at both ends."""
    ends = [0.0]
    for mark in panel.marks:
        ends += [mark.value, *mark.runs]
        ends += [end for end in (mark.low, mark.high, mark.published) if end is not None]
    low, high = min(ends), max(ends)
    room = 0.12 * (high - low) or 1.0
    return (low - room if low < 0 else -0.4 * room), high + room
