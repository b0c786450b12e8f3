"""The picture of two scores against each other: a dot with both intervals per variant."""

from typing import TYPE_CHECKING

from sg_assets.reports.render.drawing import INK, as_png, as_svg
from sg_assets.reports.render.figures import SERIES
from sg_assets.reports.render.number_text import heading
from sg_assets.reports.results import Estimate, MetricColumn, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METHODS = ("none", "sft", "kto", "dpo")
"""Colour and marker by method, in the order of ``SERIES``."""
Point = tuple[str, str, Estimate, Estimate]
"""Variant, method, and the scores drawn to the right and up."""


def axes_of(results: Results) -> tuple[MetricColumn, MetricColumn] | None:
    """The columns drawn to the right and up; None where no column has an axis."""
    columns = {column.axis: column for column in results.columns if column.axis}
    return (columns["x"], columns["y"]) if {"x", "y"} <= columns.keys() else None


def scatter_figure(results: Results) -> bytes:
    """The picture as SVG to stand inside HTML, the same bytes for the same results."""
    return as_svg(lambda: _drawn(results))


def scatter_picture(results: Results) -> bytes:
    """The picture as PNG on white, the same bytes for the same results."""
    return as_png(lambda: _drawn(results))


def _drawn(results: Results) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, 3.9), layout="constrained")
    axes = figure.subplots()
    columns = axes_of(results)
    if columns is not None:
        _draw_frame(axes, *columns)
        points = _points(results, *columns)
        for point in points:
            _draw_point(axes, point)
        _draw_names(axes, points)
    return figure


def _points(results: Results, right: MetricColumn, up: MetricColumn) -> list[Point]:
    points = ((row, row.estimates[right], row.estimates[up]) for row in results.rows)
    return [(row.variant, row.method, x, y) for row, x, y in points if x is not None and y is not None]


def _draw_frame(axes: "Axes", right: MetricColumn, up: MetricColumn) -> None:
    axes.set_xlabel(f"{heading(right)}, %")
    axes.set_ylabel(f"{heading(up)}, %")
    axes.set_xlim(-2, 102)
    axes.set_ylim(-2, 102)
    axes.set_xticks(range(0, 101, 25))
    axes.set_yticks(range(0, 101, 25))
    axes.grid(color=INK, alpha=0.15, linewidth=0.8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _draw_point(axes: "Axes", point: Point) -> None:
    _, method, right, up = point
    colour, marker = _style(method)
    x, y = 100 * right.value, 100 * up.value
    if right.low is not None and right.high is not None:
        axes.plot((100 * right.low, 100 * right.high), (y, y), color=colour, linewidth=1.0, alpha=0.7)
    if up.low is not None and up.high is not None:
        axes.plot((x, x), (100 * up.low, 100 * up.high), color=colour, linewidth=1.0, alpha=0.7)
    face = "none" if right.remark or up.remark else colour
    axes.plot(x, y, color=colour, marker=marker, markersize=6, markerfacecolor=face, clip_on=False)


def _draw_names(axes: "Axes", points: list[Point]) -> None:
    """Names in a list at the right, the highest first, each tied to its dot: dots lie on each other, names do not."""
    ordered = sorted(points, key=lambda point: (-point[3].value, point[2].value, point[0]))
    step = 100 / max(len(ordered), 12)
    for index, (variant, method, right, up) in enumerate(ordered):
        colour, _ = _style(method)
        height = 100 - index * step
        axes.annotate(
            variant, (100 * right.value, 100 * up.value), (108, height), annotation_clip=False, fontsize=8.5,
            va="center", arrowprops={"arrowstyle": "-", "color": colour, "alpha": 0.45, "linewidth": 0.8},
        )  # fmt: skip


def _style(method: str) -> tuple[str, str]:
    return SERIES[METHODS.index(method) if method in METHODS else len(METHODS)]
