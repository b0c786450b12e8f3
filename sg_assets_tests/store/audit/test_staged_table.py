"""A staged table's demands may look at what it is made of, however far back, and at what it would replace."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import Ancestry, StagedTable
from sg_assets.store.contracts import Contract
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, recipe, step, writing


@dataclass(frozen=True)
class Looking:
    """Keeps what it can see."""

    reads: str = "raw/first"
    seen: list[tuple[int | None, int | None]] = field(default_factory=list)
    names: tuple[str, ...] = ()
    demands: Sequence[object] = ()

    def files(self, ancestry: Ancestry) -> list[Path]:
        published = ancestry.published
        return [*ancestry.tables(self.reads), *([] if published is None else [published])]

    def evaluate(self, staged: StagedTable) -> list[AuditResult]:
        assert staged.ancestry is not None
        published = staged.ancestry.published
        rows = None
        if staged.can_read(self.reads):
            rows = staged.connection.execute(f"SELECT count(*) FROM {self.reads.replace('/', '.')}").fetchall()[0][0]
        self.seen.append((None if published is None else pl.read_parquet(published).height, rows))
        return []


def looked(store: Store, looking: Looking, rows: int = 3, inputs: Sequence[str] = (), run_id: str = "1") -> None:
    asked = recipe(contract=Contract(("id",), suites=(looking,)), rows=rows)
    step(store, "raw/last", writing(ROWS.head(rows)), inputs, run_id, asked)


def test_what_is_published_is_what_would_be_replaced(store: Store) -> None:
    looking = Looking()
    looked(store, looking, rows=2)
    looked(store, looking, rows=3, run_id="2")
    assert [published for published, _ in looking.seen] == [None, 2]


def test_a_version_that_another_run_publishes_meanwhile_is_not_compared_with(store: Store) -> None:
    class PublishedMeanwhile(Looking):
        def files(self, ancestry: Ancestry) -> list[Path]:
            allowed = super().files(ancestry)
            step(store, "raw/last", writing(ROWS.head(1)), run_id="2")
            return allowed

    looking = PublishedMeanwhile()
    looked(store, looking, rows=2)
    assert looking.seen == [(None, None)]


def test_what_was_made_from_other_tables_is_not_compared_with(store: Store) -> None:
    step(store, "raw/first", writing(ROWS.head(1)))
    step(store, "raw/second", writing(ROWS.head(2)), ["raw/first"])
    looking = Looking()
    looked(store, looking, rows=2)
    looked(store, looking, rows=3, inputs=["raw/second"], run_id="2")
    step(store, "raw/second", writing(ROWS), run_id="3", made_by=recipe(seed=1))  # of nothing, as from now on
    looked(store, looking, rows=2, inputs=["raw/second"], run_id="4")
    assert [published for published, _ in looking.seen] == [None, None, None]


def test_an_input_and_an_input_s_input_can_be_read(store: Store) -> None:
    step(store, "raw/first", writing(ROWS.head(1)))
    step(store, "raw/second", writing(ROWS.head(2)), ["raw/first"])
    far, near = Looking("raw/first"), Looking("raw/second")
    looked(store, far, inputs=["raw/second"])
    looked(store, near, rows=2, inputs=["raw/second"], run_id="2")
    assert [suite.seen[-1] for suite in (far, near)] == [(None, 1), (3, 2)]


def test_the_version_that_was_read_counts_not_the_one_that_is_current(store: Store) -> None:
    step(store, "raw/first", writing(ROWS.head(1)))
    step(store, "raw/second", writing(ROWS.head(2)), ["raw/first"])
    step(store, "raw/first", writing(ROWS), run_id="2", made_by=recipe(seed=1))
    looking = Looking()
    looked(store, looking, inputs=["raw/second"], run_id="3")
    assert looking.seen == [(None, 1)]


def test_what_is_no_ancestor_cannot_be_read(store: Store) -> None:
    step(store, "raw/first", writing(ROWS))
    looking = Looking()
    looked(store, looking)
    assert looking.seen == [(None, None)]


@dataclass(frozen=True)
class Bounds:
    """Keeps what the database may use."""

    seen: list[tuple[str, int, str]] = field(default_factory=list)
    names: tuple[str, ...] = ()
    demands: Sequence[object] = ()

    def files(self, _: Ancestry) -> list[Path]:
        return []

    def evaluate(self, staged: StagedTable) -> list[AuditResult]:
        names = ("memory_limit", "threads", "temp_directory")
        settings = ", ".join(f"current_setting('{name}')" for name in names)
        self.seen.extend(staged.connection.execute(f"SELECT {settings}").fetchall())
        return []


def test_demands_are_looked_at_in_bounded_memory_and_spill_to_scratch(store: Store) -> None:
    bounds = Bounds()
    step(store, "raw/last", writing(ROWS), made_by=recipe(contract=Contract(("id",), suites=(bounds,))))
    [(memory, threads, spilled)] = bounds.seen
    assert memory == "953.6 MiB", "DuckDB tells 1 GB so"
    assert threads <= 4
    assert Path(spilled).is_relative_to(store.staging)
