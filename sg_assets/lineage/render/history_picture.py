"""The picture of a history: a dot with its interval per step, hollow where it was measured otherwise than now."""

from typing import TYPE_CHECKING, Final

from sg_assets.lineage.render.why_text import is_rate
from sg_assets.lineage.scores.score_history import History, ScoreStatus
from sg_assets.reports.render.drawing import INK, as_png, as_svg
from sg_assets.reports.render.figures import SERIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH: Final = 4.8
_MOST: Final = 5
"""Scores drawn beside each other."""


def history_figure(history: History, one: ScoreStatus) -> bytes:
    """One score as SVG to stand inside HTML."""
    return as_svg(lambda: _drawn(history, (one,)))


def history_picture(history: History) -> bytes:
    """The first few scores under each other, as PNG on white."""
    return as_png(lambda: _drawn(history, history.standings[:_MOST]))


def _drawn(history: History, standings: tuple[ScoreStatus, ...]) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, 0.5 + 1.3 * len(standings)), layout="constrained")
    axes = figure.subplots(len(standings), sharex=True, squeeze=False)[:, 0]
    for place, one in enumerate(standings):
        _draw(axes[place], history, one, SERIES[place % len(SERIES)][0])
    axes[-1].set_xlabel("step")
    axes[-1].set_xticks([step.number for step in history.recent])
    return figure


def _draw(axes: "Axes", history: History, one: ScoreStatus, colour: str) -> None:
    scale = 100 if is_rate(one.metric) else 1
    drawn = [(step, step.estimates[one.group]) for step in history.recent if one.group in step.estimates]
    axes.plot(
        [step.number for step, _ in drawn],
        [scale * known.value for _, known in drawn],
        color=INK,
        alpha=0.3,
        linewidth=1,
    )
    for step, known in drawn:
        if known.low is not None and known.high is not None:
            axes.plot([step.number] * 2, [scale * known.low, scale * known.high], color=colour, linewidth=1.5)
        face = "white" if step.otherwise else colour
        axes.plot([step.number], [scale * known.value], marker="o", markersize=6, color=colour, markerfacecolor=face)
    axes.set_title(f"{one.metric}, {one.slice}{', %' if scale == 100 else ''}", loc="left", fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
