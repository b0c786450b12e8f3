"""How much the whole programme costs over one plain script that does the same work (`plain.py`).

Ours is ``sg-assets run`` from nothing: Dagster, versions, manifests, checks, fingerprints, caches, objectives, the
pictures, model cards, the page. The plain script makes the same calls without any of it, with as many at a time. Each
runs in a process of its own, one after the other, and their scores must be equal to the last bit. Processor seconds
are of everything a run started; wall seconds count only where nothing else runs on the machine.

Run: ``python benchmarks/demo.py [--profile demo] [--rounds N]``. Tiny takes two minutes, demo a quarter of an hour. A
third of the tiny profile is overhead by nature: its work is seconds.
"""

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from plain import NUMBERS
from polars.testing import assert_frame_equal
from quality import import_seconds

from sg_assets.declarations.asset_names import ITEMS, OBJECTIVES
from sg_assets.store.store import Store

PROJECT = Path(__file__).parents[1]
ALLOWED = {"tiny": 1.8, "demo": 1.15}
"""By profile; of wall seconds."""


@dataclass(frozen=True)
class Spent:
    """Seconds."""

    wall: float
    processor: float


def spent(command: list[str], environment: dict[str, str]) -> Spent:
    """Run a command; returns the time of all its processes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, cwd=PROJECT)
    wall = time.perf_counter() - started
    while True:  # processes forked from a server are ours once that is gone
        try:
            os.wait()
        except ChildProcessError:
            break
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def checks_seconds(store: Store) -> float:
    """What looking at staged tables took, over all versions of a store."""
    versions = [manifest for ref in store.refs() for manifest in store.versions(ref)]
    return sum(manifest.checks_seconds or 0.0 for manifest in versions)


def ours(profile: str, folder: Path) -> tuple[Spent, pl.DataFrame]:
    environment = {**os.environ, "SG_PROFILE": profile, "SG_HOME": str(folder), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", "run"]
    took = spent(command, environment)
    store = Store(folder / profile / "store", profile)
    checks, imports = checks_seconds(store), import_seconds(repeats=1)
    print(
        f"checks: {checks:.1f} s and one import of Great Expectations, {imports:.1f} s; "
        f"{(checks + imports) / took.wall:.1%} of the wall time if nothing else ran at the same time"
    )
    heads = [store.required_head(ref) for ref in store.refs() if ref.schema == "scores"]
    scores = [head for head in heads if head.asset != OBJECTIVES and not head.ref.table.endswith(ITEMS)]
    frames = [
        pl.read_parquet(store.path(head)).with_columns(benchmark=pl.lit(head.ref.table)).select(NUMBERS)
        for head in scores
    ]
    return took, pl.concat(frames)


def plain(profile: str, folder: Path) -> tuple[Spent, pl.DataFrame]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    took = spent([sys.executable, str(PROJECT / "benchmarks" / "plain.py"), profile, str(folder)], environment)
    return took, pl.read_parquet(folder / "scores.parquet")


def compared(profile: str, folder: Path) -> tuple[Spent, Spent]:
    """What ours and the plain script took, their scores equal."""
    (own, scores), (script, expected) = ours(profile, folder / "ours"), plain(profile, folder / "plain")
    order = list(NUMBERS[:4])
    assert_frame_equal(scores.select(NUMBERS).sort(order), expected.select(NUMBERS).sort(order), check_exact=True)
    print(
        f"{expected.height} scores, equal: ours {own.wall:.1f} s (processor {own.processor:.1f}), "
        f"plain {script.wall:.1f} s (processor {script.processor:.1f})",
        flush=True,
    )
    return own, script


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", choices=sorted(ALLOWED), default="tiny")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    # Linux: what loses its parent becomes ours, so that its processor seconds are counted
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    rounds = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as scratch:
            rounds.append(compared(options.profile, Path(scratch)))
    wall, processor = (
        min(getattr(own, kind) for own, _ in rounds) / min(getattr(script, kind) for _, script in rounds)
        for kind in ("wall", "processor")
    )
    allowed = ALLOWED[options.profile]
    print(f"{options.profile}: ratio {wall:.2f} wall, {processor:.2f} processor (allowed {allowed} wall)")
    return 0 if wall <= allowed else 1


if __name__ == "__main__":
    sys.exit(main())
