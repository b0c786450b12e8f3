"""A replay as people read it: in the terminal, as Markdown, and as the bars of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sg_assets.lineage.render import why_text
from sg_assets.lineage.replay.restored_causes import RestorableCause
from sg_assets.lineage.replay.score_replay import Replay, ReplayCost, ReplayedScore
from sg_assets.text.markdown import escaped
from sg_assets.text.numbers import difference_interval, duration, metric_value, rounded_parts

_LISTED: Final = 3
"""Causes named of those that cannot be restored."""


@dataclass(frozen=True)
class Row:
    """A line of a replayed change."""

    label: str
    """The cause, the interaction or the rest."""
    change: str
    """Its share of the change."""
    interval: str
    """The interval of the share."""
    alone: str
    """What the change would have been with this cause only."""
    put_back: str
    """What restoring this cause alone takes away, all others as they are."""
    start: Fraction
    """The score before this line: the left end of its bar in a waterfall."""
    end: Fraction
    """The score after it."""


def cost_lines(cost: ReplayCost) -> list[str]:
    """The cost of a replay, in lines."""
    lines = [f"Replay: {cost.coalitions} sets of restored causes, at most {cost.versions} versions to make"]
    if cost.trainings:
        lines.append(
            f"  at most {cost.trainings} trainings, about {duration(cost.training_seconds)} going by earlier ones"
        )
    if cost.calls:
        lines.append(
            f"  at most {cost.calls:,} model calls and {cost.tokens:,} tokens by {', '.join(cost.engines)}, "
            f"about {duration(cost.generation_seconds)} going by earlier ones; cached answers cost nothing"
        )
    if cost.is_free:
        lines.append("  no model is trained or called")
    return lines


def cause_label(restorable: RestorableCause) -> str:
    """A restored cause in a few words."""
    if restorable.whole and len(restorable.causes) > 1:
        return f"rows of {', '.join(restorable.places)}"
    line = why_text.cause_line(restorable.causes[0])
    return f"{line} (rows of {', '.join(restorable.places)})" if restorable.whole else line


def heading(replay: Replay) -> str:
    """How the change was divided, in a sentence."""
    shares = "averaged over all orders of restoring causes" if replay.exact else "of restoring each cause alone"
    return (
        f"{replay.coalitions} sets of restored causes replayed, {replay.made} versions made for the replay. "
        f"Shares are {shares}."
    )


def title(score: ReplayedScore) -> str:
    """A metric, its slice, and its values before and after."""
    before, after = (metric_value(score.metric, value) for value in (score.before, score.after))
    return f"{score.metric}, {score.slice}: {before} -> {after} ({_change(score, score.after - score.before)})"


def rows(replay: Replay, score: ReplayedScore) -> list[Row]:
    """The lines: a share per cause, the interaction where it is not divided among them, and the rest."""
    shares = score.shared.shares
    named = [(cause_label(cause), share.change) for cause, share in zip(replay.restorable, shares, strict=True)]
    if not replay.exact:
        named.append(("interaction, not divided", score.shared.unshared))
    if score.rest or replay.not_restorable:
        named.append((f"rest: {_rest(replay)}", score.rest))
    sizes = rounded_parts(score.metric, [change for _, change in named], score.after - score.before)
    lines, value = [], score.before
    for index, ((label, change), size) in enumerate(zip(named, sizes, strict=True)):
        share = shares[index] if index < len(shares) else None
        interval = "" if share is None else difference_interval(score.metric, share.low, share.high)
        alone, restored = ("", "") if share is None else (_change(score, share.alone), _change(score, share.put_back))
        lines.append(Row(label, size, interval, alone, restored, value, value + change))
        value += change
    return lines


def interaction(score: ReplayedScore) -> str:
    """The effect of the causes together beyond the sum of each alone."""
    return (
        f"Each cause alone adds up to {_change(score, score.shared.change - score.shared.interaction)}; "
        f"together they make {_change(score, score.shared.change)}: "
        f"{_change(score, score.shared.interaction)} is their interaction."
    )


def not_restorable_lines(replay: Replay) -> list[str]:
    """The causes that cannot be restored here, the first of them a line each."""
    lines = [f"cannot be restored here: {why_text.cause_line(cause)}" for cause in replay.not_restorable[:_LISTED]]
    more = len(replay.not_restorable) - _LISTED
    return lines if more <= 0 else [*lines, f"cannot be restored here: {more} more, see the causes above"]


def moved_scores(replay: Replay) -> list[ReplayedScore]:
    """The scores that some cause moves; the others have no change to divide."""
    return [
        score for score in replay.scores
        if score.after != score.before or score.rest
        or any(share.change or share.alone for share in score.shared.shares)
    ]  # fmt: skip


def unmoved_line(replay: Replay) -> str:
    """The scores that no cause moves, in a sentence; empty where every score moved."""
    moved = moved_scores(replay)
    names = [f"{score.metric}, {score.slice}" for score in replay.scores if score not in moved]
    return f"Not moved by any cause: {'; '.join(names)}." if names else ""


def view(replay: Replay) -> Group:
    """For the terminal."""
    return Group(*_sections(replay))


def document(replay: Replay) -> str:
    """Markdown."""
    lines = ["\n## Replay\n", heading(replay), *(f"\n{escaped(line)}" for line in not_restorable_lines(replay))]
    for score in moved_scores(replay):
        lines += [
            f"\n### {escaped(title(score))}\n",
            "| cause | share | interval | alone | restored |",
            "|---|---:|---|---:|---:|",
        ]
        for row in rows(replay, score):
            cells = (row.label, row.change, row.interval, row.alone, row.put_back)
            lines.append(f"| {' | '.join(map(escaped, cells))} |")
        lines += [f"| total | {_change(score, score.after - score.before)} | | | |", "", interaction(score)]
    return "\n".join([*lines, *([f"\n{escaped(unmoved)}"] if (unmoved := unmoved_line(replay)) else [])]) + "\n"


def _sections(replay: Replay) -> Iterator[RenderableType]:
    yield Text("\nReplay", style="bold underline")
    yield Text(f"  {heading(replay)}", style="dim")
    yield from (Text(f"  {line}", style="yellow") for line in not_restorable_lines(replay))
    for score in moved_scores(replay):
        yield Text(f"\n{title(score)}", style="bold underline")
        table = Table(box=None, pad_edge=False)
        table.add_column("  Cause")
        for name in ("Share", "Interval", "Alone", "Restored"):
            table.add_column(name, justify="right")
        for row in rows(replay, score):
            cells = (f"  {row.label}", row.change, row.interval, row.alone, row.put_back)
            table.add_row(*(Text(cell) for cell in cells))
        table.add_row("  total", _change(score, score.after - score.before), style="bold")
        yield table
        yield Text(f"  {interaction(score)}", style="dim")
    if unmoved := unmoved_line(replay):
        yield Text(f"\n{unmoved}", style="dim")


def _rest(replay: Replay) -> str:
    causes = replay.not_restorable
    if len(causes) == 1:
        return f"{causes[0].kind.value} {causes[0].name}"
    return (
        f"{len(causes)} causes that cannot be restored" if causes else "the earlier version was not reproduced exactly"
    )


def _change(score: ReplayedScore, change: Fraction) -> str:
    return rounded_parts(score.metric, [change], change)[0]
