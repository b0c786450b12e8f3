"""What comparing stored answers with their seals costs a step that reads a hundred thousand of them.

    python benchmarks/kept_outputs.py

Processor time of the quickest of five, of all that such a step does with answers: a key for each request, and two
readings of the segments.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sg_assets.generation.generate import generate
from sg_assets.generation.kept_outputs import intact
from sg_assets.generation.protocol import request_key
from sg_assets.store.fingerprints import json_digest

ANSWERS = 100_000
IDENTITY = {"engine": "bench"}
TEXT = "A short answer of some twenty words, as the benchmarks have them, neither long nor very short, and plain. " * 2


def main() -> None:
    """Print both times."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "answers"
        chats = [[{"role": "user", "content": f"question {number}"}] for number in range(ANSWERS)]
        write(folder, chats)
        engine: Any = SimpleNamespace(identity=IDENTITY, session={})

        def step() -> None:
            generate(engine, folder, chats, lambda _: None, run_id="bench")

        def compared() -> None:
            with intact(folder, lambda _: None):
                step()

        first = seconds(compared)
        before = min(seconds(step) for _ in range(5))
        after = min(seconds(compared) for _ in range(5))
        alone = min(seconds(lambda: opened(folder)) for _ in range(5))
        size = sum(path.stat().st_size for path in folder.rglob("*.jsonl")) / 1e6
        print(f"{ANSWERS:,} answers, {size:.0f} MB: {before:.3f} s, compared {after:.3f} s ({after / before - 1:+.1%})")
        print(f"comparing alone {alone:.3f} s; the first time, which seals them, {first:.3f} s")


def opened(folder: Path) -> None:
    """The comparison, and nothing else."""
    with intact(folder, lambda _: None):
        pass


def seconds(call: Callable[[], object]) -> float:
    """Processor time of a call."""
    with timed() as spent:
        call()
    return spent[0]


@contextmanager
def timed() -> Iterator[list[float]]:
    """A list that gets the processor time of the block."""
    spent, begun = [0.0], time.process_time()
    yield spent
    spent[0] = time.process_time() - begun


def write(folder: Path, chats: list[list[dict[str, str]]]) -> None:
    """A segment with an answer to each chat."""
    segment = folder / json_digest(IDENTITY) / "01J00000000000000000000000.jsonl"
    segment.parent.mkdir(parents=True)
    row = {"outcome": "ok", "response": TEXT, "prompt_tokens": 32, "response_tokens": 24, "finish": "stop"}
    lines = [json.dumps({"identity": IDENTITY, "session": {}, "run_id": "bench"})]
    lines += [
        json.dumps({"key": request_key(IDENTITY, chat), **row, "at": "2026-01-01T00:00:00.000000+00:00"})
        for chat in chats
    ]
    segment.write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
