"""A comparison in words: the same in the terminal, in Markdown and on the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.rows.row_diff import RowDiff
from sg_assets.lineage.rows.slices import Slice
from sg_assets.lineage.scores.flips import Flip
from sg_assets.lineage.scores.ledger import LedgerEntry, ScoreChange
from sg_assets.lineage.scores.significance import MOVED, ChangeVerdict, Significance
from sg_assets.lineage.walk import Explanation
from sg_assets.lineage.why import ComparedScore, TableChange, Why
from sg_assets.text.numbers import (
    counted,
    difference_interval,
    difference_unit,
    metric_difference,
    metric_value,
    rounded_parts,
    shortened,
)

_LONGEST: Final = 60
"""Characters of a value."""
CHANCE = "Where nothing changed, about one part in twenty would be called moved by chance."


@dataclass(frozen=True)
class Line:
    """A line of a ledger as it is shown."""

    part: str
    """The part of the ledger."""
    items: str
    """How many items, with those up and down."""
    change: str
    """The change they make up."""
    start: Fraction
    """The score before this part: the left end of its bar in a waterfall."""
    end: Fraction
    """The score after it."""


def headline(why: Why) -> str:
    """The comparison in one sentence."""
    explanation = why.explanation
    if explanation.equal:
        return "The two versions have the same content: no change to explain."
    causes = counted(len(explanation.causes), "cause")
    partitions = counted(len(explanation.changed), "changed asset partition")
    if not why.whole:
        return f"{causes}, {partitions}."
    unknown = [score for score in why.whole if not is_compared(score)]
    moved = [score for score in why.whole if score.significance.verdict in MOVED]
    sentences = [f"{causes}, {partitions}."]
    if len(unknown) < len(why.whole):
        sentences.append(f"{len(moved)} of {len(why.whole) - len(unknown)} scores moved by more than noise.")
    if unknown:
        sentences.append(f"{counted(len(unknown), 'score')} cannot be compared: no item is in both versions.")
    return " ".join(sentences)


def is_compared(score: ComparedScore) -> bool:
    """Whether any item of a score is in both versions."""
    return score.significance.verdict is not ChangeVerdict.INCOMPARABLE


def value(plain: Any) -> str:  # noqa: ANN401 - a cause's value is any plain data
    """A cause's value in a few words."""
    if isinstance(plain, dict):
        return shortened(", ".join(f"{name}: {value(item)}" for name, item in plain.items()), _LONGEST)
    if isinstance(plain, list):
        return shortened(", ".join(map(value, plain)), _LONGEST)
    return shortened(plain, _LONGEST)


def cause_line(cause: Cause) -> str:
    """A cause in one line, without the asset partitions it enters at."""
    if cause.old is None and cause.new is None:
        return f"{cause.kind.value} {cause.name}"
    separator = " | " if cause.absent else " -> "
    return f"{cause.kind.value} {cause.name}: {separator.join(cause_values(cause))}"


def cause_values(cause: Cause) -> tuple[str, str]:
    """A cause's values before and after in a few words; of a side that has none, why."""
    old, new = (cause.absent if cause.absent and side is None else value(side) for side in (cause.old, cause.new))
    return old, new


def diff_lines(cause: Cause) -> list[str]:
    """The lines of a cause's diff; empty where the values themselves show the change."""
    texts = [text for text in (cause.old, cause.new) if isinstance(text, str)]
    in_full = len(texts) == 2 and cause.kind not in (Kind.SQL, Kind.CODE) and all(value(text) == text for text in texts)
    return [] if in_full or cause.diff is None else cause.diff.splitlines()


def difference(significance: Significance) -> str:
    """The paired difference on shared items with its interval: "+2.00 points (+1.20 to +2.80)"."""
    paired = significance.paired
    if paired.difference is None:
        return "no shared item"
    size = metric_difference(paired.metric, paired.difference)
    if paired.low is None or paired.high is None:
        return f"{size} (no interval)"
    return f"{size} ({difference_interval(paired.metric, paired.low, paired.high)})"


def basis(significance: Significance) -> str:
    """The interval and the items that a verdict rests on."""
    paired = significance.paired
    if significance.verdict is ChangeVerdict.INCOMPARABLE:
        return f"{paired.only_a:,} items before and {paired.only_b:,} other items after"
    items = f"{paired.n_shared} shared items in {paired.clusters} texts"
    if significance.verdict is ChangeVerdict.UNCHANGED:
        return f"equal on all {items}"
    if paired.low is None or paired.high is None:
        return f"{paired.method}; {items}"
    ends = difference_interval(paired.metric, paired.low, paired.high)
    return f"{100 * paired.level:g} % interval {ends}{difference_unit(paired.metric)} on {items}"


