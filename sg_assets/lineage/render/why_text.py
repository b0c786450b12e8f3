"""How a comparison is put into words: the same in the terminal, in markdown and on the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.rows.row_diff import RowDiff
from sg_assets.lineage.rows.slices import Slice
from sg_assets.lineage.scores.flips import Flip
from sg_assets.lineage.scores.ledger import Entry, ScoreChange
from sg_assets.lineage.scores.significance import MOVED, Significance, Verdict
from sg_assets.lineage.walk import Explanation
from sg_assets.lineage.why import Score, TableChange, Why

_LONGEST: Final = 60
_DECIMALS: Final = 2
CHANCE = "Where nothing changed, about one part in twenty would be called moved by chance."


@dataclass(frozen=True)
class Line:
    """One line of a ledger as it is shown."""

    what: str
    items: str
    change: str
    start: Fraction
    """The score before this part, and after it: what a waterfall draws."""
    end: Fraction


def headline(why: Why) -> str:
    """What was compared and what came of it, in one sentence."""
    explanation = why.explanation
    if explanation.equal:
        return "The two versions hold the same content: nothing to explain."
    causes = len(explanation.causes)
    moved = [one for one in why.whole if one.significance.verdict in MOVED]
    said = f"{_counted(causes, 'cause')}, {_counted(len(explanation.changed), 'asset partition')} on the way."
    if not why.whole:
        return said
    return f"{said} {len(moved)} of {len(why.whole)} scores moved by more than noise."


def value(told: Any) -> str:  # noqa: ANN401 - a cause's value is any plain data
    """A cause's value in a few words."""
    if told is None:
        return "none"
    if isinstance(told, dict):
        return _short(", ".join(f"{name}: {value(one)}" for name, one in told.items()))
    if isinstance(told, list):
        return _short(", ".join(map(value, told)))
    return _short(" ".join(str(told).split()))


def cause(one: Cause) -> str:
    """A cause in one line, without its place."""
    if one.old is None and one.new is None:
        return f"{one.kind.value} {one.name}"
    return f"{one.kind.value} {one.name}: {value(one.old)} -> {value(one.new)}"


def diff(one: Cause) -> list[str]:
    """The lines of a cause's diff; none where the values themselves say as much."""
    values = [told for told in (one.old, one.new) if isinstance(told, str)]
    in_full = len(values) == 2 and one.kind not in (Kind.SQL, Kind.CODE) and all(value(told) == told for told in values)
    return [] if in_full or one.diff is None else one.diff.splitlines()


def percent(share: Fraction | float) -> str:
    """A share in percent: "42.00 %"."""
    return f"{float(100 * share):.{_DECIMALS}f} %"


def is_rate(metric: str) -> bool:
    """Whether a metric is a share, shown in percent; by its name."""
    return metric.endswith("_rate")


def amount(change: ScoreChange, which: Fraction) -> str:
    """A value of a metric: a rate in percent, else the number."""
    return number(change.metric, which)


def number(metric: str, which: Fraction | float) -> str:
    """A value of a metric by its name: a rate in percent, else the number."""
    return percent(which) if is_rate(metric) else f"{float(which):.4g}"


def difference(one: Significance) -> str:
    """The paired difference on shared items with its interval: "+2.00 points (+1.20 to +2.80)"."""
    paired = one.paired
    if paired.difference is None:
        return "no item in both"
    scale, decimals, unit = _scale(paired.metric)
    told = f"{scale * paired.difference:+.{decimals}f}{unit}"
    if paired.low is None or paired.high is None:
        return f"{told} (no interval)"
    return f"{told} ({scale * paired.low:+.{decimals}f} to {scale * paired.high:+.{decimals}f})"


def interval(one: Significance) -> str:
    """What the verdict rests on."""
    paired = one.paired
    items = f"{paired.n_shared} shared items in {paired.clusters} texts"
    if one.verdict is Verdict.UNCHANGED:
        return f"equal on all {items}"
    if paired.low is None or paired.high is None:
        return f"{paired.method}; {items}"
    scale, decimals, unit = _scale(paired.metric)
    low, high = (f"{scale * end:+.{decimals}f}" for end in (paired.low, paired.high))
    return f"{100 * paired.level:g} % interval {low} to {high}{unit} on {items}"


def ledger_lines(change: ScoreChange) -> list[Line]:
    """The ledger, rounded so that the parts shown add up to the change shown."""
    shown = _rounded([entry.change for entry in change.entries], change)
    lines, at = [], change.before
    for entry, told in zip(change.entries, shown, strict=True):
        lines.append(Line(entry.part.value, _items(entry), told, at, at + entry.change))
        at += entry.change
    return lines


