"""What is recorded of a small package, by every Python that is there: 3.11 imports changed code, later ones monitor."""

import os
import subprocess
from pathlib import Path

import pytest

from sg_assets_tests.interpreters import VERSIONS, interpreter
from sg_assets_tests.tracing import records
from sg_assets_tests.tracing.records import Traced, switched_on

BUILDING = """
import os, subprocess, sys, threading
from sg_assets import work

class Workspace:
    def __init__(self, ref):
        self.ref = ref

def _work(workspace):
    return work.by_ref[workspace.ref]()

def main():
    work.before()
    for ref in ("a/plain", "a/failing", "a/again", "a/elsewhere"):
        try:
            _work(Workspace(ref))
        except OSError:
            pass
        work.between()
    sys.stdout.flush()
    os._exit(0)

def plain():
    work.shared()
    Held().doubled([1, 2])

class Held:
    size = (lambda: 2)()
    def doubled(self, values):
        return sorted(values, key=lambda value: -value)

def failing():
    raise OSError

def again():
    work.shared()
    return OSError()

def elsewhere():
    thread = threading.Thread(target=work.in_thread)
    thread.start()
    thread.join()
    if os.fork() == 0:
        work.in_fork()
        os._exit(0)
    os.wait()
    subprocess.run([sys.executable, "-m", "sg_assets.job"], check=True)

work.by_ref.update({"a/plain": plain, "a/failing": failing, "a/again": again, "a/elsewhere": elsewhere})
"""
WORK = """
by_ref = {}
def before(): pass
def between(): pass
def shared(): pass
def in_thread(): pass
def in_fork(): pass
def in_job(): pass
"""
JOB = """
from sg_assets import work
if __name__ == "__main__":
    work.in_job()
"""


@pytest.fixture(scope="module", params=VERSIONS)
def traced(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Traced:
    python = interpreter(request.param)
    folder = tmp_path_factory.mktemp("small")
    files = {
        "__init__": "",
        "definitions": "",
        "orchestration/__init__": "",
        "orchestration/asset_builder": BUILDING,
        "work": WORK,
        "job": JOB,
    }
    for name, text in files.items():
        path = folder / "sg_assets" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    records_folder = folder / "trace"
    records_folder.mkdir()
    start = "from sg_assets.orchestration.asset_builder import main; main()"
    subprocess.run([python, "-c", start], cwd=folder, env={**os.environ, **only_hook(records_folder)}, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "definition_of", lambda module, qualname, line: "")  # of another package
        return records.read_records(records_folder)


def only_hook(folder: Path) -> dict[str, str]:
    """Tracing without this checkout on the path: the small package bears its name."""
    return {**switched_on(folder), "PYTHONPATH": str(records.HOOK)}


def names(traced: Traced, step: str) -> set[str]:
    return {f"{function.module.removeprefix('sg_assets.')}:{function.qualname}" for function in traced[step]}


def test_what_a_step_enters_stands_under_it_with_what_is_nested(traced: Traced) -> None:
    expected = {"plain", "Held.doubled", "Held.doubled.<locals>.<lambda>"}
    assert names(traced, "a/plain") == {"work:shared", *(f"orchestration.asset_builder:{name}" for name in expected)}


def test_a_step_that_fails_ends(traced: Traced) -> None:
    assert names(traced, "a/failing") == {"orchestration.asset_builder:failing"}


def test_what_an_earlier_step_entered_is_recorded_again(traced: Traced) -> None:
    assert names(traced, "a/again") == {"orchestration.asset_builder:again", "work:shared"}


def test_threads_forks_and_jobs_started_within_a_step_count_to_it(traced: Traced) -> None:
    assert names(traced, "a/elsewhere") == {
        "orchestration.asset_builder:elsewhere",
        "work:in_thread",
        "work:in_fork",
        "work:in_job",
    }


def test_what_runs_between_steps_belongs_to_none(traced: Traced) -> None:
    outside = names(traced, "")
    assert {
        "work:before",
        "work:between",
        "orchestration.asset_builder:main",
        "orchestration.asset_builder:_work",
    } <= outside
    assert not {"work:shared", "work:in_job"} & outside


def test_bodies_of_modules_and_classes_are_no_functions(traced: Traced) -> None:
    assert not {name for step in traced for name in names(traced, step) if name.endswith((":<module>", ":Held"))}
