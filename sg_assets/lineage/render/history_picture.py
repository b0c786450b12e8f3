"""The picture of a history: a dot with its interval per step, hollow where it was measured differently."""

from typing import TYPE_CHECKING, Final

from sg_assets.lineage.scores.score_history import History, ScoreStatus
from sg_assets.reports.render.drawing import INK, as_png, as_svg
from sg_assets.reports.render.figures import SERIES
from sg_assets.text.numbers import is_rate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH: Final = 4.8
_MOST: Final = 5
"""Scores drawn under each other."""


def history_figure(history: History, status: ScoreStatus) -> bytes:
    """One score as SVG to stand inside HTML."""
    return as_svg(lambda: _drawn(history, (status,)))


def history_picture(history: History) -> bytes:
    """The first few scores under each other, as PNG on white."""
    return as_png(lambda: _drawn(history, history.statuses[:_MOST]))


def _drawn(history: History, statuses: tuple[ScoreStatus, ...]) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, 0.5 + 1.3 * len(statuses)), layout="constrained")
    axes = figure.subplots(len(statuses), sharex=True, squeeze=False)[:, 0]
    for index, status in enumerate(statuses):
        _draw(axes[index], history, status, SERIES[index % len(SERIES)][0])
    axes[-1].set_xlabel("step")
    axes[-1].set_xticks([step.number for step in history.recent])
    return figure


def _draw(axes: "Axes", history: History, status: ScoreStatus, colour: str) -> None:
    scale = 100 if is_rate(status.metric) else 1
    drawn = [(step, step.estimates[status.group]) for step in history.recent if status.group in step.estimates]
    axes.plot(
        [step.number for step, _ in drawn],
        [scale * estimate.value for _, estimate in drawn],
        color=INK,
        alpha=0.3,
        linewidth=1,
    )
    for step, estimate in drawn:
        if estimate.low is not None and estimate.high is not None:
            axes.plot([step.number] * 2, [scale * estimate.low, scale * estimate.high], color=colour, linewidth=1.5)
        face = "white" if step.differences else colour
        axes.plot([step.number], [scale * estimate.value], marker="o", markersize=6, color=colour, markerfacecolor=face)
    axes.set_title(f"{status.metric}, {status.slice}{', %' if scale == 100 else ''}", loc="left", fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
