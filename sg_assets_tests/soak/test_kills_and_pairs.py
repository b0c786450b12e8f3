"""Whole processes are killed, and started at the same time: the heads are those of an undisturbed run, nothing is left.

``pytest -m soak`` runs all of them on the whole tiny graph; `make test` has a seeded sample of each on a part of it.
"""

import random
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.execution.dagster_home import problems
from sg_assets_tests.soak.commands import Command, Home

pytestmark = pytest.mark.timeout(3600)
PART = ("raw/forum_comments",)
"""The assets of the samples."""
HOMES, KILLS_EACH = 5, 6
"""30 kills of a process group."""
CHILD_KILLS, PAIRS = 10, 10
FIRST = ("templated/templates", "synthesized/lexicon")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, str]]:
    """The heads of a run that nothing disturbed."""
    known: dict[tuple[str, ...], dict[str, str]] = {}

    def heads(*assets: str) -> dict[str, str]:
        if assets not in known:
            home = Home(tmp_path_factory.mktemp("undisturbed"))
            home.run("run", *assets)
            known[assets] = home.heads()
        return known[assets]

    return heads


def kill_once(home: Home, assets: tuple[str, ...], chance: random.Random, *, after_checkpoint: bool) -> bool:
    """Start a run and kill its process group some time later; whether it was still running."""
    command = home.start("run", *assets)
    wait_for_work(home, command)
    if after_checkpoint:
        known = checkpoints(home)
        until = time.monotonic() + 60
        while checkpoints(home) <= known and command.process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
    time.sleep(chance.uniform(0.0, 12.0 if not assets else 1.0))
    was_running = command.process.poll() is None
    command.kill_group()
    return was_running


def wait_for_work(home: Home, command: Command) -> None:
    """Wait until a lane shows that it lives: what comes before has a test of its own."""
    while command.process.poll() is None and len(list((home.records / "processes").glob("*.json"))) < 2:
        time.sleep(0.02)


def checkpoints(home: Home) -> set[str]:
    return {path.as_posix() for path in (home.folder / "tiny/checkpoints").glob("*/*") if path.is_dir()}


def require_named_once(home: Home) -> None:
    """The next command, whatever it is, ends what the killed one left."""
    home.wait_until_quiet()
    home.run("status", "raw")
    assert home.unfinished_runs() == []


def kill_child(home: Home, assets: tuple[str, ...], chance: random.Random) -> None:
    """Kill one of the processes that a run started, by one of the signals that processes die of."""
    command = home.start("run", *assets)
    wait_for_work(home, command)
    time.sleep(chance.uniform(0.0, 12.0 if not assets else 1.0))
    children = sorted(command.descendants(), key=lambda process: process.pid)
    if children:
        chance.choice(children).send_signal(chance.choice([signal.SIGKILL, signal.SIGSEGV]))
    command.finish()
    assert "Traceback" not in command.text
    assert "memory runs out" not in command.text
    home.wait_until_quiet()
    assert home.unfinished_runs() == []  # the command itself ended what its child left


def first_starts(home: Home, delay: float, second: tuple[str, ...]) -> None:
    """Two commands at once in a home that does not exist yet."""
    commands = [home.start("run", FIRST[0])]
    time.sleep(delay)
    commands.append(home.start(*second))
    assert commands[0].finish() == 0, commands[0].text
    if second[0] == "ui":
        wait_until_served(int(second[-1]), commands[1])
        commands[1].process.send_signal(signal.SIGTERM)
    assert commands[1].finish() == 0, commands[1].text
    assert problems(home.records) == {}
    home.run("run", FIRST[1])
    home.require_clean()


def wait_until_served(port: int, command: Command) -> None:
    until = time.monotonic() + 240
    while True:
        assert command.process.poll() is None, command.text
        assert time.monotonic() < until, command.text
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return


def runs_at_once(home: Home, assets: tuple[str, ...], delay: float) -> None:
    commands = [home.start("run", *assets)]
    time.sleep(delay)
    commands.append(home.start("run", *assets))
    for command in commands:
        assert command.finish() == 0, command.text
    home.require_clean()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sample_of_a_killed_group(tmp_path: Path, undisturbed: Callable[..., dict[str, str]]) -> None:
    home = Home(tmp_path)
    assert kill_once(home, PART, random.Random(1), after_checkpoint=False)
    require_named_once(home)
    home.run("run", *PART)
    assert home.heads() == undisturbed(*PART)
    home.require_clean()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sample_of_a_killed_child(tmp_path: Path, undisturbed: Callable[..., dict[str, str]]) -> None:
    home = Home(tmp_path)
    kill_child(home, PART, random.Random(2))
    home.run("run", *PART)
    assert home.heads() == undisturbed(*PART)
    home.require_clean()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_sample_of_two_runs_at_once(tmp_path: Path, undisturbed: Callable[..., dict[str, str]]) -> None:
    home = Home(tmp_path)
    runs_at_once(home, PART, 0.0)
    assert home.heads() == undisturbed(*PART)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(HOMES))
def test_killed_groups_of_the_whole_graph(
    tmp_path: Path, undisturbed: Callable[..., dict[str, str]], number: int
) -> None:
    home, chance = Home(tmp_path), random.Random(100 + number)
    for kill in range(KILLS_EACH):
        kill_once(home, (), chance, after_checkpoint=kill % 3 == 2)
        if chance.random() < 0.5:
            require_named_once(home)
    home.run("run")
    assert home.heads() == undisturbed()
    home.require_clean()


@pytest.mark.soak
@pytest.mark.parametrize("number", range(CHILD_KILLS))
def test_a_killed_child_of_the_whole_graph(
    tmp_path: Path, undisturbed: Callable[..., dict[str, str]], number: int
) -> None:
    home = Home(tmp_path)
    kill_child(home, (), random.Random(200 + number))
    home.run("run")
    assert home.heads() == undisturbed()
    home.require_clean()


@pytest.mark.soak
@pytest.mark.parametrize("number", range(PAIRS))
def test_a_pair_of_first_starts(tmp_path: Path, number: int) -> None:
    second = ("ui", "--port", str(free_port())) if number % 3 == 2 else ("run", FIRST[1])
    first_starts(Home(tmp_path), random.Random(300 + number).uniform(0.0, 3.0), second)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(PAIRS))
def test_a_pair_of_runs_of_the_whole_graph(
    tmp_path: Path, undisturbed: Callable[..., dict[str, str]], number: int
) -> None:
    home = Home(tmp_path)
    runs_at_once(home, (), random.Random(400 + number).uniform(0.0, 20.0))
    assert home.heads() == undisturbed()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
