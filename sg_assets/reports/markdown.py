"""The results table as Markdown, for metadata in the Dagster UI."""

import re

from sg_assets.reports.results import Estimate, ResultRow, Results
from sg_assets.reports.wording import NOT_SCORED, caption, heading, interval, percent


def table(results: Results) -> str:
    """The results as a GitHub-flavoured Markdown table with its caption."""
    headings = ["Variant", "Method", *(heading(column) for column in results.columns)]
    lines = [_line(headings), _line(["---", "---", *("---:" for _ in results.columns)])]
    lines += [
        _line([_name(row), _escaped(row.method), *(_cell(row.estimates[column]) for column in results.columns)])
        for row in results.rows
    ]
    return "\n".join([*lines, "", caption(results)]).rstrip() + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _name(row: ResultRow) -> str:
    return f"**{_escaped(row.variant)}** {_escaped(row.description)}".rstrip()


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return NOT_SCORED
    return f"{percent(estimate.value)} ({_escaped(interval(estimate))}; n {estimate.n})"


def _escaped(text: str) -> str:
    """Text that shows as it is written: no markup, no HTML, no new cell or row."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|!#~>])", r"\\\1", flat)
