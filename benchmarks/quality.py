"""What the shipped expectations cost: their part of a publish, table by table, at the article's 168,000 rows.

Run it with ``make bench``. A table is audited with its columns and key alone, and with all that is expected of it, in
turn; the quickest counts, because other work on the machine only ever adds time. The published version it is held
against is the table itself. The import of Great Expectations is reported separately: a process pays it once.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from sg_assets.declarations.project_declarations import read_project
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.checks.contracts import contract_of
from sg_assets.orchestration.project import Project
from sg_assets.settings import Settings
from sg_assets.store.audit.evaluation import audit
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.contracts import Contract
from sg_assets.store.engine import PARQUET, add_views, bound_memory, connect, literal, parquet
from sg_assets.store.fingerprints import scan_table

ROOT = Path(__file__).parents[1]
TEMPLATES = 21
VOCABULARY = 20_000
LETTERS = f"translate(md5((hash(i * 31 + x) % {VOCABULARY})::VARCHAR), '0123456789', 'ghijklmnop')"
WORDS = f"list_transform(range(10 + i % 12), lambda x: substr({LETTERS}, 1, 3 + (i + x) % 6))"
TEXT = f"array_to_string({WORDS}, ' ')"
LABEL = "if({} % 2 = 0, 'safe', 'unsafe')"
ID = "lpad({}::VARCHAR, 8, '0')"
OUTCOME = "'ok' AS outcome, 'stop' AS finish"
PROMPT = "replace(template, '{text}', text) AS prompt"
CHAT = "[{{'role': '{}', 'content': {}}}]"
ONE_IN = 210
"""Of the prompts, those a benchmark asks: 800 of 168,000, all of which were trained on."""
PARTITIONS = {"training/kto_examples": "balanced", "responses/sg_safety": "sft_r128"}
KEYS = {
    "raw/forum_comments": ("text_id",), "raw/sg_toxicity_prompts": ("text_id",), "templated/prompts": ("prompt_id",),
    "templated/splits": ("prompt_id",), "synthesized/base_responses": ("prompt_id",),
    "training/kto_examples": ("example_id",), "responses/sg_safety": ("item_id",),
}  # fmt: skip
"""The tables measured."""


@dataclass(frozen=True)
class Before:
    """In place of a store's past: the published version is the table itself."""

    published: Path

    def tables(self, _: str) -> list[Path]:
        return []


def tables(rows: int) -> dict[str, str]:
    """A SELECT per table, upstream first."""
    texts = rows // TEMPLATES
    label, text_id = LABEL.format("i"), ID.format("i")
    origin = "'forum' AS source, NULL::VARCHAR AS given_split"
    score = "if(i % 2 = 0, 0.01, 0.99)::DOUBLE AS score"
    return {
        "templated/templates": "SELECT 't' || i AS template_id, true AS safe_ok, "
        f"'In tone ' || i || ', rewrite this: {{text}}' AS template FROM range({TEMPLATES}) r(i)",
        "raw/forum_comments": f"SELECT left(sha256(text), 16) AS text_id, text, {origin} "
        f"FROM (SELECT {TEXT} AS text FROM range({rows}) r(i))",
        "raw/sg_toxicity_prompts": f"SELECT {text_id} AS text_id, {TEXT} AS text, {origin}, {score}, {label} AS label "
        f"FROM range({texts}) r(i)",
        "templated/prompts": "SELECT text_id || ':' || template_id AS prompt_id, text_id, template_id, label, "
        f"{PROMPT} FROM raw.sg_toxicity_prompts, templated.templates",
        "templated/splits": "SELECT prompt_id, if(hash(text_id) % 5 = 0, 'holdout', 'train') AS split "
        "FROM templated.prompts",
        "synthesized/base_responses": f"SELECT prompt_id, prompt || ' indeed' AS response, {OUTCOME}, "
        "0.1::DOUBLE AS toxicity_score, 0.1::DOUBLE AS rejection_score FROM templated.prompts",
        "training/mix_prompts": "SELECT prompts.*, 'train' AS split FROM templated.prompts AS prompts",
        "training/kto_examples": f"SELECT prompt_id AS example_id, prompt_id, text_id, split, "
        f"{CHAT.format('user', 'prompt')} AS prompt, {CHAT.format('assistant', 'response')} AS completion, "
        "label = 'safe' AS label FROM training.mix_prompts JOIN synthesized.base_responses USING (prompt_id)",
        "training/sft_examples": "SELECT * FROM training.kto_examples",
        "responses/sg_safety": f"SELECT prompt_id AS item_id, text_id AS cluster_id, label, template_id, "
        f"reverse(prompt) AS prompt, reverse(prompt) AS response, {OUTCOME}, 'sft_r128' AS variant "
        f"FROM templated.prompts WHERE hash(prompt_id) % {ONE_IN} = 0",
    }  # fmt: skip


