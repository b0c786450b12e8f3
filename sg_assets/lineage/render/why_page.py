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
from sg_assets.reports.render.templates import Filters, template


@dataclass(frozen=True)
class Bar:
    """A line of a ledger with its bar, in percent of the drawn width."""

    what: str
    items: str
    change: str
    left: float
    width: float
    way: str
    """up, down or whole."""


@dataclass(frozen=True)
class Waterfall:
    """The score before, each part from where the last one left it, and the score after."""

    start: str
    """The score at the left edge: bars need not start at 0."""
    end: str
    bars: tuple[Bar, ...]


def page(why: Why, replay: Replay | None = None) -> str:
    """The page as text, with what a replay found where there was one."""
    filters: Filters = {
        "cause_value": why_text.value,
        "score_title": why_text.score_title,
        "interval": why_text.interval,
        "rows_line": why_text.rows_line,
        "columns_line": why_text.columns_line,
        "slice_line": why_text.slice_line,
        "flip_line": why_text.flip_line,
        "shown_text": why_text.shown_text,
        "diff": why_text.diff,
        "waterfall": waterfall,
        "replayed_title": replays.title,
        "replay_heading": replays.heading,
        "replay_left": replays.left,
        "replay_still": replays.still,
        "replay_interaction": replays.interaction,
    }
    explanation = why.explanation
    return template(Path(__file__).with_name("why.html.j2"), filters, html=True).render(
        why=why,
        explanation=explanation,
        headline=why_text.headline(why),
        picture=picture(explanation),
        tree=list(why_text.tree(explanation)),
        entered={place for cause in explanation.causes for place in cause.places},
        box={"width": WIDTH, "height": HEIGHT},
        moved_parts=why_text.beyond_noise(why),
        chance=why_text.CHANCE,
        replay=replay,
        replayed=[(one, replayed(replay, one)) for one in replays.moved(replay)] if replay else [],
        command=command(explanation.before, explanation.after),
    )


def waterfall(change: ScoreChange) -> Waterfall:
    """A ledger as bars."""
    lines = why_text.ledger_lines(change)
    axis = _Axis.over([change.before, change.after, *(line.end for line in lines)])

    def whole(what: str, items: int, score: Fraction) -> Bar:
        return Bar(what, f"{items:,}", why_text.amount(change, score), *axis.drawn(axis.low, score), "whole")

    parts = (
        Bar(line.what, line.items, line.change, *axis.drawn(line.start, line.end), _way(line.start, line.end))
        for line in lines
    )
    first, last = whole("before", change.n_before, change.before), whole("after", change.n_after, change.after)
    return Waterfall(why_text.amount(change, axis.low), why_text.amount(change, axis.high), (first, *parts, last))


def replayed(replay: Replay, score: ReplayedScore) -> Waterfall:
    """A replayed change as bars."""
    rows = replays.rows(replay, score)
    axis = _Axis.over([score.before, score.after, *(row.end for row in rows)])

    def whole(what: str, value: Fraction) -> Bar:
        return Bar(what, "", why_text.number(score.metric, value), *axis.drawn(axis.low, value), "whole")

    parts = (
        Bar(row.what, _told(row), row.change, *axis.drawn(row.start, row.end), _way(row.start, row.end)) for row in rows
    )
    start, end = (why_text.number(score.metric, one) for one in (axis.low, axis.high))
    return Waterfall(start, end, (whole("before", score.before), *parts, whole("after", score.after)))


def _told(row: replays.Row) -> str:
    if not row.alone:
        return ""
    return f"{row.interval}; alone {row.alone}, put back {row.put_back}"


def _way(start: Fraction, end: Fraction) -> str:
    return "up" if end > start else "down"


@dataclass(frozen=True)
class _Axis:
    """What is drawn: not always from 0."""

    low: Fraction
    high: Fraction

    @classmethod
    def over(cls, ends: list[Fraction]) -> "_Axis":
        room = (max(ends) - min(ends)) / 5
        low, high = min(ends) - room, max(ends) + room
        return cls(max(low, Fraction(0)) if min(ends) >= 0 else low, high)

    def drawn(self, start: Fraction, end: Fraction) -> tuple[float, float]:
        """Left edge and width, in percent."""
        span = (self.high - self.low) or 1
        left, right = (100 * (one - self.low) / span for one in sorted((start, end)))
        return round(float(left), 2), round(float(right - left), 2)
