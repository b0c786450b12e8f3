"""Checking tables of ten million rows: time and peak memory, each table in a process of its own.

``python benchmarks/quality_memory.py --rows 10000000``. Texts are those of ``benchmarks/quality.py``; what is measured
is what a publish does of a table with all that is expected of it, held against a published version of as many rows.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from quality import KEYS, asked_of, audited, file_of, project, write

from sg_assets.store.engine import add_views, bound_memory, connect, literal

MEASURED = ("raw/forum_comments", "templated/prompts", "templated/splits", "training/kto_examples")


def check(folder: Path, asset: str) -> None:
    """Check one table; prints seconds, peak MB, checks and what failed."""
    file = file_of(folder, asset)
    contract, parameters = asked_of(project(), asset)
    with tempfile.TemporaryDirectory(dir=folder) as spilled, connect() as connection:
        connection.execute(f"SET temp_directory = {literal(spilled)}")
        others = [path for path in folder.glob("*.parquet") if path != file]
        add_views(connection, {path.stem.replace(".", "/"): [path] for path in others})
        seconds, results = audited(connection, file, contract, parameters)
    # Not getrusage: its peak is inherited from the process that started this one.
    (peak,) = re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    failed = [f"{result.name} {result.observed.get('error', '')}".strip() for result in results if not result.passed]
    print(f"{seconds:.1f}\t{int(peak) // 1024}\t{len(results)}\t{', '.join(failed) or 'all passed'}")


def measured(folder: Path, asset: str) -> str:
    """A line about one table."""
    command = [sys.executable, __file__, "--case", asset, "--folder", str(folder)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    seconds, peak, checks, failed = printed.split("\t")
    return f"{asset:24} {checks:>2} checks  {seconds:>7} s  peak {peak} MB  {failed}"


def main() -> None:
    """Make the tables, check each, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--tables", nargs="+", choices=KEYS, default=MEASURED)
    parser.add_argument("--case", choices=KEYS)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.case:
        check(asked.folder, asked.case)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with connect() as connection:
            bound_memory(connection)
            write(connection, folder, asked.rows)
        for asset in asked.tables:
            print(measured(folder, asset), flush=True)


if __name__ == "__main__":
    main()
