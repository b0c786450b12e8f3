"""The results table as values, apart from how it is shown: one row per declared variant, one estimate per metric."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from sg_assets.errors import SgAssetsError, nearest

Unit = Literal["share", "score", "cosine"]
"""How values are written: a share in per cent, a score from 0 to 100 as it is, a cosine with two digits."""


@dataclass(frozen=True)
class MetricColumn:
    """One column of the table: which score it shows, and how to read it."""

    benchmark: str
    """Benchmark the score belongs to, for example ``sg_safety``."""
    metric: str
    """Metric in ``scores/*``, a rate."""
    slice: str
    """Slice of the metric: which prompts it is about."""
    title: str
    """Heading people read."""
    better: Literal["lower", "higher"]
    """Which way is good."""
    headline: bool = False
    """Whether it is one of the few numbers that stand for the whole."""
    axis: Literal["x", "y"] | None = None
    """Its axis in the picture that sets one score against another."""
    unit: Unit = "share"
    """How its values are written."""


@dataclass(frozen=True)
class VariantNote:
    """What the report says about a declared variant, scored or not."""

    variant: str
    """Partition key."""
    description: str
    """One line from its declaration."""
    method: str
    """none, sft, kto or dpo."""


@dataclass(frozen=True)
class VersionNote:
    """One published version of a score, for the list numbers point to."""

    version: str
    """Version id, as in ``Estimate.version``."""
    asset: str
    """Asset key, for example ``scores/sg_safety``."""
    partition: str
    """Variant."""
    made: str
    """When it was made, as the manifest has it."""
    remark: str = ""
    """What a reader must know to compare it, for example "other judge: not comparable"."""


@dataclass(frozen=True)
class Estimate:
    """One number with its uncertainty and its origin."""

    value: float
    """A share between 0 and 1, or what ``unit`` says."""
    low: float | None
    """Lower end of the interval; None where ``method`` says why there is none."""
    high: float | None
    """Upper end of the interval; None as for ``low``."""
    n: int
    """Items behind the value."""
    clusters: int
    """Independent groups of items behind it (source texts)."""
    level: float
    """Confidence level, a share."""
    method: str
    """How the interval was made."""
    version: str
    """Version of the score the number is from."""
    remark: str = ""
    """Why it cannot be compared with the others of its column; else empty."""
    unit: Unit = "share"
    """How it is written."""
    runs: tuple[float, ...] = ()
    """The same of every training of the variant, this one first; empty where there was one."""
    machine: str = ""
    """The remark on a number that was made on another kind of machine than the others of its column."""


@dataclass(frozen=True)
class ResultRow:
    """One variant."""

    variant: str
    """Partition key."""
    description: str
    """One line from its declaration."""
    method: str
    """none, sft, kto or dpo."""
    estimates: Mapping[MetricColumn, Estimate | None]
    """An entry per column of the table; None is "not scored"."""

    @property
    def versions(self) -> tuple[str, ...]:
        """Version ids its numbers are from, in column order, each once."""
        return tuple(dict.fromkeys(estimate.version for estimate in self.estimates.values() if estimate))


@dataclass(frozen=True)
class Results:
    """The whole table."""

    columns: tuple[MetricColumn, ...]
    """Columns in the order shown."""
    rows: tuple[ResultRow, ...]
    """Rows in the order the variants are declared."""

    @property
    def headlines(self) -> "Results":
        """Only the columns that stand for the whole; all, where none is said to."""
        shown = tuple(column for column in self.columns if column.headline)
        return replace(self, columns=shown or self.columns)

    def of(self, benchmark: str) -> "Results":
        """Only the columns of one benchmark."""
        return replace(self, columns=tuple(column for column in self.columns if column.benchmark == benchmark))

    @property
    def drawable(self) -> "Results":
        """Only the columns on a scale from 0 to 100: shares and scores."""
        return replace(self, columns=tuple(column for column in self.columns if column.unit != "cosine"))

    @property
    def likeness(self) -> "Results":
        """Only the columns of cosines."""
        return replace(self, columns=tuple(column for column in self.columns if column.unit == "cosine"))

    @property
    def benchmarks(self) -> tuple[str, ...]:
        """The benchmarks of the columns, in their order."""
        return tuple(dict.fromkeys(column.benchmark for column in self.columns))

    @property
    def remarks(self) -> tuple[tuple[str, str], ...]:
        """Variant and remark of numbers that cannot be compared, each once."""
        cells = ((row.variant, row.estimates[column]) for row in self.rows for column in self.columns)
        return tuple(
            dict.fromkeys((variant, estimate.remark) for variant, estimate in cells if estimate and estimate.remark)
        )

    @property
    def machines(self) -> tuple[tuple[str, str], ...]:
        """Variant and remark of numbers that were made on another kind of machine, each once."""
        cells = ((row.variant, row.estimates[column]) for row in self.rows for column in self.columns)
        return tuple(
            dict.fromkeys((variant, estimate.machine) for variant, estimate in cells if estimate and estimate.machine)
        )

    @property
    def levels(self) -> tuple[float, ...]:
        """Confidence levels that occur, lowest first; normally one."""
        estimates = (row.estimates[column] for row in self.rows for column in self.columns)
        return tuple(sorted({estimate.level for estimate in estimates if estimate}))


FACTS = ("value", "low", "high", "n", "clusters", "level", "method", "version")
"""Score columns an ``Estimate`` is made of."""

KEY = ("benchmark", "variant", "metric", "slice")
"""What one score row is about."""


def results(scores: pl.DataFrame, variants: Sequence[VariantNote], columns: Sequence[MetricColumn]) -> Results:
    """Lay scores out by variant and column.

    Args:
        scores: rows of ``scores/*`` with columns more: ``benchmark``, ``version`` and, where some do not compare with
            others, ``remark``, where some were made on another kind of machine, ``machine``, where some were trained
            several times, ``runs``. Scores of metrics that no column shows are left out.
        variants: the declared variants, in the order to show. One without scores is kept, as "not scored".
        columns: what to show.

    Raises:
        SgAssetsError: a column is missing, a variant is declared twice, a score is of no declared variant, has no
            version, or occurs twice (two versions of one score in one table).
    """
    _check_variants([note.variant for note in variants])
    shown = _shown(scores, columns)
    _check_scores(shown, [note.variant for note in variants])
    _check_shares(shown, columns)
    units = {(column.benchmark, column.metric, column.slice): column.unit for column in columns}
    estimates = {
        tuple(row[name] for name in KEY): _estimate(row, units[row["benchmark"], row["metric"], row["slice"]])
        for row in shown.iter_rows(named=True)
    }
    rows = (
        ResultRow(
            variant=note.variant,
            description=note.description,
            method=note.method,
            estimates={
                column: estimates.get((column.benchmark, note.variant, column.metric, column.slice))
                for column in columns
            },
        )
        for note in variants
    )
    return Results(columns=tuple(columns), rows=tuple(rows))


def _estimate(row: Mapping[str, Any], unit: Unit) -> Estimate:
    facts = {name: row[name] for name in FACTS}
    remarks = {name: row.get(name, "") for name in ("remark", "machine")}
    return Estimate(**facts, **remarks, unit=unit, runs=tuple(row.get("runs") or ()))


def _shown(scores: pl.DataFrame, columns: Sequence[MetricColumn]) -> pl.DataFrame:
    """The scores some column shows."""
    missing = [name for name in (*KEY, *FACTS) if name not in scores.columns]
    if missing:
        raise SgAssetsError(f"scores have no column {', '.join(missing)}", why=f"needed: {', '.join((*KEY, *FACTS))}")
    about = ("benchmark", "metric", "slice")
    wanted = pl.DataFrame(
        [(column.benchmark, column.metric, column.slice) for column in columns],
        schema=dict.fromkeys(about, pl.String),
        orient="row",
    )
    return scores.join(wanted, on=about, how="semi").sort(KEY)


def _check_variants(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise SgAssetsError(f"variant {name} is declared twice")
        seen.add(name)


def _check_shares(shown: pl.DataFrame, columns: Sequence[MetricColumn]) -> None:
    """What is written in per cent is a share."""
    shares = [(column.benchmark, column.metric, column.slice) for column in columns if column.unit == "share"]
    named = pl.DataFrame(shares, schema=dict.fromkeys(KEY[:1] + KEY[2:], pl.String), orient="row")
    stray = shown.join(named, on=named.columns, how="semi").filter(~pl.col("value").is_between(0, 1))
    if not stray.is_empty():
        benchmark, variant, metric, slice_ = stray.select(KEY).row(0)
        raise SgAssetsError(
            f"{metric} on {slice_} of {variant} in {benchmark} is {stray['value'][0]:.4g}, no share",
            why="the table writes its values in per cent",
            remedy="Show a metric that is a share",
        )


def _check_scores(shown: pl.DataFrame, names: Sequence[str]) -> None:
    unknown = shown.filter(~pl.col("variant").is_in(names))
    if not unknown.is_empty():
        name = unknown["variant"][0]
        raise SgAssetsError(f"scores of undeclared variant {name}", remedy=nearest(name, names))
    if shown["version"].null_count():
        raise SgAssetsError("a score has no version", why="every number shown names the version it is from")
    twice = shown.filter(pl.struct(KEY).is_duplicated())
    if not twice.is_empty():
        benchmark, variant, metric, slice_ = twice.select(KEY).row(0)
        raise SgAssetsError(
            f"{metric} on {slice_} of {variant} occurs more than once in {benchmark}",
            why="a table shows one version of a score",
            remedy="Pass only the current version of each",
        )
