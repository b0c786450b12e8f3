"""Records which functions of ``sg_assets`` are entered, by step, in every Python process started with it.

Python imports a module of this name at its start, so it is enough that this folder is on ``PYTHONPATH``. It does
nothing unless ``SG_TRACE`` names a folder. There, each process appends one line per newly entered function to
``<pid>.jsonl``: ``[step, module, qualified name, first line]``. A line is written at once, for processes end by
``os._exit`` and by signals too.

The step is the one whose work is being done: it begins and ends with the functions of :data:`ENTRIES`, counts for all
threads of the process, and for the processes started meanwhile, which are told by the environment. Outside any step it
is empty.

Nothing but the standard library is imported: every process pays for it.
"""

import os
import sys
import threading
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

FOLDER_VARIABLE = "SG_TRACE"
STEP_VARIABLE = "SG_TRACE_STEP"
ENTRIES = {
    ("sg_assets.assets.building", "_work"),
    ("sg_assets.assets.rebuilding", "_run.<locals>.work"),
}
"""Where a step's work begins. Each has a local variable ``workspace``."""
_PACKAGE = "sg_assets"
_IS_FUNCTION = 0x1
"""``inspect.CO_OPTIMIZED``: neither a module's body nor a class's."""


class Recorder:
    """What was entered, by step."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._step = os.environ.get(STEP_VARIABLE, "")
        self._outer: list[str] = []
        self._seen: dict[str, dict[int, CodeType]] = {}
        """Codes by their id, kept alive so that ids stay theirs: hashing a code reads all of it."""
        self._current = self._seen.setdefault(self._step, {})
        self._modules: dict[str, str] = {}
        self._opened: tuple[int, int] | None = None

    def module(self, file: str) -> str:
        """The module of the package that a file holds; empty for any other file."""
        known = self._modules.get(file)
        if known is None:
            known = self._modules[file] = _module(file)
        return known

    def is_entry(self, code: CodeType) -> bool:
        """Whether a step's work begins here."""
        return (self.module(code.co_filename), code.co_qualname) in ENTRIES

    def entered(self, code: CodeType, frame: FrameType) -> bool:
        """Take a function of the package that is entered; whether a step's work begins with it."""
        if id(code) in self._current or not code.co_flags & _IS_FUNCTION:
            return False
        self._write(code)
        if self.is_entry(code):
            self._outer.append(self._step)
            self._go_on(str(frame.f_locals["workspace"].ref))
            return True
        self._current[id(code)] = code
        return False

    def left(self) -> None:
        """The step's work has ended, well or not."""
        self._go_on(self._outer.pop())

    def _go_on(self, step: str) -> None:
        self._step = step
        self._current = self._seen.setdefault(step, {})
        os.environ[STEP_VARIABLE] = step

    def _write(self, code: CodeType) -> None:
        module = self.module(code.co_filename)
        # No name of the package needs escaping.
        line = f'["{self._step}", "{module}", "{code.co_qualname}", {code.co_firstlineno}]\n'
        os.write(self._file(), line.encode())

    def _file(self) -> int:
        pid = os.getpid()
        if self._opened is None or self._opened[0] != pid:  # a fork writes its own
            path = f"{self._folder}/{pid}.jsonl"
            self._opened = pid, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        return self._opened[1]


def _module(file: str) -> str:
    before, separator, inside = file.rpartition(f"/{_PACKAGE}/")
    if not separator or not inside.endswith(".py") or not os.path.exists(f"{before}/{_PACKAGE}/definitions.py"):  # noqa: PTH110
        return ""
    return ".".join([_PACKAGE, *inside.removesuffix(".py").removesuffix("/__init__").split("/")])


def _profiled(recorder: Recorder) -> Callable[[FrameType, str, Any], None]:
    """For Python 3.11: called at each call and return of all code."""
    modules = recorder._modules  # looked up here, for it is asked at every call

    def look(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            code = frame.f_code
            module = modules.get(code.co_filename)
            if module is None:
                module = recorder.module(code.co_filename)
            if module:
                recorder.entered(code, frame)
        elif event == "return" and frame.f_code.co_name in {"_work", "work"} and recorder.is_entry(frame.f_code):
            recorder.left()

    return look


def _by_profile(recorder: Recorder) -> None:
    look = _profiled(recorder)
    threading.setprofile(look)
    sys.setprofile(look)


def _by_monitoring(recorder: Recorder) -> None:
    """For Python 3.12 and later: called once per function and step."""
    if sys.version_info >= (3, 12):
        monitoring = sys.monitoring
        events = monitoring.events
        tool = monitoring.PROFILER_ID

        def start(code: CodeType, offset: int) -> object:
            if not recorder.module(code.co_filename):
                return monitoring.DISABLE
            if recorder.entered(code, sys._getframe(1)):
                monitoring.restart_events()
                return None
            return None if recorder.is_entry(code) else monitoring.DISABLE

        def returned(code: CodeType, offset: int, value: object) -> object:
            if not recorder.is_entry(code):
                return monitoring.DISABLE
            recorder.left()
            monitoring.restart_events()
            return None

        def unwound(code: CodeType, offset: int, error: BaseException) -> None:
            # cannot be disabled
            if recorder.is_entry(code):
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
            _by_profile(recorder)


_begin()
