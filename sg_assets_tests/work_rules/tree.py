"""The package's modules, and which of them the rules are for."""

from functools import cache
from pathlib import Path

from sg_assets_tests.work_rules.source import PACKAGE, Module

_ROOT = Path(__file__).parents[2] / PACKAGE
NO_WORK = {
    "orchestration": "wires work to Dagster",
    "definitions": "what Dagster loads",
    "cli": "the command line",
    "execution": "starts runs",
    "reproduction": "starts steps again",
    "jobs": "starts the work that a payload names, in a process of its own",
    "processes.gc_paused": "the garbage collector while modules are imported",
    "processes.teardown": "the end of a process",
    "machine": "measures where work ran",
    "alerts": "reports on runs",
    "status": "reports on versions, and makes none",
    "code": "reads code, as the identity of work",
}
"""Modules and folders that do no step's work, with the reason."""


@cache
def all_modules() -> dict[str, Module]:
    """Every module of the package by name."""
    files = {_name(path): path for path in sorted(_ROOT.rglob("*.py"))}
    names = frozenset(files)
    return {
        name: Module(name, path.read_text(encoding="utf-8"), path.name == "__init__.py", names)
        for name, path in files.items()
    }


def work_modules() -> list[Module]:
    """Those the rules are for."""
    return [module for name, module in all_modules().items() if does_work(name)]


def does_work(name: str) -> bool:
    """Whether a module, by its name, does the work of steps or may be asked by it."""
    inside = name.removeprefix(f"{PACKAGE}.")
    return not any(inside == left_out or inside.startswith(f"{left_out}.") for left_out in NO_WORK)


def _name(path: Path) -> str:
    parts = path.relative_to(_ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
