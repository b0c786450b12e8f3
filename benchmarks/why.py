"""What it costs to say why a number moved: time and peak memory of a row diff, and of the whole comparison.

Run it with ``make bench``. Every measurement is a process of its own and holds a bound, below; the quickest of three
counts. The time is that of the comparison, without the start of Python: wall or processor time, whichever is less,
since other work on the machine adds to the one and threads to the other. The memory is the process's. The comparison is
of two scores of 25,000 items, eight steps below their sources, after a template, a training's rank and a threshold were
edited.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sg_assets.lineage.render.why_page import page
from sg_assets.lineage.rows.row_diff import row_diff
from sg_assets.lineage.version_pair import version_pair
from sg_assets.lineage.why import why
from sg_assets.statistics.rates import estimate
from sg_assets.store.contracts import Contract
from sg_assets.store.engine import PARQUET, connect, literal
from sg_assets.store.manifests import Code
from sg_assets.store.refs import Ref
from sg_assets.store.step import Output, Recipe, Workspace, run_step
from sg_assets.store.store import Store

SCORE = Ref.parse("scores/sg_safety[sft]")
ROWS = 10_000_000
TEXTS, TEMPLATES, TRAINED, ITEMS = 8000, 21, 128_000, 25_000


@dataclass(frozen=True)
class Bound:
    """What a measurement may take."""

    seconds: float
    gigabytes: float


BOUNDS = {
    "rows, 1 % changed": Bound(15, 2),
    "rows, all changed": Bound(15, 2),
    "why": Bound(2, 0.5),
    "why as a page": Bound(2, 0.5),
}


def prepare(folder: Path, case: str) -> None:
    """Write what is compared."""
    if case.startswith("rows"):
        _write_rows(folder / "old.parquet", "0")
        _write_rows(folder / "new.parquet", "1" if case.endswith("all changed") else "if(i % 100 = 7, 1, 0)")
        return
    store = Store(folder / "store", "demo")
    for edited in (False, True):
        _build(store, edited=edited)


def _write_rows(file: Path, edit: str) -> None:
    columns = (
        "'p' || lpad(i::VARCHAR, 9, '0') AS prompt_id, 't' || (i // 21) AS text_id, 'tone' || (i % 21) AS template_id, "
        "if(i % 2 = 0, 'safe', 'unsafe') AS label, "
        f"md5((i + {edit})::VARCHAR) || ' ' || md5((i * 7)::VARCHAR) AS prompt"
    )
    with connect() as connection:
        connection.execute(f"COPY (SELECT {columns} FROM range({ROWS}) AS r(i)) TO {literal(file)} ({PARQUET})")


WORDS = "array_to_string(list_transform(range(12 + i % 9), lambda x: substr(md5((i * 31 + x)::VARCHAR), 1, 5)), ' ')"
COMMENTS = f"""
SELECT 't' || i AS text_id, {WORDS} AS text, if(i % 2 = 0, 'safe', 'unsafe') AS label FROM range({TEXTS}) AS r(i)
"""
TEMPLATED = f"""
SELECT 'tone' || i AS template_id, 'In tone ' || i || if(i = 3 AND $edited, ', kindly', '') || ': {{text}}' AS template
FROM range({TEMPLATES}) AS r(i)
"""
PROMPTS = """
SELECT text_id || ':' || template_id AS prompt_id, text_id, template_id, label,
  replace(template, '{text}', text) AS prompt
FROM raw.labelled CROSS JOIN templated.templates
"""
EXAMPLES = f"""
SELECT prompt_id AS example_id, prompt, md5(prompt) AS completion
FROM templated.prompts QUALIFY row_number() OVER (ORDER BY md5(prompt_id) DESC) <= {TRAINED}
"""
# One answer in ten depends on the adapter.
ANSWERS = f"""
SELECT prompt_id AS item_id, text_id AS cluster_id, template_id, label, prompt, 'ok' AS outcome,
  md5(prompt || if(hash(prompt) % 10 = 0, $adapter, '')) AS response
FROM templated.prompts QUALIFY row_number() OVER (ORDER BY md5(prompt_id)) <= {ITEMS}
"""
JUDGED = """
SELECT * EXCLUDE (prompt, response), (hash(response) % 1000) / 1000 AS toxicity_score,
  toxicity_score >= if($edited, 0.8, 0.82) AS is_toxic
FROM responses.sg_safety
"""
VALUES = """
WITH sliced AS (
  FROM judgements.sg_safety SELECT *, label AS slice
  UNION ALL FROM judgements.sg_safety SELECT *, label || ':template=' || template_id
)
SELECT 'toxicity_rate' AS metric, slice, item_id, cluster_id, is_toxic::DOUBLE AS value FROM sliced
UNION ALL SELECT 'broken_rate', slice, item_id, cluster_id, (toxicity_score > 0.99)::DOUBLE FROM sliced
"""


@dataclass(frozen=True)
class AssetDef:
    """A step of the comparison's past."""

    name: str
    work: Callable[[Workspace], None]
    inputs: Sequence[str] = ()
    key: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)
    extra_outputs: Sequence[Output] = ()


