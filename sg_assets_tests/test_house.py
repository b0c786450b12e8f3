"""Rules that hold for the whole package."""

import ast
from pathlib import Path

from sg_assets_tests.paths import PROJECT

PICKLES = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
"""Modules that read objects by running what a file says."""


def imported(file: Path) -> set[str]:
    """The first parts of the names of the modules that a file imports."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return {name.split(".")[0] for name in plain | named}


def test_no_module_imports_pickle() -> None:
    files = sorted((PROJECT / "sg_assets").rglob("*.py"))
    assert {file.relative_to(PROJECT).as_posix(): names for file in files if (names := imported(file) & PICKLES)} == {}
