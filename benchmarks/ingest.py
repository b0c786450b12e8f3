"""Reading a large folder of comments: time and peak memory, compared with bare DuckDB on the same files.

``python benchmarks/ingest.py --gb 5``. DuckDB alone neither masks, nor normalises, nor counts what it drops: the ratio
says what that costs, the peak that it stays bounded.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WORDS = ("today", "makan", "laksa", "shiok", "lah", "kopi", "queue", "uncle", "cannot", "block 42", "好吃", "😀")
FILE_BYTES = 256 << 20


def make_folder(folder: Path, gigabytes: float) -> None:
    """Distinct comments of about 300 bytes, one in ten a repeat, a few with personal data."""
    chance = random.Random(0)
    number, size = 0, 0
    while size < gigabytes * 1e9:
        path = folder / f"{number:05d}.jsonl"
        with path.open("w", encoding="utf-8") as file:
            while file.tell() < min(FILE_BYTES, gigabytes * 1e9 - size):
                file.writelines(line(chance, number * 10_000_000 + offset) for offset in range(2000))
                number += 1
        size += path.stat().st_size


def line(chance: random.Random, number: int) -> str:
    text = " ".join(chance.choices(WORDS, k=50)) + (f" {number:x}" if number % 10 else "")
    if number % 50 == 7:
        text += " call 9123 4567 or mail someone@example.com"
    return json.dumps({"body": text, "subreddit": "demo", "score": number % 7}, ensure_ascii=False) + "\n"


def ours(folder: Path, out: Path) -> str:
    from sg_assets.ingest.forum import ColumnNames, read_comments

    names = ColumnNames(text=("body",), source=("subreddit",))
    return str(read_comments(folder, names, out / "comments.parquet", out / "rejects.parquet"))


def bare(folder: Path, out: Path) -> str:
    import duckdb

    with duckdb.connect(config={"memory_limit": "1500MB", "preserve_insertion_order": False}) as connection:
        connection.execute(
            f"COPY (SELECT left(sha256(body), 16) AS text_id, body, subreddit FROM read_json('{folder}/*.jsonl')) "
            f"TO '{out}/bare.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    return ""


CASES: dict[str, Callable[[Path, Path], str]] = {"sg_assets": ours, "bare duckdb": bare}


def measured(case: str, folder: Path, out: Path) -> tuple[float, int, str]:
    """Seconds, peak MB and words of one case, in its own process."""
    command = [sys.executable, __file__, "--case", case, "--folder", str(folder), "--out", str(out)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak, counts = ended.stdout.split("\t")
    return float(seconds), int(peak), counts.strip()


def run_case(case: str, folder: Path, out: Path) -> None:
    begun = time.perf_counter()
    counts = CASES[case](folder, out)
    seconds = time.perf_counter() - begun
    # Not getrusage: its peak is inherited from the process that started this one.
    (peak,) = re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    print(f"{seconds:.3f}\t{int(peak) // 1024}\t{counts}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gb", type=float, default=1.0)
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if asked.case:
        run_case(asked.case, asked.folder, asked.out)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder, out = Path(scratch) / "dumps", Path(scratch) / "out"
        folder.mkdir()
        out.mkdir()
        make_folder(folder, asked.gb)
        results = {case: measured(case, folder, out) for case in reversed(CASES)}
        baseline = results["bare duckdb"][0]
        print(f"{sum(path.stat().st_size for path in folder.iterdir()) / 1e9:.2f} GB of JSONL")
        for case, (seconds, peak, counts) in results.items():
            print(f"{case:12} {seconds:7.1f} s  {seconds / baseline:5.2f}x  peak {peak} MB  {counts}")


if __name__ == "__main__":
    main()