def together(change: ScoreChange) -> str:
    """The change as it is shown: the sum of the lines' changes."""
    return _rounded([], change, whole=True)[0]


def score_title(score: Score) -> str:
    """A metric, its slice, and from what to what."""
    change = score.change
    moved = f"{amount(change, change.before)} -> {amount(change, change.after)}"
    return f"{change.metric}, {change.slice}: {moved} ({together(change)})"


def rows_line(table: TableChange) -> str:
    """A table's row diff in one line."""
    rows = table.rows
    if rows is None:
        return f"not compared: {table.lost}"
    told = [f"{rows.before:,} rows before, {rows.after:,} after"]
    told += [f"{count:,} {fate}" for fate, count in _fates(rows) if count]
    if not rows.key:
        told.append("whole rows compared, no key is known")
    return "; ".join(told)


def columns_line(rows: RowDiff) -> str:
    """Which columns differ."""
    told = [f"{name} ({count:,})" for name, count in rows.columns]
    told += [f"{name} (new)" for name in rows.columns_added] + [f"{name} (gone)" for name in rows.columns_removed]
    return ", ".join(told)


def slice_line(one: Slice) -> str:
    """Where rows of a fate are concentrated."""
    return (
        f"{one.column} = {one.value} is over-represented among {one.fate} rows: {100 * one.share:.0f} % of them, "
        f"{one.lift:.1f} times its share of all"
    )


def flip_line(one: Flip) -> str:
    """An item that moved, without its id."""
    moved = "" if one.score_before == one.score_after else f"{one.score_before} -> "
    score = f", raw score {moved}{one.score_after}" if one.score_after else ""
    return f"{one.before:g} -> {one.after:g}{score} ({one.part.value}{', worse' if one.worse else ''})"


def tree(explanation: Explanation) -> Iterator[tuple[int, str, bool]]:
    """The way from the compared versions down to the sources: depth, name, and whether it was told before."""
    by_name = {one.name: one for one in explanation.changed}
    told: set[str] = set()

    def down(name: str, depth: int) -> Iterator[tuple[int, str, bool]]:
        yield depth, name, name in told
        if name not in told:
            told.add(name)
            for read in by_name[name].reads:
                yield from down(read, depth + 1)

    if explanation.changed:
        yield from down(explanation.changed[-1].name, 0)


def beyond_noise(why: Why) -> list[Score]:
    """Parts of a label that moved by more than noise."""
    return [one for one in why.parts if one.significance.verdict in MOVED]


def _fates(rows: RowDiff) -> list[tuple[str, int]]:
    return [("added", rows.added), ("removed", rows.removed), ("changed", rows.changed)]


def _items(entry: Entry) -> str:
    moved = [f"{count} {way}" for count, way in ((entry.up, "up"), (entry.down, "down")) if count]
    return f"{entry.items:,}" + (f" ({', '.join(moved)})" if moved else "")


def _scale(metric: str) -> tuple[int, int, str]:
    """How a metric's differences are written: factor, decimals, unit."""
    return (100, _DECIMALS, " points") if is_rate(metric) else (1, 4, "")


def _rounded(parts: list[Fraction], change: ScoreChange, *, whole: bool = False) -> list[str]:
    """Parts of a change as they are shown, so that they add up; or the change itself."""
    return rounded(change.metric, [change.change] if whole else parts, change.change)


def rounded(metric: str, parts: list[Fraction], total: Fraction) -> list[str]:
    """Parts of a total as they are shown, by largest remainder: what is shown adds up to the total shown."""
    scale, decimals, unit = _scale(metric)
    steps = [part * scale * 10**decimals for part in parts]
    units = [step.__floor__() for step in steps]
    by_remainder = sorted(range(len(steps)), key=lambda place: units[place] - steps[place])
    for place in by_remainder[: round(total * scale * 10**decimals) - sum(units)]:
        units[place] += 1
    return [f"{float(Fraction(one, 10**decimals)):+.{decimals}f}{unit}" for one in units]


def ends(metric: str, low: float | None, high: float | None) -> str:
    """An interval of a difference, without its unit."""
    if low is None or high is None:
        return "none"
    scale, decimals, _ = _scale(metric)
    return f"{scale * low:+.{decimals}f} to {scale * high:+.{decimals}f}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def shown_text(text: str | None) -> str:
    """An item's text on one line; what is missing is said to be."""
    return "(none)" if text is None else " ".join(text.split())
