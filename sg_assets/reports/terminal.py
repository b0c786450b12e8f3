"""The results table in the terminal."""

from rich.table import Table
from rich.text import Text

from sg_assets.reports.results import Estimate, ResultRow, Results
from sg_assets.reports.wording import NOT_SCORED, caption, heading, interval, percent

_SHORTEST, _LONGEST = 19, 24
"""Width of the first column: variant names up to it stay on one line, whatever the terminal's width."""


def table(results: Results) -> Table:
    """The results as a rich table: value, interval and n under each other.

    Texts are ``Text`` objects, not markup: brackets in a description are shown, not obeyed.
    """
    shown = Table(caption=caption(results) or None, caption_justify="left", show_lines=True)
    longest = max((len(row.variant) for row in results.rows), default=0)
    shown.add_column("Variant", overflow="fold", width=min(max(longest, _SHORTEST), _LONGEST))
    for column in results.columns:
        shown.add_column(Text(heading(column)), justify="right")
    for row in results.rows:
        shown.add_row(_name(row), *(_cell(row.estimates[column]) for column in results.columns))
    return shown


def _name(row: ResultRow) -> Text:
    return Text(row.variant, style="bold") + Text(f"\n{row.description}", style="dim")


def _cell(estimate: Estimate | None) -> Text:
    if estimate is None:
        return Text(NOT_SCORED, style="dim")
    return Text(percent(estimate.value), style="bold") + Text(f"\n{interval(estimate)}\nn {estimate.n}", style="dim")
