"""What our definitions cost to load, over an empty Dagster project with the same assets, partitions and checks.

Run it with ``make bench``. Each is loaded in a process of its own that imports what Dagster's code server does, which
is part of loading a code location; the quickest of five counts, by wall or processor time, whichever is less. Ours may
take at most half as much again. Both are reported: a load of what was loaded before, and the first load after a change
of a declaration, which parses, binds and traces every SELECT and condition.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sg_assets.declarations.cache import FILE

LIMIT = 1.5
_TIMED = """
import time
started, used = time.perf_counter(), time.process_time()
import dagster._cli.api, dagster._grpc.server
{load}
definitions.get_repository_def()
print(min(time.perf_counter() - started, time.process_time() - used))
"""
_OURS = "from sg_assets.definitions import defs\ndefinitions = defs()"
_EMPTY = """
import dagster as dg

def asset(number):
    parts = dg.StaticPartitionsDefinition([f"p{{part}}" for part in range(12)])
    deps = [dg.AssetKey(["schema", f"asset_{{number - 1}}"])] if number else []
    @dg.asset(key=["schema", f"asset_{{number}}"], deps=deps, partitions_def=parts,
              check_specs=[dg.AssetCheckSpec(f"check_{{index}}", asset=["schema", f"asset_{{number}}"])
                           for index in range({checks} // {assets} + (number < {checks} % {assets}))])
    def made(context): ...
    return made

definitions = dg.Definitions(assets=[asset(number) for number in range({assets})])
"""
_COUNT = """
from sg_assets.definitions import defs
graph = defs().resolve_asset_graph()
keys = list(graph.get_all_asset_keys())
print(len(keys), sum(len(graph.get(key).check_keys) for key in keys))
"""


def measured(load: str, home: Path, repeats: int, *, anew: bool = False) -> float:
    """Seconds of the quickest load, once what is kept is kept; or with nothing kept."""
    times = []
    for _ in range(repeats + 1):
        times.append(float(printed(_TIMED.format(load=load), home)))
        if anew:
            (home / "demo" / FILE).unlink()
    return min(times[1:])


def printed(script: str, home: Path) -> str:
    """What a script prints."""
    command = [sys.executable, "-W", "ignore", "-c", script]
    environment = {**os.environ, "SG_PROFILE": "demo", "SG_HOME": str(home)}
    ended = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1], env=environment
    )
    return ended.stdout.strip().splitlines()[-1]


def main() -> int:
    """Measure, print, and end with 1 where the bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "demo").mkdir()
        assets, checks = map(int, printed(_COUNT, home).split())
        empty = measured(_EMPTY.format(assets=assets, checks=checks), home, repeats)
        ours, first = (measured(_OURS, home, repeats, anew=anew) for anew in (False, True))
    ratio = ours / empty
    print(f"{assets} assets, {checks} checks: ours {ours:.2f} s, empty {empty:.2f} s, {ratio:.2f} x (at most {LIMIT})")
    print(f"The first load after a change: {first:.2f} s, {first / empty:.2f} x")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