def ledger_lines(change: ScoreChange) -> list[Line]:
    """The ledger, rounded so that the parts shown add up to the change shown; none where no item is in both."""
    if not change.shared:
        return []
    sizes = rounded_parts(change.metric, [entry.change for entry in change.entries], change.change)
    lines, score = [], change.before
    for entry, size in zip(change.entries, sizes, strict=True):
        lines.append(Line(entry.part.value, _items(entry), size, score, score + entry.change))
        score += entry.change
    return lines


def total_change(change: ScoreChange) -> str:
    """The change as it is shown: the sum of the lines' changes."""
    return rounded_parts(change.metric, [change.change], change.change)[0]


def score_title(score: ComparedScore) -> str:
    """A metric, its slice, and its values before and after."""
    change = score.change
    before, after = metric_value(change.metric, change.before), metric_value(change.metric, change.after)
    if not change.shared:
        return f"{change.metric}, {change.slice}: {before} before, {after} after"
    return f"{change.metric}, {change.slice}: {before} -> {after} ({total_change(change)})"


def rows_line(table: TableChange) -> str:
    """A table's row diff in one line."""
    rows = table.rows
    if rows is None:
        return f"not compared: {table.lost}"
    parts = [f"{rows.before:,} rows before, {rows.after:,} after"]
    changes = (("added", rows.added), ("removed", rows.removed), ("changed", rows.changed))
    parts += [f"{count:,} {change}" for change, count in changes if count]
    if not rows.key:
        parts.append("whole rows compared, no key is known")
    return "; ".join(parts)


def columns_line(rows: RowDiff) -> str:
    """The columns that differ."""
    columns = [f"{name} ({count:,})" for name, count in rows.columns]
    columns += [f"{name} (added)" for name in rows.columns_added]
    return ", ".join([*columns, *(f"{name} (removed)" for name in rows.columns_removed)])


def slice_line(concentrated: Slice) -> str:
    """The value of a column that is over-represented among the rows of a change."""
    return (
        f"{concentrated.column} = {concentrated.value} is over-represented among {concentrated.change} rows: "
        f"{100 * concentrated.share:.0f} % of them, {concentrated.lift:.1f} times its share of all"
    )


def flip_line(flip: Flip) -> str:
    """An item that moved, without its id."""
    score_before = "" if flip.score_before == flip.score_after else f"{flip.score_before} -> "
    score = f", raw score {score_before}{flip.score_after}" if flip.score_after else ""
    return f"{flip.before:g} -> {flip.after:g}{score} ({flip.part.value}{', worse' if flip.worse else ''})"


def tree(explanation: Explanation) -> Iterator[tuple[int, str, bool]]:
    """The changed asset partitions from the compared versions down to the sources.

    Each comes with its depth, its name, and whether it was listed before.
    """
    by_name = {changed.name: changed for changed in explanation.changed}
    listed: set[str] = set()

    def down(name: str, depth: int) -> Iterator[tuple[int, str, bool]]:
        yield depth, name, name in listed
        if name not in listed:
            listed.add(name)
            for read in by_name[name].reads:
                yield from down(read, depth + 1)

    if explanation.changed:
        yield from down(explanation.changed[-1].name, 0)


def beyond_noise(why: Why) -> list[ComparedScore]:
    """Parts of a label that moved by more than noise."""
    return [score for score in why.parts if score.significance.verdict in MOVED]


def remarks(why: Why) -> list[str]:
    """Scores of one version only, and versions that could not be read."""
    removed = [f"removed: {name}" for name in why.only_before]
    return [*removed, *(f"added: {name}" for name in why.only_after), *why.lost]


def shown_text(text: str | None) -> str:
    """An item's text on one line; "(none)" where it is missing."""
    return "(none)" if text is None else " ".join(text.split())


def _items(entry: LedgerEntry) -> str:
    moved = [f"{count} {way}" for count, way in ((entry.up, "up"), (entry.down, "down")) if count]
    return f"{entry.items:,}" + (f" ({', '.join(moved)})" if moved else "")
