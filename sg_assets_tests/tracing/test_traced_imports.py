"""Whether a package that is traced is else as it is: the same module tells of itself with and without tracing."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from sg_assets_tests.interpreters import VERSIONS, interpreter
from sg_assets_tests.tracing.records import HOOK

BUILDING = '''
"""Of the module."""
import traceback

class Workspace:
    ref = "a/b"

def decorated(function):
    return function

@decorated
@decorated
def _work(workspace):
    """Of the entry."""
    x = 1
    raise OSError(
        x
    )

async def waited(): return 3

class __Held:
    """Of the class."""
    field = sorted([2, 1], key=lambda x: -x)

    @property
    def __hidden(self):
        # no docstring
        return lambda y, /, *, z=lambda: 2: \\
            y + z()

    @staticmethod
    def documented():
        """Nothing else."""

    def made(self):
        global outer
        def outer():
            yield from (lambda x: (yield x))(1)
        return [(lambda: x)() for x in self.field], list(outer())

def lines(error):
    return [(frame.name, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]

def entered():
    import asyncio
    held = __Held()
    results = [held._Held__hidden(1), held.documented(), held.made(), asyncio.run(waited())]
    try:
        _work(Workspace())
    except OSError as error:
        return results, lines(error)
'''
JOB = """
def main(): print(__name__)
def other(): pass
main()
"""
PROBE = """
import importlib.resources, inspect, json, pickle, pkgutil
import sg_assets
from sg_assets.orchestration import asset_builder as building
held = vars(building)["__Held"]
hidden = vars(held)["_Held__hidden"].fget
functions = [building._work, building.waited, hidden, held.documented, held.made, building.entered]
print(json.dumps({
    "results": building.entered(),
    "lines": [function.__code__.co_firstlineno for function in functions],
    "qualified names": [function.__qualname__ for function in functions],
    "docstrings": [item.__doc__ for item in (building, held, *functions, hidden(None))],
    "sources": [inspect.getsource(item) for item in (building, held, *functions, hidden(None))],
    "signature": str(inspect.signature(hidden(None))).partition(" at ")[0],
    "kinds": [(inspect.iscoroutinefunction(f), inspect.isgeneratorfunction(f)) for f in (*functions, building.outer)],
    "pickled": pickle.loads(pickle.dumps(building._work)) is building._work,
    "file": building.__file__,
    "names": sorted(vars(building)),
    "data": importlib.resources.files("sg_assets").joinpath("data.txt").read_text(),
    "package data": pkgutil.get_data("sg_assets", "data.txt").decode(),
    "modules": [module.name for module in pkgutil.walk_packages(sg_assets.__path__, "sg_assets.")],
    "source of the loader": building.__loader__.get_source(building.__name__),
}))
"""
CODES = """
import inspect, json
from sg_assets.orchestration import asset_builder as building

def codes(code):
    yield code
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from codes(constant)

whole = compile(inspect.getsource(building), building.__file__, "exec")
print(json.dumps([
    (code.co_qualname, code.co_firstlineno) for code in codes(whole)
    if code.co_flags & inspect.CO_OPTIMIZED and code.co_name not in ("<listcomp>", "<genexpr>")
]))
"""
NATIVE = """
import _thread
from sg_assets import job
ended = _thread.allocate_lock()
ended.acquire()
_thread.start_new_thread(lambda: (job.other(), ended.release()), ())
ended.acquire()
"""
"""A thread that ``threading``, and so its profiler, knows nothing of."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    files = {
        "__init__.py": "",
        "definitions.py": "",
        "data.txt": "of the package",
        "orchestration/__init__.py": "",
        "orchestration/asset_builder.py": BUILDING,
        "job.py": JOB,
    }
    for name, text in files.items():
        path = tmp_path / "sg_assets" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "trace").mkdir()
    return tmp_path


def started(python: str, package: Path, *arguments: str, traced: bool = True) -> str:
    """What a process that imports the package prints."""
    variables = {"PYTHONPATH": str(HOOK), "SG_TRACE": str(package / "trace")} if traced else {"PYTHONPATH": ""}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [python, *arguments], cwd=package, env=environment | variables, capture_output=True, text=True, check=True
    ).stdout


def recorded(package: Path) -> set[tuple[str, str, str, int]]:
    lines = [line for path in (package / "trace").glob("*.jsonl") for line in path.read_text().splitlines()]
    return {(step, module, qualname, first) for step, module, qualname, first in map(json.loads, lines)}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_traced_module_is_else_as_it_is(package: Path, version: str) -> None:
    python = interpreter(version)
    # A second traced process loads the code that the first has kept.
    traced = [json.loads(started(python, package, "-c", PROBE)) for _ in range(2)]
    assert traced == [json.loads(started(python, package, "-c", PROBE, traced=False))] * 2


@pytest.mark.parametrize("version", VERSIONS)
def test_names_and_first_lines_are_those_the_interpreter_gives(package: Path, version: str) -> None:
    python = interpreter(version)
    started(python, package, "-c", "from sg_assets.orchestration import asset_builder as building; building.entered()")
    given = json.loads(started(python, package, "-c", CODES, traced=False))
    assert {(qualname, first) for _, _, qualname, first in recorded(package)} == {tuple(code) for code in given}


def test_changed_code_stays_in_the_folder_of_the_trace(package: Path) -> None:
    started(interpreter("3.11"), package, "-m", "sg_assets.job")
    assert list(package.rglob("__pycache__")) == []
    assert list(package.glob("trace/code/sg_assets.job.*"))


def test_kept_code_of_an_earlier_text_is_not_run(package: Path) -> None:
    python = interpreter("3.11")
    assert started(python, package, "-m", "sg_assets.job") == "__main__\n"
    (package / "sg_assets/job.py").write_text("def later(): print('later')\nlater()")
    assert started(python, package, "-m", "sg_assets.job") == "later\n"
    assert {qualname for _, _, qualname, _ in recorded(package)} == {"main", "later"}


def test_kept_code_of_another_folder_is_not_run(package: Path) -> None:
    python = interpreter("3.11")
    where = "import sg_assets.job as job; print(job.main.__code__.co_filename)"
    assert str(package / "sg_assets/job.py") in started(python, package, "-c", where)
    (package / "elsewhere").mkdir()
    (package / "sg_assets").rename(package / "elsewhere/sg_assets")
    where = f"import sys; sys.path.insert(0, 'elsewhere'); {where}"
    assert str(package / "elsewhere/sg_assets/job.py") in started(python, package, "-c", where)


def test_what_native_threads_call_is_seen(package: Path) -> None:
    started(interpreter("3.11"), package, "-c", NATIVE)
    assert "other" in {qualname for _, _, qualname, _ in recorded(package)}
