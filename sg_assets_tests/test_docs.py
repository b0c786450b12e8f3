"""Documentation leads to what is there."""

import ast
import re
from pathlib import Path

import pytest

from sg_assets.cli.app import app
from sg_assets_tests.paths import PROJECT

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page: Path) -> None:
    import typer.main

    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"(?:`|\n|bin/)sg-assets ([a-z][a-z-]*)", page.read_text()))
    assert named <= known


def walk_entries() -> list[tuple[str, str]]:
    """File and function of each line of the walk in ``docs/architecture.md``."""
    text = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return re.findall(r"^ *\d+  (\S+\.py): (\w+) ", text, re.MULTILINE)


def test_the_walk_has_twelve_lines() -> None:
    assert len(walk_entries()) == 12


@pytest.mark.parametrize(("file", "function"), walk_entries())
def test_the_walk_names_functions_that_exist(file: str, function: str) -> None:
    tree = ast.parse((PROJECT / "sg_assets" / file).read_text(encoding="utf-8"))
    assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_modules_exist(page: Path) -> None:
    """Paths such as ``store/step.py`` and ``sg_assets/store/step.py`` in documentation lead to files."""
    for name in re.findall(r"`((?:\w+/)+\w+\.py)", page.read_text(encoding="utf-8")):
        candidates = (PROJECT / name, PROJECT / "sg_assets" / name, PROJECT / "sg_assets_tests" / name)
        assert any(path.is_file() for path in candidates), name
