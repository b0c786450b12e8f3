"""kill -9 of the run process, of the job, and of both, at random moments. ``SG_KILLS=100`` makes it a soak."""

import os
import random
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from sg_assets.training.checkpoints import discard
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data, killing

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("SG_KILLS", "10"))
METHODS = ("sft", "kto", "dpo")
VICTIMS = ("run", "job", "both")
Made = Callable[[str], tuple[str, float]]


@pytest.fixture(scope="module")
def server() -> ForkServerContext:
    return killing.server()


@pytest.fixture(scope="module")
def specs(folder: Path, base: Path) -> dict[str, TrainingSpec]:
    made = {}
    for method in METHODS:
        made[method] = data.spec(method, base, folder / f"{method}.parquet", folder / "unused", epochs=4.0)  # type: ignore[arg-type]
    return made


@pytest.fixture(scope="module")
def undisturbed(
    server: ForkServerContext, specs: dict[str, TrainingSpec], tmp_path_factory: pytest.TempPathFactory
) -> Made:
    """The fingerprint of a method's undisturbed adapter, and the seconds it took."""
    done: dict[str, tuple[str, float]] = {}

    def once(method: str) -> tuple[str, float]:
        if method not in done:
            home = killing.home(tmp_path_factory.mktemp("undisturbed") / method, specs[method])
            begun = time.monotonic()
            finish(server, home)
            done[method] = home.versions()[0].fingerprint, time.monotonic() - begun
        return done[method]

    return once


def finish(server: ForkServerContext, home: killing.Home) -> None:
    process = killing.start(server, home)
    process.join(120)
    assert process.exitcode == 0, home.log


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_training_ends_as_an_undisturbed_one(
    server: ForkServerContext, specs: dict[str, TrainingSpec], undisturbed: Made, tmp_path: Path, number: int
) -> None:
    method, victim = METHODS[number % 3], VICTIMS[number // 3 % 3]
    fingerprint, seconds = undisturbed(method)
    home = killing.home(tmp_path / "home", specs[method])
    process = killing.start(server, home)
    killing.wait_for_job(home, process)
    time.sleep(random.Random(number).uniform(0, seconds))
    if victim != "job":
        killing.kill(process.pid)
    if victim != "run":
        killing.kill(home.job_pid())
    finish(server, home)  # at once: an orphan may still be at it
    process.join()
    assert [version.fingerprint for version in home.versions()] == [fingerprint]
    killing.require_never_doubled(home, kills=1)
    assert discard(home.spec.kept)


def test_a_training_killed_again_and_again_gets_there(
    server: ForkServerContext, specs: dict[str, TrainingSpec], undisturbed: Made, tmp_path: Path
) -> None:
    fingerprint, seconds = undisturbed("kto")
    home = killing.home(tmp_path / "home", specs["kto"])
    for number in range(4):
        process = killing.start(server, home)
        killing.wait_for_job(home, process)
        time.sleep(random.Random(number).uniform(0.3, 0.6) * seconds)
        killing.kill(process.pid)
        process.join()
    finish(server, home)
    assert [version.fingerprint for version in home.versions()] == [fingerprint]
    killing.require_never_doubled(home, kills=4)


def test_two_runs_of_one_training_train_once(
    server: ForkServerContext, specs: dict[str, TrainingSpec], undisturbed: Made, tmp_path: Path
) -> None:
    home = killing.home(tmp_path / "home", specs["dpo"])
    first = killing.start(server, home)
    killing.wait_for_job(home, first)
    finish(server, home)
    first.join(60)
    assert {version.fingerprint for version in home.versions()} == {undisturbed("dpo")[0]}
    assert "which works on the same job" in home.log
    assert "already trained, reusing the stored result" in home.log
    killing.require_never_doubled(home, kills=0)
