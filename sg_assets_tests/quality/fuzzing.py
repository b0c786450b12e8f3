"""Faults drawn by a seed, column by column and in three strengths, and what the shipped checks make of each."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.revert import revert
from sg_assets_tests.quality.faults import (
    ANSWERED,
    BASE,
    COMMENTS,
    DPO,
    JUDGED,
    KTO,
    LABELLED,
    MIXED,
    PROMPTS,
    SAFE,
    SCORED,
    SFT,
    SPLITS,
    TOXIGEN,
)
from sg_assets_tests.quality.world import World

SEED = 20
STRENGTHS = (0.02, 0.2, 1.0)
"""Shares of the rows that a fault hits, one row at least."""
TABLES = (
    COMMENTS, LABELLED, TOXIGEN, PROMPTS, SPLITS, BASE, SAFE, MIXED, SFT, KTO, DPO, ANSWERED, JUDGED, SCORED,
)  # fmt: skip
WHOLE = "(the table)"
"""Stands for a column where a fault hits rows as they are."""

Values = Sequence[object]
Edit = Callable[[pl.DataFrame, list[int]], pl.DataFrame]


@dataclass(frozen=True)
class Fault:
    """One kind of fault in one column."""

    table: str
    column: str
    kind: str
    edit: Edit


@dataclass(frozen=True)
class Outcome:
    """What became of a fault at one strength."""

    stopped_by: tuple[str, ...]
    """Checks that kept the version back."""
    warned_by: tuple[str, ...]
    """Checks that only warned."""

    def __str__(self) -> str:
        if self.stopped_by:
            return "stopped"
        return "warned" if self.warned_by else "-"


def faults_of(table: str, frame: pl.DataFrame) -> Iterator[Fault]:
    """Every kind of fault that makes sense for each column of a table, and for its rows."""
    for column, dtype in frame.schema.items():
        for kind, edit in _kinds(dtype):
            yield Fault(table, column, kind, _in_column(column, edit))
    yield Fault(
        table, WHOLE, "rows lost",
        lambda frame, rows: frame.with_row_index().filter(~pl.col("index").is_in(rows)).drop("index"),
    )  # fmt: skip
    yield Fault(table, WHOLE, "rows twice", lambda frame, rows: pl.concat([frame, frame[rows]]))


def outcome(world: World, fault: Fault, strength: float) -> Outcome | None:
    """Publish a table with a fault; what was published before is current again afterwards.

    Returns:
        None where the fault changes nothing of this table.
    """
    ref = Ref.parse(fault.table)
    good = world.project.store.required_head(ref)
    frame = world.frame(fault.table).sort(good.key)
    draw = random.Random(f"{SEED} {fault.table} {fault.column} {fault.kind} {strength}")
    rows = sorted(draw.sample(range(frame.height), max(1, round(strength * frame.height))))
    edited = fault.edit(frame, rows)
    if edited.equals(frame):
        return None
    try:
        made = world.publish(fault.table, lambda _: edited).manifest
    except QuarantinedError as error:
        audit = error.candidate.audit
    else:
        audit = made.audit
        if made.version != good.version:
            revert(world.project.store, ref, good.version)
    failed = [result for result in audit if not result.passed]
    return Outcome(
        tuple(result.name for result in failed if result.stops),
        tuple(result.name for result in failed if not result.stops),
    )


def _in_column(column: str, edit: Callable[[list[object]], Values]) -> Edit:
    def edited(frame: pl.DataFrame, rows: list[int]) -> pl.DataFrame:
        values = frame[column].to_list()
        for row, value in zip(rows, edit([values[row] for row in rows]), strict=True):
            values[row] = value
        return frame.with_columns(pl.Series(column, values, dtype=frame.schema[column]))

    return edited


def _kinds(dtype: pl.DataType) -> Iterator[tuple[str, Callable[[list[object]], Values]]]:
    yield "gone", lambda values: [None] * len(values)
    yield "of another row", lambda values: [*values[1:], *values[:1]]
    if dtype == pl.String:
        yield "empty", lambda values: [""] * len(values)
        yield "cut to a tenth", _each(lambda value: str(value)[: len(str(value)) // 10])
        yield "unknown", lambda values: ["xyzzy"] * len(values)
        yield "garbled", _each(lambda value: f"\u00e2\u20ac\u2122{value}\u00ef\u00bf\u00bd")
    elif dtype.is_numeric():
        yield "a hundred times", _each(lambda value: 100 * value)
        yield "negative", _each(lambda value: -1 - value)
    elif dtype == pl.Boolean:
        yield "flipped", _each(lambda value: not value)
    elif isinstance(dtype, pl.List):
        yield "empty", lambda values: [[]] * len(values)


def _each(edit: Callable[[Any], object]) -> Callable[[list[object]], Values]:
    """The same edit of every value that is there."""
    return lambda values: [None if value is None else edit(value) for value in values]
