"""Writers and readers that run in processes of their own; imported once, by the server that forks them."""

import multiprocessing
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb
import polars as pl

from sg_assets.store.catalogue import rebuild
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Output, Workspace, run_step
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import new_store, recipe, step, writing

KEPT, REJECTED = Ref.parse("raw/kept"), Ref.parse("raw/rejected")


def forking() -> ForkServerContext:
    """Starts a process in milliseconds, with everything imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def frame(value: int, rows: int) -> pl.DataFrame:
    return pl.DataFrame({"id": range(rows), "value": [value] * rows})


def write_rounds(folder: Path, name: str, writer: int, rounds: int) -> None:
    """Publish one version a round, and the catalogue with it, as a run does."""
    store = new_store(folder)
    for index in range(rounds):
        made_by, run_id = recipe(writer=writer, index=index), f"{writer}-{index}"
        step(store, name, writing(frame(writer * 1000 + index, 50 + index)), run_id=run_id, made_by=made_by)
        rebuild(store)


def read_heads(folder: Path, stop: Event) -> None:
    """Read all that is current, until told to stop."""
    store = new_store(folder)
    while not stop.is_set():
        for head in map(store.required_head, store.refs()):
            check_whole(pl.read_parquet(store.path(head)), head.rows)


def read_catalogue(folder: Path, stop: Event) -> None:
    """Read every view of the catalogue, until told to stop."""
    path = new_store(folder).home / "registry.duckdb"
    while not stop.is_set():
        if path.exists():
            with duckdb.connect(str(path), read_only=True) as reader:
                current = reader.execute("SELECT asset, sum(rows) FROM versions WHERE is_current GROUP BY asset")
                for asset, rows in current.fetchall():
                    counted = reader.execute(f"SELECT count(*) FROM {asset.replace('/', '.')}").fetchone()
                    if counted != (rows,):
                        raise AssertionError(f"{asset} has {counted} rows, not {rows}")


def check_whole(rows: pl.DataFrame, expected: int | None) -> None:
    if rows.height != expected or rows["value"].n_unique() != 1:
        raise AssertionError("a torn table")


def write_everything(folder: Path, first: int, rounds: int) -> None:
    """Publish a table, a folder and two tables of one step a round, each time with other content."""
    store = new_store(folder)
    for value in range(first, first + rounds):
        make_all(store, value)


def make_all(store: Store, value: int) -> list[Manifest]:
    """The versions of every kind that follow from one value."""

    def model(workspace: Workspace) -> None:
        workspace.result_folder.mkdir()
        for name in ("config", "weights"):
            (workspace.result_folder / name).write_text(f"{name} {value}" * 1000)

    def part(workspace: Workspace) -> None:
        workspace.write_query("SELECT * FROM raw.t WHERE id % 2 = 0", {})
        workspace.write_table(workspace.table("raw/t").filter(pl.col("id") % 2 == 1), "raw/rejected")

    run_id, made_by = str(value), recipe(value=value)
    table = step(store, "raw/t", writing(frame(value, 3000)), run_id=run_id, made_by=made_by).manifest
    folder = step(store, "models/m", model, ["raw/t"], run_id=run_id, made_by=recipe(key=(), value=value)).manifest
    parts = run_step(
        store, KEPT, [table.ref], made_by, part, extra_outputs=[Output(REJECTED, Contract(("id",)))],
        run_id=run_id, log=lambda _: None,
    )  # fmt: skip
    return [table, folder, parts.manifest, parts.extra_outputs[0].manifest]
