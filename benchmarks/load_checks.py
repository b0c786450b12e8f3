"""What comparing contents with their records costs: when they are published, read, and asked for their state.

    python benchmarks/load_checks.py

Processor time of the quickest of three; contents of random bytes.
"""

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Recipe, Workspace, run_step
from sg_assets.store.store import Store

MEGABYTES = (1, 100, 900)
SMALL = 30


def publish(store: Store, name: str, megabytes: int) -> Manifest:
    """A version of one file."""

    def work(space: Workspace) -> None:
        space.result_folder.mkdir()
        (space.result_folder / "weights").write_bytes(os.urandom(1 << 20) * megabytes)

    recipe = Recipe(Code(fingerprint="bench", texts={}), {}, {}, contract=Contract(()))
    return run_step(store, Ref.parse(name), [], recipe, work, run_id="bench", log=lambda _: None).manifest


def milliseconds(call: Callable[[], object]) -> float:
    """Processor time of a call."""
    begun = time.process_time()
    call()
    return (time.process_time() - begun) * 1000


def main() -> None:
    """Print a line for each size."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), "demo")
        for size in MEGABYTES:
            made = publish(store, f"models/m{size}", size)
            read = min(milliseconds(partial(store.path, made)) for _ in range(3))
            state = min(milliseconds(partial(store.has_content, made)) for _ in range(3))
            print(f"{size} MB: reading {read:.1f} ms, state {state:.3f} ms")
        names = [f"raw/t{number}" for number in range(SMALL)]
        spent = milliseconds(lambda: [publish(store, name, 0) for name in names])
        print(f"publishing a small version: {spent / SMALL:.1f} ms")


if __name__ == "__main__":
    main()
