"""Published numbers beside what was found here."""

from collections.abc import Mapping, Sequence

from sg_assets.declarations.records.figures import PublishedNumber
from sg_assets.leaderboard.score_changes import ScoreChange
from sg_assets.reports.render.number_text import NOT_SCORED, interval, task_change, value, written
from sg_assets.reports.render.page import Reference
from sg_assets.reports.results import MetricColumn, Results


def references(
    numbers: Sequence[PublishedNumber], shown: Results, skills: Mapping[str, Sequence[ScoreChange]]
) -> list[Reference]:
    """A row per published number of a variant that is shown, in the order published."""
    rows = {row.variant: row for row in shown.rows}
    columns = {(one.benchmark, one.metric, one.slice): one for one in shown.columns}
    found = []
    for one in numbers:
        column = columns.get((one.benchmark, one.metric, one.slice))
        if one.variant not in rows or column is None:
            continue
        if one.value is not None:
            estimate = rows[one.variant].estimates[column]
            here = NOT_SCORED if estimate is None else f"{value(estimate)} ({interval(estimate)})"
            found.append(Reference(one.variant, column.title, here, _published(one.value, column)))
        elif one.change is not None:
            change = next((it for it in skills.get(one.variant, ()) if it.slice == one.slice), None)
            here = NOT_SCORED if change is None else task_change(change)
            found.append(Reference(one.variant, f"{column.title}, against base", here, _share(one.change)))
    return found


def _published(number: float, column: MetricColumn) -> str:
    return f"{written(number, column.unit)}{' %' if column.unit == 'share' else ''}"


def _share(change: float) -> str:
    return f"{change:+.1%}".replace("-", "\u2212").replace("%", " %")
