"""The results in the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from sg_assets.reports.paired_changes import VariantChange
from sg_assets.reports.render.number_text import (
    NOT_SCORED,
    caption,
    change_interval,
    difference,
    heading,
    interval,
    marked,
    marks,
    value,
)
from sg_assets.reports.results import Estimate, ResultRow, Results

_SHORTEST, _LONGEST = 19, 24
"""Width of the first column: variant names up to it stay on one line, whatever the terminal's width."""


def table(results: Results) -> Table:
    """The results as a rich table: value, interval and n under each other.

    Texts are ``Text`` objects, not markup: brackets in a description are shown, not obeyed.
    """
    lines = [caption(results), *(f"{mark} {variant}: {remark}" for mark, variant, remark in marked(results))]
    shown = Table(caption=Text("\n".join(lines)) if any(lines) else None, caption_justify="left", show_lines=True)
    longest = max((len(row.variant) for row in results.rows), default=0)
    shown.add_column("Variant", overflow="fold", width=min(max(longest, _SHORTEST), _LONGEST))
    for column in results.columns:
        shown.add_column(Text(heading(column)), justify="right")
    for row in results.rows:
        shown.add_row(_name(row), *(_cell(row.estimates[column]) for column in results.columns))
    return shown


def answers(changes: Sequence[VariantChange]) -> Table:
    """Questions with their answers as a rich table."""
    shown = Table(caption="Differences in percentage points, on the prompts both were asked.", caption_justify="left")
    shown.add_column("Question")
    shown.add_column("Answer", overflow="fold")
    shown.add_column("Difference", justify="right")
    for change in changes:
        shown.add_row(Text(change.asked.question), Text(change.answer, style="bold"), _difference(change))
    return shown


def _difference(change: VariantChange) -> Text:
    moved = difference(change)
    return Text(f"{moved}\n" if moved else "", style="bold") + Text(change_interval(change), style="dim")


def _name(row: ResultRow) -> Text:
    return Text(row.variant, style="bold") + Text(f"\n{row.description}", style="dim")


def _cell(estimate: Estimate | None) -> Text:
    if estimate is None:
        return Text(NOT_SCORED, style="dim")
    shown = value(estimate) + marks(estimate)
    return Text(shown, style="bold") + Text(f"\n{interval(estimate)}\nn {estimate.n}", style="dim")
