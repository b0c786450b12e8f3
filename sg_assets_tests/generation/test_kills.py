"""Processes killed while they generate, and processes that generate at once: no stored answer is asked for again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from sg_assets.generation.generate import generate
from sg_assets_tests.generation.engines import CountingEngine, chats, numbered

pytestmark = pytest.mark.slow
KILLS = 12


def start(cache: Path, asked: Path, first: int, last: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "sg_assets_tests.generation.engines", *map(str, (cache, asked, first, last))]
    return subprocess.Popen(command)


def until_asked(asked: Path, more_than: int) -> None:
    deadline = time.monotonic() + 60
    while len(lines(asked)) <= more_than and time.monotonic() < deadline:
        time.sleep(0.005)


def lines(asked: Path) -> list[str]:
    return asked.read_text().splitlines() if asked.exists() else []


def stored(cache: Path) -> list[str]:
    """Every key of every whole line of every segment."""
    segments = [path.read_bytes() for path in cache.rglob("*.jsonl")]
    whole = b"".join(segment[: segment.rfind(b"\n") + 1] for segment in segments)
    return pl.read_ndjson(whole, schema={"key": pl.String})["key"].drop_nulls().to_list()


def finished(cache: Path, *prompts: str) -> tuple[CountingEngine, list[str]]:
    engine = CountingEngine()
    generated = generate(engine, cache, chats(*prompts), lambda _: None, run_id="last")
    return engine, generated.frame()["response"].to_list()


def test_however_often_it_is_killed_no_stored_answer_is_asked_for_again(tmp_path: Path) -> None:
    cache, asked, rng = tmp_path / "cache", tmp_path / "asked", random.Random(0)
    for _ in range(KILLS):
        before = len(lines(asked))
        with start(cache, asked, 0, 400) as process:
            until_asked(asked, before + rng.randint(0, 25))
            time.sleep(rng.random() * 0.02)
            process.kill()
    kept = stored(cache)
    assert 0 < len(kept) < 400
    engine, responses = finished(cache, *numbered(0, 400))
    assert len(engine.asked) == 400 - len(kept)
    assert responses == [prompt.upper() for prompt in numbered(0, 400)]
    assert set(Counter(stored(cache)).values()) == {1}
    # A request in flight at a kill has no stored answer: it alone is asked twice, once a kill at most.
    again = Counter(lines(asked) + engine.asked)
    assert sum(times - 1 for times in again.values()) <= KILLS


def test_processes_at_once_generate_every_key_once(tmp_path: Path) -> None:
    cache, asked = tmp_path / "cache", tmp_path / "asked"
    spans = [(0, 100), (0, 100), (50, 150)]
    processes = [start(cache, asked, *span) for span in spans]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert sorted(lines(asked)) == sorted(numbered(0, 150))
    assert len(stored(cache)) == 150


def test_who_waits_takes_over_from_who_is_killed(tmp_path: Path) -> None:
    cache, asked = tmp_path / "cache", tmp_path / "asked"
    with start(cache, asked, 0, 200) as killed:
        until_asked(asked, 10)
        with start(cache, asked, 0, 200) as waiting:
            until_asked(asked, 120)  # time for the other to start and find all keys taken
            killed.kill()
            killed.wait()
            at_kill = len(lines(asked))
            assert waiting.wait(60) == 0
    assert at_kill < 200
    repeated = {prompt: times for prompt, times in Counter(lines(asked)).items() if times > 1}
    assert sum(repeated.values()) - len(repeated) <= 1
    assert len(stored(cache)) == len(set(stored(cache))) == 200


def test_a_stopped_process_keeps_its_lease(tmp_path: Path) -> None:
    """Only the dead lose their keys: one that is merely slow is waited for."""
    cache, asked = tmp_path / "cache", tmp_path / "asked"
    with start(cache, asked, 0, 60) as slow:
        until_asked(asked, 10)
        os.kill(slow.pid, signal.SIGSTOP)
        time.sleep(0.1)
        before = len(lines(asked))
        with start(cache, asked, 0, 60) as waiting:
            time.sleep(2)
            assert (waiting.poll(), len(lines(asked))) == (None, before)
            os.kill(slow.pid, signal.SIGCONT)
            assert (slow.wait(60), waiting.wait(60)) == (0, 0)
    assert sorted(lines(asked)) == sorted(numbered(0, 60))
