"""A replay as people read it: in the terminal, as markdown, and as the bars of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sg_assets.lineage.render import why_text
from sg_assets.lineage.render.why_markdown import escaped
from sg_assets.lineage.replay.restored_causes import Player
from sg_assets.lineage.replay.score_replay import Cost, Replay, ReplayedScore

_LISTED: Final = 3
"""Causes named of those that cannot be put back."""


@dataclass(frozen=True)
class Row:
    """One line of a replayed change."""

    what: str
    change: str
    interval: str
    alone: str
    """What the change would have been with this cause only."""
    put_back: str
    """What putting this cause back takes away, all others as they are."""
    start: Fraction
    """The score before this line, and after it: what a waterfall draws."""
    end: Fraction


def cost(one: Cost) -> list[str]:
    """What a replay takes, in lines."""
    told = [f"Replay: {one.coalitions} coalitions, at most {one.versions} versions to make"]
    if one.trainings:
        told.append(f"  at most {one.trainings} trainings, {_minutes(one.training_seconds)} as they took before")
    if one.calls:
        took = _minutes(one.generation_seconds)
        told.append(
            f"  at most {one.calls:,} model calls and {one.tokens:,} tokens by {', '.join(one.engines)}, "
            f"{took} as they took before; what the cache holds costs nothing"
        )
    if one.is_free:
        told.append("  no model is trained or asked")
    return told


def player(one: Player) -> str:
    """What was put back, in a few words."""
    if one.whole and len(one.causes) > 1:
        return f"rows of {', '.join(one.places)}"
    told = why_text.cause(one.causes[0])
    return f"{told} (rows of {', '.join(one.places)})" if one.whole else told


def heading(one: Replay) -> str:
    """How it was shared out, in a sentence."""
    how = "averaged over all orders of putting causes back" if one.exact else "each cause put back alone"
    return f"{one.coalitions} coalitions replayed, {one.made} versions made for it. Shares are {how}."


def title(score: ReplayedScore) -> str:
    """A metric, its slice, and from what to what."""
    before, after = (why_text.number(score.metric, one) for one in (score.before, score.after))
    return f"{score.metric}, {score.slice}: {before} -> {after} ({_change(score, score.after - score.before)})"


def rows(replay: Replay, score: ReplayedScore) -> list[Row]:
    """The lines: a share per cause, what they do only together where that is not shared out, and the rest."""
    parts = [(player(one), share) for one, share in zip(replay.players, score.shared.shares, strict=True)]
    changes = [share.change for _, share in parts]
    named = [(what, share.change) for what, share in parts]
    if not replay.exact:
        named.append(("interaction, not shared out", score.shared.unshared))
        changes.append(score.shared.unshared)
    if score.rest or replay.left:
        named.append((f"rest: {_counted_left(replay)}", score.rest))
        changes.append(score.rest)
    shown = why_text.rounded(score.metric, changes, score.after - score.before)
    lines, at = [], score.before
    for place, ((what, change), told) in enumerate(zip(named, shown, strict=True)):
        share = parts[place][1] if place < len(parts) else None
        interval = "" if share is None else why_text.ends(score.metric, share.low, share.high)
        alone, back = ("", "") if share is None else (_change(score, share.alone), _change(score, share.put_back))
        lines.append(Row(what, told, interval, alone, back, at, at + change))
        at += change
    return lines


def interaction(score: ReplayedScore) -> str:
    """What the causes do together beyond what each does alone."""
    return (
        f"Each cause alone adds up to {_change(score, score.shared.change - score.shared.interaction)}; "
        f"together they do {_change(score, score.shared.change)}: "
        f"{_change(score, score.shared.interaction)} is their interaction."
    )


def left(replay: Replay) -> list[str]:
    """The causes that cannot be put back here, the first of them a line each."""
    told = [f"cannot be put back here: {why_text.cause(one)}" for one in replay.left[:_LISTED]]
    more = len(replay.left) - _LISTED
    return told if more <= 0 else [*told, f"cannot be put back here: {more} more, see the causes above"]


def moved(replay: Replay) -> list[ReplayedScore]:
    """The scores that some cause moves; the others have nothing to share out."""
    return [
        one for one in replay.scores
        if one.after != one.before or one.rest or any(share.change or share.alone for share in one.shared.shares)
    ]  # fmt: skip


def still(replay: Replay) -> str:
    """The scores that nothing moves, in a sentence; empty where there is none."""
    names = [f"{one.metric}, {one.slice}" for one in replay.scores if one not in moved(replay)]
    return f"Moved by none of them: {'; '.join(names)}." if names else ""


def view(replay: Replay) -> Group:
    """For the terminal."""
    return Group(*_sections(replay))


def document(replay: Replay) -> str:
    """Markdown."""
    lines = ["\n## Replayed\n", heading(replay), *(f"\n{escaped(one)}" for one in left(replay))]
    for score in moved(replay):
        lines += [
            f"\n### {escaped(title(score))}\n",
            "| cause | share | interval | alone | put back |",
            "|---|---:|---|---:|---:|",
        ]
        for row in rows(replay, score):
            cells = (row.what, row.change, row.interval, row.alone, row.put_back)
            lines.append(f"| {' | '.join(map(escaped, cells))} |")
        lines += [f"| together | {_change(score, score.after - score.before)} | | | |", "", interaction(score)]
    return "\n".join([*lines, *([f"\n{escaped(told)}"] if (told := still(replay)) else [])]) + "\n"


def _sections(replay: Replay) -> Iterator[RenderableType]:
    yield Text("\nReplayed", style="bold underline")
    yield Text(f"  {heading(replay)}", style="dim")
    yield from (Text(f"  {one}", style="yellow") for one in left(replay))
    for score in moved(replay):
        yield Text(f"\n{title(score)}", style="bold underline")
        table = Table(box=None, pad_edge=False)
        table.add_column("  Cause")
        for name in ("Share", "Interval", "Alone", "Put back"):
            table.add_column(name, justify="right")
        for row in rows(replay, score):
            cells = (f"  {row.what}", row.change, row.interval, row.alone, row.put_back)
            table.add_row(*(Text(cell) for cell in cells))
        table.add_row("  together", _change(score, score.after - score.before), style="bold")
        yield table
        yield Text(f"  {interaction(score)}", style="dim")
    if told := still(replay):
        yield Text(f"\n{told}", style="dim")


def _counted_left(replay: Replay) -> str:
    if len(replay.left) == 1:
        return f"{replay.left[0].kind.value} {replay.left[0].name}"
    return f"{len(replay.left)} causes that cannot be put back" if replay.left else "not made again as it was"


def _change(score: ReplayedScore, change: Fraction) -> str:
    return why_text.rounded(score.metric, [change], change)[0]


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
