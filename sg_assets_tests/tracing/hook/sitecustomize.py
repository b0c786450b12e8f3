"""Records which functions of ``sg_assets`` are entered, by step, in every Python process started with it.

Python imports a module of this name at its start, so it is enough that this folder is on ``PYTHONPATH``. It does
nothing unless ``SG_TRACE`` names a folder. There, each process appends one line per newly entered function to
``<pid>.jsonl``: ``[step, module, qualified name, first line]``. A line is written at once, for processes end by
``os._exit`` and by signals too.

The step is the one whose work is being done: it begins and ends with the functions of :data:`ENTRIES`, counts for all
threads of the process, and for the processes started meanwhile, which are told by the environment. Outside any step it
is empty.

Python 3.12 and later monitor. Python 3.11 imports the package with code that reports (``sg_trace_imports.py``): so it
sees also the functions that native threads call, which a profiler set for Python's threads does not. A generator counts
where it is started, not where it goes on. Comprehensions and generator expressions of their own are recorded by later
versions alone; what they call is recorded by all.

Nothing but the standard library is imported: every process pays for it.
"""

import os
import sys
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets_tests.tracing.hook.sg_trace_imports import install, key_of
else:
    from sg_trace_imports import install, key_of  # from this folder: the package of the tests is not there everywhere

FOLDER_VARIABLE = "SG_TRACE"
STEP_VARIABLE = "SG_TRACE_STEP"
ENTRIES = {
    ("sg_assets.orchestration.asset_builder", "_work"): "workspace",
    ("sg_assets.reproduction.rebuild", "_run.<locals>.work"): "workspace",
    ("sg_assets.jobs.entry", "run_work"): "payload",
}
"""Where a step's work begins, with the local variable whose ``ref`` is the step: a process may work for several."""
_PACKAGE = "sg_assets"
_IS_FUNCTION = 0x1
"""``inspect.CO_OPTIMIZED``: neither a module's body nor a class's."""


class Recorder:
    """What was entered, by step."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._step = os.environ.get(STEP_VARIABLE, "")
        self._outer: list[str] = []
        self._seen: dict[str, set[str]] = {}
        self._current = self._seen.setdefault(self._step, set())
        self._opened: tuple[int, int] | None = None

    def entered(self, key: str) -> None:
        """Take a function of the package that is entered, by its key."""
        if key in self._current:
            return
        os.write(self._file(), f'["{self._step}", {key}]\n'.encode())
        self._current.add(key)

    def began(self, step: str) -> None:
        """A step's work begins."""
        self._outer.append(self._step)
        self._go_on(step)

    def left(self) -> None:
        """The step's work has ended, well or not."""
        self._go_on(self._outer.pop())

    def _go_on(self, step: str) -> None:
        self._step = step
        self._current = self._seen.setdefault(step, set())
        os.environ[STEP_VARIABLE] = step

    def _file(self) -> int:
        pid = os.getpid()
        if self._opened is None or self._opened[0] != pid:  # a fork writes its own
            path = f"{self._folder}/{pid}.jsonl"
            self._opened = pid, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        return self._opened[1]


class Modules:
    """Which files are modules of the package."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, code: CodeType) -> str:
        """The module that holds code; empty for code of others."""
        file = code.co_filename
        known = self._known.get(file)
        if known is None:
            known = self._known[file] = _module(file)
        return known


def _module(file: str) -> str:
    before, separator, inside = file.rpartition(f"/{_PACKAGE}/")
    if not separator or not inside.endswith(".py") or not os.path.exists(f"{before}/{_PACKAGE}/definitions.py"):  # noqa: PTH110
        return ""
    return ".".join([_PACKAGE, *inside.removesuffix(".py").removesuffix("/__init__").split("/")])


def _by_monitoring(recorder: Recorder) -> None:
    """For Python 3.12 and later: called once per function and step."""
    if sys.version_info >= (3, 12):
        monitoring = sys.monitoring
        events = monitoring.events
        tool = monitoring.PROFILER_ID
        modules = Modules()

        def is_entry(code: CodeType) -> bool:
            return (modules.of(code), code.co_qualname) in ENTRIES

        def start(code: CodeType, offset: int) -> object:
            module = modules.of(code)
            if not module or not code.co_flags & _IS_FUNCTION:
                return monitoring.DISABLE
            recorder.entered(key_of(module, code))
            if not is_entry(code):
                return monitoring.DISABLE
            recorder.began(str(sys._getframe(1).f_locals[ENTRIES[modules.of(code), code.co_qualname]].ref))
            monitoring.restart_events()
            return None

        def returned(code: CodeType, offset: int, value: object) -> object:
            if not is_entry(code):
                return monitoring.DISABLE
            recorder.left()
            monitoring.restart_events()
            return None

        def unwound(code: CodeType, offset: int, error: BaseException) -> None:
            # cannot be disabled
            if is_entry(code):
                recorder.left()
                monitoring.restart_events()

        monitoring.use_tool_id(tool, "sg_assets_tests.tracing")
        monitoring.register_callback(tool, events.PY_START, start)
        monitoring.register_callback(tool, events.PY_RETURN, returned)
        monitoring.register_callback(tool, events.PY_UNWIND, unwound)
        monitoring.set_events(tool, events.PY_START | events.PY_RETURN | events.PY_UNWIND)


def _begin() -> None:
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        recorder = Recorder(folder)
        if sys.version_info >= (3, 12):
            _by_monitoring(recorder)
        else:
            install(_PACKAGE, ENTRIES, f"{folder}/code", recorder)


_begin()
