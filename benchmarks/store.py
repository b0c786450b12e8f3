"""What a step costs over the bare engines: time and peak memory of templating and of writing rows.

Run it with ``make bench``. Every measurement is a process of its own. They are repeated in turn and the quickest
counts, because other work on the machine only ever adds time. The bare engines write with their own defaults for zstd;
`tuned` is DuckDB with the options a step writes with.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table
from ulid import ULID

from sg_assets.store.contracts import Contract
from sg_assets.store.engine import PARQUET, add_views, connect, literal
from sg_assets.store.manifests import Code
from sg_assets.store.refs import Ref
from sg_assets.store.step import Recipe, Workspace, run_step
from sg_assets.store.store import Store

TEMPLATES = 21
TEXTS, TEMPLATED, ROWS = map(Ref.parse, ("raw/sg_toxicity_prompts", "templated/templates", "raw/rows"))
CASES = {"template 168k": 168_000, "template 10M": 10_000_000, "write 5M": 5_000_000}
PROMPTS_SQL = (Path(__file__).parents[1] / "sql" / "templated" / "prompts.sql").read_text(encoding="utf-8")
ROWS_SQL = "SELECT * FROM raw.rows"
PARAMETERS = {"seed": 7, "texts_per_label": 10_000_000}


def prepare(store: Store, case: str) -> None:
    """Publish what is read: texts and templates, or rows with texts of the same kind."""
    words = "list_transform(range(10 + i % 12), lambda x: substr(md5((i * 31 + x)::VARCHAR), 1, 3 + (i + x) % 6))"
    text = f"array_to_string({words}, ' ') AS text"
    if case == "write 5M":
        _publish(store, ROWS, f"i AS row_id, {text}, i % 97 / 3 AS score", CASES[case])
        return
    label = "if(i % 2 = 0, 'safe', 'unsafe') AS label"
    template = "'In tone ' || i || ', rewrite this comment: {text} Then say why it was written.' AS template"
    _publish(store, TEXTS, f"'t' || lpad(i::VARCHAR, 8, '0') AS text_id, {text}, {label}", CASES[case] // TEMPLATES)
    _publish(store, TEMPLATED, f"'t' || i AS template_id, {template}, true AS safe_ok", TEMPLATES)


def _publish(store: Store, ref: Ref, columns: str, rows: int) -> None:
    _step(store, ref, [], (), lambda space: space.write_query(f"SELECT {columns} FROM range({rows}) AS r(i)", {}))


def _step(store: Store, ref: Ref, inputs: list[Ref], key: tuple[str, ...], work: Callable[[Workspace], None]) -> None:
    recipe = Recipe(Code(fingerprint="bench", texts={}), {}, PARAMETERS, ("duckdb",), Contract(key))
    run_step(store, ref, inputs, recipe, work, run_id="bench", log=lambda _: None)


def by_step(store: Store, case: str) -> None:
    """Pin, work, fingerprint, audit the key, publish."""
    ref = Ref.parse(f"bench/t{ULID()}".lower())  # nothing was published of it yet
    if case == "write 5M":
        _step(store, ref, [ROWS], ("row_id",), lambda space: space.write_query(ROWS_SQL, {}))
    else:
        inputs = [TEXTS, TEMPLATED]
        _step(store, ref, inputs, ("prompt_id",), lambda space: space.write_query(PROMPTS_SQL, PARAMETERS))


def by_duckdb(store: Store, case: str, options: str = "FORMAT parquet, COMPRESSION zstd") -> None:
    """The same SQL into a Parquet file, in whatever order is quickest."""
    sql, parameters = (ROWS_SQL, {}) if case == "write 5M" else (PROMPTS_SQL, PARAMETERS)
    inputs = {ref.asset: [store.path(store.required_head(ref))] for ref in store.refs() if ref.schema != "bench"}
    with connect() as connection:
        add_views(connection, inputs)
        connection.execute(f"COPY ({sql}\n) TO {literal(store.staging / 'duckdb.parquet')} ({options})", parameters)


def by_tuned_duckdb(store: Store, case: str) -> None:
    """The same, with the options a step writes with."""
    by_duckdb(store, case, PARQUET)


def by_polars(store: Store, case: str) -> None:
    """The same rows from a plan written by hand, without the SQL's sampling, which takes every text here."""

    def scan(ref: Ref) -> pl.LazyFrame:
        return pl.scan_parquet(store.path(store.required_head(ref)))

    rows = scan(ROWS) if case == "write 5M" else _templated(scan(TEXTS), scan(TEMPLATED))
    rows.sink_parquet(store.staging / "polars.parquet", compression="zstd")


def _templated(texts: pl.LazyFrame, templates: pl.LazyFrame) -> pl.LazyFrame:
    pairs = texts.join(templates, how="cross").filter(pl.col("safe_ok") | (pl.col("label") == "unsafe"))
    prompt = pl.col("template").str.replace("{text}", pl.col("text"), literal=True).alias("prompt")
    prompt_id = (pl.col("text_id") + ":" + pl.col("template_id")).alias("prompt_id")
    return pairs.select(prompt_id, "text_id", "template_id", "label", prompt)


ENGINES = {"step": by_step, "duckdb": by_duckdb, "tuned": by_tuned_duckdb, "polars": by_polars}


def measure(engine: str, store: Store, case: str) -> dict[str, float]:
    """Seconds, and peak gigabytes of this process."""
    store.staging.mkdir(exist_ok=True)
    begun = time.perf_counter()
    ENGINES[engine](store, case)
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def apart(*arguments: str) -> str:
    """What this script prints in a process of its own."""
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def compare(case: str, repeat: int) -> list[str]:
    """A row of the table."""
    measured_by_engine: dict[str, list[dict[str, float]]] = {engine: [] for engine in ENGINES}
    with tempfile.TemporaryDirectory() as folder:
        apart("--prepare", case, "--folder", folder)
        for _ in range(repeat):
            for engine in ENGINES:
                measured_by_engine[engine].append(
                    json.loads(apart("--measure", engine, "--case", case, "--folder", folder))
                )
    seconds = {engine: min(run["seconds"] for run in measured_by_engine[engine]) for engine in ENGINES}
    ratios = [seconds["step"] / seconds[engine] for engine in ENGINES if engine != "step"]
    memory = max(run["gigabytes"] for run in measured_by_engine["step"])
    return [case, *(f"{number:.2f}" for number in [*seconds.values(), *ratios, memory])]


def main() -> None:
    """Compare all cases, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", choices=CASES, help="by default all")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--prepare", choices=CASES, help=argparse.SUPPRESS)
    parser.add_argument("--measure", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        prepare(Store(asked.folder, "demo"), asked.prepare)
    elif asked.measure:
        print(json.dumps(measure(asked.measure, Store(asked.folder, "demo"), asked.case)))
    else:
        others = [engine for engine in ENGINES if engine != "step"]
        table = Table(
            "", *(f"{engine} s" for engine in ENGINES), *(f"step / {engine}" for engine in others), "step GB", box=None
        )
        for case in [asked.case] if asked.case else CASES:
            table.add_row(*compare(case, asked.repeat))
        Console(width=120).print(table)


if __name__ == "__main__":
    main()
