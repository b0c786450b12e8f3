"""Published numbers compared with the scores of this project."""

from collections.abc import Mapping, Sequence

from sg_assets.declarations.records.figures import PublishedNumber
from sg_assets.leaderboard.score_changes import ScoreChange
from sg_assets.reports.render.number_text import NOT_SCORED, interval, task_change, value, written
from sg_assets.reports.render.page import PublishedComparison
from sg_assets.reports.results import MetricColumn, Results


def references(
    numbers: Sequence[PublishedNumber], shown: Results, skills: Mapping[str, Sequence[ScoreChange]]
) -> list[PublishedComparison]:
    """A row per published number of a variant that is shown, in the order published."""
    rows = {row.variant: row for row in shown.rows}
    columns = {(column.benchmark, column.metric, column.slice): column for column in shown.columns}
    compared = []
    for number in numbers:
        column = columns.get((number.benchmark, number.metric, number.slice))
        if number.variant not in rows or column is None:
            continue
        if number.value is not None:
            estimate = rows[number.variant].estimates[column]
            here = NOT_SCORED if estimate is None else f"{value(estimate)} ({interval(estimate)})"
            compared.append(PublishedComparison(number.variant, column.title, here, _published(number.value, column)))
        elif number.change is not None:
            change = next((task for task in skills.get(number.variant, ()) if task.slice == number.slice), None)
            here = NOT_SCORED if change is None else task_change(change)
            compared.append(
                PublishedComparison(number.variant, f"{column.title}, against base", here, _share(number.change))
            )
    return compared


def _published(number: float, column: MetricColumn) -> str:
    return f"{written(number, column.unit)}{' %' if column.unit == 'share' else ''}"


def _share(change: float) -> str:
    return f"{change:+.1%}".replace("-", "\u2212").replace("%", " %")
