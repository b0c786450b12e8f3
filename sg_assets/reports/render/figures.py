"""The picture of rates: one row per variant, one dot with its interval per metric."""

from typing import TYPE_CHECKING

from sg_assets.reports.render.drawing import INK, as_png, as_svg
from sg_assets.reports.render.number_text import NOT_SCORED, heading
from sg_assets.reports.results import Estimate, Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SERIES = (("#0072B2", "o"), ("#D55E00", "s"), ("#009E73", "D"), ("#CC79A7", "^"), ("#56B4E9", "v"))
"""Colour and marker by column: Okabe and Ito's colours, distinct for any colour vision, and a marker of its own."""

WIDTH = 4.8
"""Inches. Narrow on purpose: a phone shows it at four fifths, and the text stays readable."""


def rates_figure(results: Results) -> bytes:
    """The picture as SVG to stand inside HTML, the same bytes for the same results."""
    return as_svg(lambda: _drawn(results))


def rates_picture(results: Results) -> bytes:
    """The picture as PNG on white, the same bytes for the same results."""
    return as_png(lambda: _drawn(results))


def _drawn(results: Results) -> "Figure":
    from matplotlib.figure import Figure

    count = len(results.rows)
    figure = Figure(figsize=(WIDTH, 1.2 + 0.22 * len(results.columns) + 0.42 * count), layout="constrained")
    axes = figure.subplots()
    _draw_frame(axes, results)
    for index in range(len(results.columns)):
        _draw_series(axes, results, index)
    figure.legend(loc="outside upper left", frameon=False, handletextpad=0.3)
    return figure


def _draw_frame(axes: "Axes", results: Results) -> None:
    count = len(results.rows)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks(range(count), [row.variant for row in results.rows])
    axes.set_xlim(-2, 102)
    axes.set_xticks(range(0, 101, 25))
    shares = all(column.unit == "share" for column in results.columns)
    axes.set_xlabel("% of prompts, with interval" if shares else "score, with interval")
    axes.tick_params(length=0)
    axes.grid(axis="x", color=INK, alpha=0.15, linewidth=0.8)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    for position, row in enumerate(results.rows):
        if position % 2 == 0:
            axes.axhspan(position - 0.5, position + 0.5, color=INK, alpha=0.05, linewidth=0)
        if not any(row.estimates.values()):
            axes.text(1, position, NOT_SCORED, va="center", style="italic", alpha=0.7)


def _draw_series(axes: "Axes", results: Results, index: int) -> None:
    """One column: its dots and intervals, each series a little below the one before."""
    column = results.columns[index]
    colour, marker = SERIES[index % len(SERIES)]
    shift = 0.78 / max(len(results.columns), 3) * (index - (len(results.columns) - 1) / 2)
    points = [
        (position + shift, estimate)
        for position, row in enumerate(results.rows)
        if (estimate := row.estimates[column]) is not None
    ]
    for height, estimate in points:
        if estimate.low is not None and estimate.high is not None:
            axes.plot(
                (_drawn_at(estimate.low, estimate), _drawn_at(estimate.high, estimate)),
                (height, height),
                color=colour,
                linewidth=1.8,
            )
    for height, estimate in points:
        face = "none" if estimate.remark else colour  # hollow where a number does not compare with the others
        x = _drawn_at(estimate.value, estimate)
        axes.plot(x, height, color=colour, marker=marker, markersize=5, markerfacecolor=face, clip_on=False)
    axes.plot([], [], color=colour, marker=marker, markersize=5, linestyle="none", label=heading(column))


def _drawn_at(number: float, found: Estimate) -> float:
    """A share in per cent; a score, from 0 to 100, unchanged."""
    return 100 * number if found.unit == "share" else number
