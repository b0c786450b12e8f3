"""A history as people read it: in the terminal, as markdown, as a page of its own."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sg_assets.lineage.render import history_text as lines
from sg_assets.lineage.render.history_picture import history_figure
from sg_assets.lineage.render.why_markdown import escaped
from sg_assets.lineage.scores.score_history import History, ScoreStatus
from sg_assets.reports.render.templates import Filters, template


def view(history: History) -> Group:
    """For the terminal; all that was declared or read is ``Text``: shown, not obeyed."""
    return Group(*_sections(history))


def document(history: History) -> str:
    """Markdown, a table per score."""
    heading = [f"# History of {escaped(str(history.ref))}\n", _intro(history)]
    return "\n".join([*heading, *(line for one in history.standings for line in _markdown(history, one))]) + "\n"


def summary(history: History) -> str:
    """Markdown in a few lines, for the Dagster UI: where each score stands, and the last steps."""
    told = [f"- {escaped(lines.title(one))}: {escaped(lines.standing(one))}" for one in history.standings]
    head = ["| step | made | what | " + " | ".join(escaped(lines.title(one)) for one in history.standings) + " | why |"]
    head.append("|---|---|---|" + "---|" * (len(history.standings) + 1))
    of_all = [lines.rows(history, one) for one in history.standings]
    body = []
    for place in range(history.shown):
        first = of_all[0][place]
        cells = [escaped(f"{rows[place].value} ({rows[place].verdict})") for rows in of_all]
        why = escaped("; ".join((*first.causes, *first.notes)))
        body.append(f"| {first.step} | {first.when} | {first.what} | {' | '.join(cells)} | {why} |")
    return "\n".join([*told, "", *head, *body, "", f"All of it: `{command(history)}`"])


def page(history: History) -> str:
    """One self-contained HTML page: no script, nothing fetched, the same bytes for the same history."""
    filters: Filters = {"title": lines.title, "standing": lines.standing}
    return template(Path(__file__).with_name("history.html.j2"), filters, html=True).render(
        history=history,
        intro=_intro(history),
        tables=[(one, lines.rows(history, one), history_figure(history, one).decode()) for one in history.standings],
        command=command(history, "--format html"),
    )


def command(history: History, options: str = "") -> str:
    """The command that tells a history again."""
    return f"sg-assets history '{history.ref}' {options}".rstrip()


def _intro(history: History) -> str:
    steps = len(history.steps)
    return f"{steps} step{'' if steps == 1 else 's'}, oldest first. {lines.omitted(history)}".rstrip()


def _sections(history: History) -> Iterator[RenderableType]:
    yield Text(f"History of {history.ref}", style="bold")
    yield Text(_intro(history), style="dim")
    for one in history.standings:
        yield Text(f"\n{lines.title(one)}", style="bold underline")
        yield Text(f"  {lines.standing(one)}")
        yield _table(history, one)
    yield Text("\nWhy", style="bold underline")
    for row in lines.rows(history, history.standings[0]):
        yield Text(f"  {row.step}  {row.version}  {row.what} {row.when}", style="bold")
        yield from (Text(f"       {told}", style="cyan") for told in row.causes)
        yield from (Text(f"       {told}", style="dim") for told in row.notes)


def _table(history: History, one: ScoreStatus) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("  Step", "Value", "Interval", "Against the step before", ""):
        table.add_column(name, justify="right" if name in ("  Step", "Value") else "left")
    for row in lines.rows(history, one):
        style = "bold yellow" if row.moved else ""
        told = (Text(part) for part in (row.value, row.interval, row.difference, row.verdict))
        table.add_row(str(row.step), *told, style=style)
    return table


def _markdown(history: History, one: ScoreStatus) -> Iterator[str]:
    yield f"\n## {escaped(lines.title(one))}\n\n{escaped(lines.standing(one))}\n"
    yield "| step | made | version | what | value | 95 % interval | against the step before | verdict | why |"
    yield "|---:|---|---|---|---:|---|---|---|---|"
    for row in lines.rows(history, one):
        told = (row.value, row.interval, row.difference, row.verdict, "; ".join((*row.causes, *row.notes)))
        yield f"| {row.step} | {row.when} | `{row.version}` | {row.what} | {' | '.join(map(escaped, told))} |"