def write(connection: duckdb.DuckDBPyConnection, folder: Path, rows: int) -> None:
    """Each table as Parquet, readable by its name."""
    for asset, select in tables(rows).items():
        file = file_of(folder, asset)
        connection.execute(f"COPY ({select}) TO {literal(file)} ({PARQUET})")
        add_views(connection, {asset: [file]})


def file_of(folder: Path, asset: str) -> Path:
    """The file of a table."""
    return folder / f"{asset.replace('/', '.')}.parquet"


def audited(
    connection: duckdb.DuckDBPyConnection, file: Path, contract: Contract, parameters: Mapping[str, Any]
) -> tuple[float, tuple[AuditResult, ...]]:
    """The seconds of an audit, and its findings."""
    started = time.perf_counter()
    bound_memory(connection)
    scan = scan_table(connection, parquet([file]), contract.key)
    ancestry = Before(file)
    results = audit(connection, parquet([file]), scan, contract, parameters, ancestry=ancestry)  # type: ignore[arg-type]
    return time.perf_counter() - started, results


def asked_of(declared: Project, asset: str) -> tuple[Contract, Mapping[str, Any]]:
    """What is demanded of a table, and the parameters of its recipe that the demands may name."""
    partition = PARTITIONS.get(asset)
    parameters = asset_defs_of(declared)[asset].recipe(partition).parameters
    return contract_of(declared, asset, KEYS[asset], partition), parameters


def project() -> Project:
    whole = read_project(ROOT, "paper", generated_comments=False)
    settings = Settings(ROOT, "paper", Path(), None, None, None, Path())  # type: ignore[arg-type]
    return Project(settings, whole.declared, whole.graph, whole.tables)


def import_seconds(repeats: int) -> float:
    """The import of Great Expectations in a process that has all else a publish needs."""
    script = (
        "import time, sg_assets.definitions; t = time.perf_counter(); "
        "import sg_assets.execution.preload; print(time.perf_counter() - t)"
    )
    runs = (subprocess.run([sys.executable, "-c", script], capture_output=True, check=True) for _ in range(repeats))
    return min(float(run.stdout) for run in runs)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=168_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    shown = Table("table", "rows", "expectations", "columns and key, s", "and expectations, s", "more, s")
    declared = project()
    with tempfile.TemporaryDirectory() as name, connect() as connection:
        folder = Path(name)
        write(connection, folder, asked.rows)
        for asset in KEYS:
            file = file_of(folder, asset)
            whole, parameters = asked_of(declared, asset)
            both = (replace(whole, checks=(), suites=()), whole)
            pairs = [[audited(connection, file, suite, parameters)[0] for suite in both] for _ in range(asked.repeats)]
            least, most = (min(times) for times in zip(*pairs, strict=True))
            rules = len(whole.checks) + sum(len(suite.names) for suite in whole.suites)
            rows = connection.execute(f"SELECT count(*) FROM {parquet([file])}").fetchall()[0][0]
            numbers = (f"{least:.2f}", f"{most:.2f}", f"{most - least:.2f}")
            shown.add_row(asset, f"{rows:,}", str(rules), *numbers)
    Console().print(shown)
    print(f"Importing Great Expectations, once a process: {import_seconds(asked.repeats):.1f} s")


if __name__ == "__main__":
    main()
