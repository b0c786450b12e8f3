"""The results as Markdown, for metadata in the Dagster UI."""

from collections.abc import Sequence

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
    runs,
    value,
)
from sg_assets.reports.results import Estimate, ResultRow, Results
from sg_assets.text.markdown import escaped


def table(results: Results) -> str:
    """The results as a GitHub-flavoured Markdown table with its caption."""
    headings = ["Variant", "Method", *(heading(column) for column in results.columns)]
    lines = [_line(headings), _line(["---", "---", *("---:" for _ in results.columns)])]
    lines += [
        _line([_name(row), escaped(row.method), *(_cell(row.estimates[column]) for column in results.columns)])
        for row in results.rows
    ]
    remarks = [f"\n{mark} {escaped(variant)}: {escaped(remark)}" for mark, variant, remark in marked(results)]
    return "\n".join([*lines, "", caption(results), *remarks]).rstrip() + "\n"


def answers(changes: Sequence[VariantChange]) -> str:
    """Questions with their answers as a Markdown table."""
    lines = [_line(["Question", "Answer", "Difference", "Interval", "Prompts"]), _line(["---"] * 5)]
    for change in changes:
        asked = "" if change.found is None else str(change.found.n_shared)
        cells = [change.answer, difference(change), escaped(change_interval(change)), asked]
        lines.append(_line([escaped(change.asked.question), *cells]))
    return "\n".join([*lines, ""])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _name(row: ResultRow) -> str:
    return f"**{escaped(row.variant)}** {escaped(row.description)}".rstrip()


def _cell(estimate: Estimate | None) -> str:
    if estimate is None:
        return NOT_SCORED
    trainings = f"; {runs(estimate)}" if estimate.runs else ""
    return f"{value(estimate)}{marks(estimate)} ({escaped(interval(estimate))}; n {estimate.n}{trainings})"
