"""The changed asset partitions, laid out for drawing: sources on top, the result at the bottom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final

from sg_assets.lineage.walk import Explanation

WIDTH: Final = 236
HEIGHT: Final = 46
_BEND_WIDTH: Final = 8
"""Width of the free lane of an arrow that passes a row."""
_GAP_X: Final = 20
_GAP_Y: Final = 40
_MOST_SAME: Final = 3
"""Equal inputs drawn of each asset; the others are counted."""


_Bend = tuple[str, str, int]
"""The point where an arrow from an input to its reader passes the row of a depth."""
_Slot = str | _Bend


@dataclass(frozen=True)
class Box:
    """An asset partition in the picture. Lengths are in the picture's own units."""

    name: str
    """Its name."""
    lines: tuple[str, ...]
    """One line, or the asset and its partition."""
    role: str
    """cause (a cause enters here), changed, or same."""
    x: float
    """The left edge."""
    y: float
    """The upper edge."""


@dataclass(frozen=True)
class Arrow:
    """From an input to its reader."""

    path: str
    """As SVG writes paths."""
    changed: bool
    """Whether the input's content differs."""


@dataclass(frozen=True)
class Picture:
    """The whole picture."""

    width: float
    """Of everything drawn."""
    height: float
    """Of everything drawn."""
    boxes: tuple[Box, ...]
    """The asset partitions."""
    arrows: tuple[Arrow, ...]
    """From inputs to their readers."""


def picture(explanation: Explanation) -> Picture:
    """Lay out the changed asset partitions and, for orientation, a few of the unchanged inputs."""
    reads = {changed.name: (*changed.reads, *_same(changed.same)) for changed in explanation.changed}
    depth = _depths(reads, explanation)
    lanes = {(read, name): _lane(read, name, depth) for name, inputs in reads.items() for read in inputs}
    rows = _rows(depth, lanes)
    width = max((_row_width(row) for row in rows), default=0)
    corners = _corners(rows, width)
    roles = {changed.name: "cause" if changed.causes else "changed" for changed in explanation.changed}
    boxes = tuple(Box(name, _lines(name), roles.get(name, "same"), *corners[name]) for name in depth)
    arrows = tuple(
        Arrow(_path(read, lane, name, corners), changed=read in roles) for (read, name), lane in lanes.items()
    )
    return Picture(width, max(len(rows) * (HEIGHT + _GAP_Y) - _GAP_Y, 0), boxes, arrows)


def _same(names: tuple[str, ...]) -> tuple[str, ...]:
    more = len(names) - _MOST_SAME
    return names if more <= 0 else (*names[:_MOST_SAME], f"{more} more, equal")


def _depths(reads: Mapping[str, tuple[str, ...]], explanation: Explanation) -> dict[str, int]:
    """How far each is from the result, by the longest path."""
    depth: dict[str, int] = {}
    for changed in reversed(explanation.changed):  # readers come before their inputs
        depth.setdefault(changed.name, 0)
        for read in reads[changed.name]:
            depth[read] = max(depth.get(read, 0), depth[changed.name] + 1)
    return depth


def _lane(read: str, name: str, depth: Mapping[str, int]) -> tuple[_Bend, ...]:
    """A free point in each row that an arrow passes, farthest first, so that it crosses no box."""
    return tuple((read, name, level) for level in range(depth[read] - 1, depth[name], -1))


def _rows(depth: Mapping[str, int], lanes: Mapping[tuple[str, str], tuple[_Bend, ...]]) -> list[list[_Slot]]:
    """The boxes and bends of each row, sources first; within a row near their readers."""
    rows: list[list[_Slot]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    leads: dict[_Slot, list[_Slot]] = {}
    for name, level in depth.items():
        rows[level].append(name)
    for (read, name), lane in lanes.items():
        stops: list[_Slot] = [read, *lane, name]
        for start, end in pairwise(stops):
            leads.setdefault(start, []).append(end)
        for bend in lane:
            rows[bend[2]].append(bend)
    position: dict[_Slot, float] = {}
    for row in rows:
        row.sort(key=lambda slot: fmean([position[end] for end in leads.get(slot, ())] or [0.5]))
        position |= {slot: (index + 0.5) / len(row) for index, slot in enumerate(row)}
    return rows[::-1]


def _row_width(row: Sequence[_Slot]) -> float:
    return sum(WIDTH if isinstance(slot, str) else _BEND_WIDTH for slot in row) + _GAP_X * (len(row) - 1)


def _corners(rows: Sequence[Sequence[_Slot]], width: float) -> dict[_Slot, tuple[float, float]]:
    """The upper left corner of each box and bend, rows centred."""
    corners: dict[_Slot, tuple[float, float]] = {}
    for level, row in enumerate(rows):
        x = (width - _row_width(row)) / 2
        for slot in row:
            corners[slot] = (x, level * (HEIGHT + _GAP_Y))
            x += (WIDTH if isinstance(slot, str) else _BEND_WIDTH) + _GAP_X
    return corners


def _path(read: str, lane: Sequence[_Bend], name: str, corners: Mapping[_Slot, tuple[float, float]]) -> str:
    """From the lower edge of an input, straight down each lane, to the upper edge of its reader."""
    x, y = corners[read][0] + WIDTH / 2, corners[read][1] + HEIGHT
    path = f"M{x:g} {y:g}"
    stops: list[_Slot] = [*lane, name]
    for slot in stops:
        left, top = corners[slot]
        x_next = left + (WIDTH if slot == name else _BEND_WIDTH) / 2
        path += f"C{x:g} {y + _GAP_Y / 2:g} {x_next:g} {top - _GAP_Y / 2:g} {x_next:g} {top:g}"
        x, y = x_next, top
        if slot != name:
            y += HEIGHT
            path += f"V{y:g}"
    return path


def _lines(name: str) -> tuple[str, ...]:
    """The asset, and its partition under it; of two sides both partitions, or both names where the assets differ."""
    before, arrow, after = name.partition(" -> ")
    if arrow and before.partition("[")[0] != after.partition("[")[0]:
        return before, f"-> {after}"
    asset, bracket, partition = before.partition("[")
    second = f"[{partition}" if bracket else ""
    if arrow:
        second += f" -> [{after.partition('[')[2]}"
    return (asset, second) if second else (asset,)
