"""A comparison in the terminal."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sg_assets.lineage.render import why_text
from sg_assets.lineage.rows.row_diff import RowChange, RowSample
from sg_assets.lineage.scores.significance import MOVED
from sg_assets.lineage.why import ComparedScore, TableChange, Why

_DIFF = {"+": "green", "-": "red", "@": "dim"}
_LINES = 20
"""Lines of a diff shown."""
_SAMPLES = 2
"""Rows shown of each change; the page shows more."""
_STYLES = dict.fromkeys(MOVED, "bold yellow")


def view(why: Why) -> Group:
    """The comparison as rich renderables. Declared and read texts are ``Text``: their markup is shown, not obeyed."""
    return Group(*_sections(why))


def _sections(why: Why) -> Iterator[RenderableType]:
    explanation = why.explanation
    for side, pin in (("from", explanation.before), ("to  ", explanation.after)):
        yield Text(f"{side} {pin.ref} {pin.version}", style="bold", overflow="fold")
    yield Text(why_text.headline(why))
    yield from (Text(note, style="yellow") for note in why.notes)
    yield from _causes(why)
    yield from _changed_partitions(why)
    for score in why.whole:
        yield from _score(score)
    yield from _parts(why)
    for table in why.tables:
        yield from _rows(table)
    for remark in why_text.remarks(why):
        yield Text(f"\n{remark}", style="yellow")


def _causes(why: Why) -> Iterator[RenderableType]:
    if not why.explanation.causes:
        return
    yield Text("\nCauses", style="bold underline")
    for cause in why.explanation.causes:
        yield Text(f"  {why_text.cause_line(cause)}", style="bold cyan")
        yield Text(f"      at {', '.join(cause.places)}", style="dim")
        if cause.note:
            yield Text(f"      {cause.note}")
        lines = why_text.diff_lines(cause)
        yield from (Text(f"      {line}", style=_DIFF.get(line[:1], "")) for line in lines[:_LINES])
        if len(lines) > _LINES:
            yield Text(f"      ... {len(lines) - _LINES} more lines (--format md or html shows them)", style="dim")


def _changed_partitions(why: Why) -> Iterator[RenderableType]:
    if len(why.explanation.changed) < 2:
        return
    yield Text("\nChanged asset partitions", style="bold underline")
    entered = {partition for cause in why.explanation.causes for partition in cause.places}
    for depth, name, listed_before in why_text.tree(why.explanation):
        mark = " (above)" if listed_before else " *" if name in entered else ""
        yield Text(f"  {'  ' * depth}{name}{mark}", style="cyan" if name in entered else "")
    yield Text("  * a cause enters here", style="dim")


def _score(score: ComparedScore) -> Iterator[RenderableType]:
    verdict = score.significance.verdict
    yield Text(f"\n{why_text.score_title(score)}", style="bold underline")
    yield Text(f"  {verdict.value}", style=_STYLES.get(verdict, "bold"))
    yield Text(f"  {why_text.basis(score.significance)}", style="dim")
    if why_text.ledger_lines(score.change):
        yield Padding(_ledger(score), (0, 0, 0, 2))
    for flip in score.flips:
        yield Text(f"    {flip.item}  {why_text.flip_line(flip)}", style="red" if flip.worse else "")
        if flip.texts is not None:
            yield from _texts(flip.texts.prompt_after, flip.texts.response_before, flip.texts.response_after)


def _ledger(score: ComparedScore) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Part")
    table.add_column("Items")
    table.add_column("Change", justify="right")
    for line in why_text.ledger_lines(score.change):
        table.add_row(line.part, line.items, line.change)
    table.add_row("total", "", why_text.total_change(score.change), style="bold")
    return table


def _texts(prompt: str | None, before: str | None, after: str | None) -> Iterator[RenderableType]:
    for name, text in (("prompt", prompt), ("answer before", before), ("answer after", after)):
        yield Padding(Text(f"{name}: {why_text.shown_text(text)}", style="dim"), (0, 0, 0, 8))


def _parts(why: Why) -> Iterator[RenderableType]:
    moved = why_text.beyond_noise(why)
    if not why.parts:
        return
    yield Text(f"\nParts of a label: {len(moved)} of {len(why.parts)} moved by more than noise", style="bold underline")
    yield Text(f"  {why_text.CHANCE}", style="dim")
    for score in moved:
        yield Text(f"  {why_text.score_title(score)}")


def _rows(table: TableChange) -> Iterator[RenderableType]:
    yield Text(f"\nRows of {table.name}", style="bold underline")
    yield Text(f"  {why_text.rows_line(table)}")
    if table.rows is None:
        return
    if columns := why_text.columns_line(table.rows):
        yield Text(f"  columns: {columns}")
    for concentrated in table.rows.slices:
        yield Text(f"  {why_text.slice_line(concentrated)}", style="yellow")
    for sample in _few(table.rows.samples):
        yield Text(f"    {sample.change.value}  {', '.join(sample.key)}", style="dim")
        for name, before, after in sample.values:
            yield Text(f"      {name}: {why_text.shown_text(before)} -> {why_text.shown_text(after)}", style="dim")


def _few(samples: tuple[RowSample, ...]) -> Iterator[RowSample]:
    for change in RowChange:
        yield from [sample for sample in samples if sample.change is change][:_SAMPLES]
