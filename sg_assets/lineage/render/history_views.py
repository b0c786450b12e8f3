"""A history as people read it: in the terminal, as Markdown, as a page of its own."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sg_assets.lineage.render import history_text
from sg_assets.lineage.render.history_picture import history_figure
from sg_assets.lineage.scores.score_history import History, ScoreStatus
from sg_assets.text.markdown import escaped
from sg_assets.text.numbers import counted
from sg_assets.text.templates import Filters, template


def view(history: History) -> Group:
    """For the terminal; declared and read texts are ``Text``: their markup is shown, not obeyed."""
    return Group(*_sections(history))


def document(history: History) -> str:
    """Markdown, a table per score."""
    heading = [f"# History of {escaped(str(history.ref))}\n", _intro(history)]
    tables = (line for status in history.statuses or (None,) for line in _markdown(history, status))
    return "\n".join([*heading, *tables]) + "\n"


def summary(history: History) -> str:
    """Markdown in a few lines, for the Dagster UI: the status of each score, and the last steps."""
    statuses = history.statuses
    lines = [
        f"- {escaped(history_text.title(status))}: {escaped(history_text.status_line(status))}" for status in statuses
    ]
    titles = [escaped(history_text.title(status)) for status in statuses]
    head = [
        f"| {' | '.join(('step', 'when', 'action', *titles, 'why'))} |",
        "|---|---|---|" + "---|" * (len(statuses) + 1),
    ]
    of_statuses = [history_text.rows(history, status) for status in statuses]
    body = []
    for index, first in enumerate(history_text.steps(history)):
        values = [escaped(f"{rows[index].value} ({rows[index].verdict})") for rows in of_statuses]
        why = escaped("; ".join((*first.causes, *first.notes)))
        body.append(f"| {' | '.join((str(first.step), first.when, first.action, *values, why))} |")
    return "\n".join([*lines, "", *head, *body, "", f"The whole history: `{command(history)}`"])


def page(history: History) -> str:
    """A self-contained HTML page: no script, nothing fetched, the same bytes for the same history."""
    filters: Filters = {"title": history_text.title, "status_line": history_text.status_line}
    return template(Path(__file__).with_name("history.html.j2"), filters, html=True).render(
        history=history,
        intro=_intro(history),
        steps=[] if history.statuses else history_text.steps(history),
        tables=[
            (status, history_text.rows(history, status), history_figure(history, status).decode())
            for status in history.statuses
        ],
        command=command(history, "--format html"),
    )


def command(history: History, options: str = "") -> str:
    """The command that shows a history again."""
    return f"sg-assets history '{history.ref}' {options}".rstrip()


def _intro(history: History) -> str:
    sentences = [f"{counted(len(history.steps), 'step')}, oldest first.", history_text.omitted(history)]
    sentences += [] if history.statuses else [history_text.NO_VALUES]
    return " ".join(filter(None, sentences))


def _sections(history: History) -> Iterator[RenderableType]:
    yield Text(f"History of {history.ref}", style="bold")
    yield Text(_intro(history), style="dim")
    for status in history.statuses:
        yield Text(f"\n{history_text.title(status)}", style="bold underline")
        yield Text(f"  {history_text.status_line(status)}")
        yield _table(history, status)
    yield Text("\nWhy", style="bold underline")
    for row in history_text.steps(history):
        yield Text(f"  {row.step}  {row.version}  {row.action} {row.when}", style="bold")
        yield from (Text(f"       {cause}", style="cyan") for cause in row.causes)
        yield from (Text(f"       {note}", style="dim") for note in row.notes)


def _table(history: History, status: ScoreStatus) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("  Step", "Value", "Interval", "Against the step before", ""):
        table.add_column(name, justify="right" if name in ("  Step", "Value") else "left")
    for row in history_text.rows(history, status):
        style = "bold yellow" if row.moved else ""
        cells = (Text(cell) for cell in (row.value, row.interval, row.difference, row.verdict))
        table.add_row(str(row.step), *cells, style=style)
    return table


def _markdown(history: History, status: ScoreStatus | None) -> Iterator[str]:
    if status is not None:
        yield f"\n## {escaped(history_text.title(status))}\n\n{escaped(history_text.status_line(status))}"
    yield ""
    yield "| step | when | version | action | value | 95 % interval | against the step before | verdict | why |"
    yield "|---:|---|---|---|---:|---|---|---|---|"
    for row in history_text.rows(history, status):
        cells = (row.value, row.interval, row.difference, row.verdict, "; ".join((*row.causes, *row.notes)))
        yield f"| {row.step} | {row.when} | `{row.version}` | {row.action} | {' | '.join(map(escaped, cells))} |"
