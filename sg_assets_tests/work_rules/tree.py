"""The package's modules, and which of them the rules are for."""

from functools import cache
from pathlib import Path

from sg_assets_tests.work_rules.source import PACKAGE, Module

_ROOT = Path(__file__).parents[2] / PACKAGE
NO_WORK = {
    "assets": "wires work to Dagster",
    "definitions": "what Dagster loads",
    "cli": "the command line",
    "backfills": "starts runs",
    "confirming": "decides whether a run is started",
    "dead_runs": "tells Dagster of runs that ended",
    "forked": "what lanes are forked with",
    "lanes": "processes that runs run in",
    "machine": "measures where work ran",
    "runs": "starts runs",
    "teardown": "the end of a process",
    "uncollected": "the garbage collector while modules are imported",
    "watching": "tells of runs",
    "alerts": "tells of runs",
    "status": "tells how versions stand, and makes none",
    "code": "reads code, as the identity of work",
}
"""Modules and folders that do no step's work, with the reason; ``cli`` stands for all that begin with it."""


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
    first = f"{name}.".split(".")[1]
    return first not in NO_WORK and not first.startswith("cli_")


def _name(path: Path) -> str:
    parts = path.relative_to(_ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