def _build(store: Store, *, edited: bool) -> None:
    items = Output(Ref.parse("scores/sg_safety_items[sft]"), Contract(("metric", "slice", "item_id")))
    edit = {"edited": edited}
    for table in (
        AssetDef("raw/comments", _query(COMMENTS), key=("text_id",)),
        AssetDef("raw/labelled", _query("FROM raw.comments"), ["raw/comments"], ("text_id",)),
        AssetDef("templated/templates", _query(TEMPLATED, edit), key=("template_id",), parameters=edit),
        AssetDef("templated/prompts", _query(PROMPTS), ["raw/labelled", "templated/templates"], ("prompt_id",)),
        AssetDef("training/sft_examples", _query(EXAMPLES), ["templated/prompts"], ("example_id",)),
        AssetDef("adapters/sft[sft]", _adapter, ["training/sft_examples"], parameters={"rank": 16 if edited else 32}),
        AssetDef("responses/sg_safety[sft]", _answers, ["templated/prompts", "adapters/sft[sft]"], ("item_id",)),
        AssetDef(
            "judgements/sg_safety[sft]", _query(JUDGED, edit), ["responses/sg_safety[sft]"], ("item_id",),
            {"thresholds": {"is_toxic": 0.8 if edited else 0.82}, "judges": {"is_toxic": "toxicity"}},
        ),
        AssetDef(str(SCORE), _scores, ["judgements/sg_safety[sft]"], ("metric", "slice"), extra_outputs=[items]),
    ):  # fmt: skip
        recipe = Recipe(Code(fingerprint="bench", texts={}), {}, table.parameters, (), Contract(table.key))
        refs = [Ref.parse(name) for name in table.inputs]
        run_step(
            store,
            Ref.parse(table.name),
            refs,
            recipe,
            table.work,
            extra_outputs=table.extra_outputs,
            run_id=str(edited),
            log=_silent,
        )


def _silent(_: str) -> None:
    return


def _query(sql: str, parameters: Mapping[str, object] | None = None) -> Callable[[Workspace], None]:
    return lambda space: space.write_query(sql, parameters or {})


def _adapter(space: Workspace) -> None:
    space.result_folder.mkdir()
    learned = space.inputs["training/sft_examples"][0].fingerprint
    (space.result_folder / "weights").write_text(f"{space.parameters} {learned}")


def _answers(space: Workspace) -> None:
    space.write_query(ANSWERS, {"adapter": space.inputs["adapters/sft"][0].fingerprint})


def _scores(space: Workspace) -> None:
    items = space.query(VALUES)
    space.write_table(items, "scores/sg_safety_items")
    space.write_table(estimate(items))


def measure(folder: Path, case: str) -> None:
    """One comparison in this process; prints seconds and gigabytes."""
    started, worked = time.perf_counter(), time.process_time()
    if case.startswith("rows"):
        diff = row_diff(folder / "old.parquet", folder / "new.parquet", ("prompt_id",), folder / "scratch")
        summary = f"{diff.changed:,} of {diff.after:,} rows changed"
    else:
        store = Store(folder / "store", "demo")
        explained = why(store, *version_pair(store, SCORE))
        summary = (
            f"{len(explained.explanation.causes)} causes, {len(explained.scores)} rates, {len(explained.tables)} tables"
        )
        if case.endswith("page"):
            summary += f", {len(page(explained)):,} characters"
    seconds = min(time.perf_counter() - started, time.process_time() - worked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(json.dumps({"seconds": seconds, "gigabytes": peak, "summary": summary}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs=2, metavar=("FOLDER", "CASE"), help="one measurement, in this process")
    parser.add_argument("--only", choices=["rows", "why"], help="leave out the other")
    arguments = parser.parse_args()
    if arguments.measure:
        measure(Path(arguments.measure[0]), arguments.measure[1])
        return
    table = Table("Case", "What", "Seconds", "at most", "GB", "at most", box=None)
    kept = True
    with tempfile.TemporaryDirectory() as root:
        for case, bound in BOUNDS.items():
            if arguments.only and not case.startswith(arguments.only):
                continue
            folder = Path(root) / case.replace(" ", "_").replace(",", "").replace("%", "")
            folder.mkdir()
            prepare(folder, case)
            best = min((_measured(folder, case) for _ in range(3)), key=lambda result: result["seconds"])
            kept &= best["seconds"] <= bound.seconds and best["gigabytes"] <= bound.gigabytes
            table.add_row(case, best["summary"], f"{best['seconds']:.2f}", f"{bound.seconds:g}",
                          f"{best['gigabytes']:.2f}", f"{bound.gigabytes:g}")  # fmt: skip
    Console(width=120).print(table)
    sys.exit(0 if kept else 1)


def _measured(folder: Path, case: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", str(folder), case]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


if __name__ == "__main__":
    main()
