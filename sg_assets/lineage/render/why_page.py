"""A comparison as one self-contained HTML page: no script, nothing fetched, the same bytes for the same comparison."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sg_assets.lineage.render import replay_views as replays
from sg_assets.lineage.render import why_text
from sg_assets.lineage.render.cause_graph import HEIGHT, WIDTH, picture
from sg_assets.lineage.render.why_markdown import command
from sg_assets.lineage.replay.score_replay import Replay, ReplayedScore
from sg_assets.lineage.scores.ledger import ScoreChange
from sg_assets.lineage.why import Why
from sg_assets.text.numbers import metric_value
from sg_assets.text.templates import Filters, template


@dataclass(frozen=True)
class Bar:
    """A line of a ledger with its bar, in percent of the drawn width."""

    label: str
    """The part of the ledger, or the cause."""
    items: str
    """How many items; of a cause its interval, and its effect alone and restored."""
    change: str
    """The change it makes up."""
    left: float
    """The left edge."""
    width: float
    """The width."""
    way: str
    """up, down or whole."""


@dataclass(frozen=True)
class Waterfall:
    """The score before, the parts, each from the end of the part before, and the score after."""

    start: str
    """The score at the left edge: bars need not start at 0."""
    end: str
    """The score at the right edge."""
    bars: tuple[Bar, ...]
    """From top to bottom."""


def page(why: Why, replay: Replay | None = None) -> str:
    """The page as text, with the results of a replay if one ran."""
    filters: Filters = {
        "cause_values": why_text.cause_values,
        "score_title": why_text.score_title,
        "basis": why_text.basis,
        "rows_line": why_text.rows_line,
        "columns_line": why_text.columns_line,
        "slice_line": why_text.slice_line,
        "flip_line": why_text.flip_line,
        "shown_text": why_text.shown_text,
        "diff_lines": why_text.diff_lines,
        "waterfall": waterfall,
        "replayed_title": replays.title,
        "replay_heading": replays.heading,
        "replay_not_restorable": replays.not_restorable_lines,
        "replay_unmoved": replays.unmoved_line,
        "replay_interaction": replays.interaction,
    }
    explanation = why.explanation
    return template(Path(__file__).with_name("why.html.j2"), filters, html=True).render(
        why=why,
        explanation=explanation,
        headline=why_text.headline(why),
        picture=picture(explanation),
        tree=list(why_text.tree(explanation)),
        entered={partition for cause in explanation.causes for partition in cause.places},
        box={"width": WIDTH, "height": HEIGHT},
        moved_parts=why_text.beyond_noise(why),
        chance=why_text.CHANCE,
        replay=replay,
        replayed=[(score, replayed(replay, score)) for score in replays.moved_scores(replay)] if replay else [],
        command=command(explanation.before, explanation.after),
    )


def waterfall(change: ScoreChange) -> Waterfall:
    """A ledger as bars."""
    lines = why_text.ledger_lines(change)
    axis = _Axis.over([change.before, change.after, *(line.end for line in lines)])

    def whole(label: str, items: int, score: Fraction) -> Bar:
        return Bar(label, f"{items:,}", metric_value(change.metric, score), *axis.drawn(axis.low, score), "whole")

    parts = (
        Bar(line.part, line.items, line.change, *axis.drawn(line.start, line.end), _way(line.start, line.end))
        for line in lines
    )
    first, last = whole("before", change.n_before, change.before), whole("after", change.n_after, change.after)
    return Waterfall(
        metric_value(change.metric, axis.low), metric_value(change.metric, axis.high), (first, *parts, last)
    )


def replayed(replay: Replay, score: ReplayedScore) -> Waterfall:
    """A replayed change as bars."""
    rows = replays.rows(replay, score)
    axis = _Axis.over([score.before, score.after, *(row.end for row in rows)])

    def whole(label: str, value: Fraction) -> Bar:
        return Bar(label, "", metric_value(score.metric, value), *axis.drawn(axis.low, value), "whole")

    parts = (
        Bar(row.label, _details(row), row.change, *axis.drawn(row.start, row.end), _way(row.start, row.end))
        for row in rows
    )
    start, end = (metric_value(score.metric, edge) for edge in (axis.low, axis.high))
    return Waterfall(start, end, (whole("before", score.before), *parts, whole("after", score.after)))


def _details(row: replays.Row) -> str:
    if not row.alone:
        return ""
    return f"{row.interval}; alone {row.alone}, restored {row.put_back}"


def _way(start: Fraction, end: Fraction) -> str:
    return "up" if end > start else "down"


@dataclass(frozen=True)
class _Axis:
    """The range that is drawn; it need not start at 0."""

    low: Fraction
    """The score at the left edge."""
    high: Fraction
    """The score at the right edge."""

    @classmethod
    def over(cls, ends: list[Fraction]) -> "_Axis":
        room = (max(ends) - min(ends)) / 5
        low, high = min(ends) - room, max(ends) + room
        return cls(max(low, Fraction(0)) if min(ends) >= 0 else low, high)

    def drawn(self, start: Fraction, end: Fraction) -> tuple[float, float]:
        """Left edge and width, in percent."""
        span = (self.high - self.low) or 1
        left, right = (100 * (score - self.low) / span for score in sorted((start, end)))
        return round(float(left), 2), round(float(right - left), 2)
