"""A comparison as one self-contained HTML page: no script, nothing fetched, the same bytes for the same comparison."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from sg_assets.lineage.ledger import ScoreChange
from sg_assets.lineage.views import wording
from sg_assets.lineage.views.markdown import command
from sg_assets.lineage.views.picture import HEIGHT, WIDTH, picture
from sg_assets.lineage.why import Why
from sg_assets.reports.templates import Filters, template


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


def page(why: Why) -> str:
    """The page as text."""
    filters: Filters = {
        "cause_value": wording.value,
        "score_title": wording.score_title,
        "interval": wording.interval,
        "rows_line": wording.rows_line,
        "columns_line": wording.columns_line,
        "slice_line": wording.slice_line,
        "flip_line": wording.flip_line,
        "shown_text": wording.shown_text,
        "diff": wording.diff,
        "waterfall": waterfall,
    }
    explanation = why.explanation
    return template(Path(__file__).with_name("why.html.j2"), filters, html=True).render(
        why=why,
        explanation=explanation,
        headline=wording.headline(why),
        picture=picture(explanation),
        tree=list(wording.tree(explanation)),
        entered={place for cause in explanation.causes for place in cause.places},
        box={"width": WIDTH, "height": HEIGHT},
        moved_parts=wording.beyond_noise(why),
        chance=wording.CHANCE,
        command=command(explanation.before, explanation.after),
    )


def waterfall(change: ScoreChange) -> Waterfall:
    """A ledger as bars."""
    lines = wording.ledger_lines(change)
    ends = [change.before, change.after, *(line.end for line in lines)]
    room = (max(ends) - min(ends)) / 5
    low, high = min(ends) - room, max(ends) + room
    low = max(low, Fraction(0)) if min(ends) >= 0 else low

    def drawn(start: Fraction, end: Fraction) -> tuple[float, float]:
        """Left edge and width."""
        left, right = (100 * (one - low) / ((high - low) or 1) for one in sorted((start, end)))
        return round(float(left), 2), round(float(right - left), 2)

    def whole(what: str, items: int, score: Fraction) -> Bar:
        return Bar(what, f"{items:,}", wording.amount(change, score), *drawn(low, score), "whole")

    parts = (
        Bar(line.what, line.items, line.change, *drawn(line.start, line.end), "up" if line.end > line.start else "down")
        for line in lines
    )
    first, last = whole("before", change.n_before, change.before), whole("after", change.n_after, change.after)
    return Waterfall(wording.amount(change, low), wording.amount(change, high), (first, *parts, last))
