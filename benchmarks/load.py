"""What our definitions cost to load, over an empty Dagster project with the same assets, partitions and checks.

Run it with ``make bench``. Each is loaded in a process of its own that imports what Dagster's code server does, which
is part of loading a code location; the quickest of five counts, by wall or processor time, whichever is less. Ours may
take at most half as much again. It takes more: the empty project has no SQL, while ours parses, binds and traces every
SELECT and condition each time it loads, and imports what does that.
"""

import argparse
import subprocess
import sys
from pathlib import Path

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
    parts = dg.StaticPartitionsDefinition([f"p{{one}}" for one in range(12)])
    deps = [dg.AssetKey(["schema", f"asset_{{number - 1}}"])] if number else []
    @dg.asset(key=["schema", f"asset_{{number}}"], deps=deps, partitions_def=parts,
              check_specs=[dg.AssetCheckSpec(f"check_{{one}}", asset=["schema", f"asset_{{number}}"])
                           for one in range({checks} // {assets} + (number < {checks} % {assets}))])
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


def measured(load: str, repeats: int) -> float:
    """Seconds of the quickest load."""
    return min(float(printed(_TIMED.format(load=load))) for _ in range(repeats))


def printed(script: str) -> str:
    """What a script prints."""
    command = [sys.executable, "-W", "ignore", "-c", script]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    return ended.stdout.strip().splitlines()[-1]


def main() -> int:
    """Measure, print, and end with 1 where the bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    assets, checks = map(int, printed(_COUNT).split())
    empty = measured(_EMPTY.format(assets=assets, checks=checks), repeats)
    ours = measured(_OURS, repeats)
    ratio = ours / empty
    print(f"{assets} assets, {checks} checks: ours {ours:.2f} s, empty {empty:.2f} s, {ratio:.2f} x (at most {LIMIT})")
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
