"""Names and messages use the words of ``docs/contributing.md``."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets_tests.paths import PROJECT

FOLDERS = ("sg_assets", "sg_assets_tests", "benchmarks")
NO_NAMES = frozenset(
    [
        "one",
        "ones",
        "found",
        "told",
        "tell",
        "tells",
        "it",
        "what",
        "there",
        "thing",
        "things",
        "otherwise",
        "beside",
        "alike",
        "place",
    ]
)
"""Identifiers that say nothing of the value they stand for."""
ALLOWED = {
    "sg_assets/errors.py:what": "the first of the four parts that every error has",
    "sg_assets/statistics/paired.py:found": "statistics stays as it is",
    **dict.fromkeys(
        (
            "sg_assets/declarations/licences.py:what",
            "sg_assets/demo/generated_sources.py:what",
            "sg_assets/generation/answer_cache.py:found",
            "sg_assets/generation/transformers_engine.py:place",
            "sg_assets/ingest/files.py:what",
            "sg_assets/judging/shapes.py:place",
            "sg_assets/leaderboard/items.py:told",
            "sg_assets/leaderboard/job.py:found",
            "sg_assets/leaderboard/paired_items.py:found",
            "sg_assets/reports/card_metadata.py:found",
            "sg_assets/reports/comparability.py:one",
            "sg_assets/reports/comparability.py:otherwise",
            "sg_assets/reports/figure_data.py:found",
            "sg_assets/reports/machine_marks.py:one",
            "sg_assets/reports/method_facts.py:found",
            "sg_assets/reports/model_card.py:found",
            "sg_assets/reports/objective_tests.py:found",
            "sg_assets/reports/paired_changes.py:found",
            "sg_assets/reports/render/figures.py:found",
            "sg_assets/reports/render/number_text.py:found",
            "sg_assets/reports/report_data.py:one",
            "sg_assets/reports/report_data.py:told",
            "sg_assets/reports/scoreboard.py:told",
            "sg_assets/statistics/items.py:what",
            "sg_assets/training/guards.py:what",
        ),
        "a parameter or field of code that steps reach: its name is part of the code of versions",
    ),
}
"""Names that stay, as ``path:name``, each with the reason."""
NO_PHRASES = (
    "nothing is wrong that",
    "is no readable",
    "lets go of",
    "let go of",
    "measured otherwise",
    "other content by now",
    "must be told",
    "are told together",
)
"""Turns of phrase that are written plainly instead: see the word list."""
FILES = sorted(path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py"))
TEXTS = [*FILES, PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]


def bound_names(tree: ast.Module) -> Iterator[str]:
    """Every name that a module binds: variables, parameters, functions, classes, fields, import aliases."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


@pytest.mark.parametrize("folder", FOLDERS)
def test_names_say_what_they_stand_for(folder: str) -> None:
    bad = {
        f"{path.relative_to(PROJECT).as_posix()}:{name}"
        for path in FILES
        if path.is_relative_to(PROJECT / folder)
        for name in bound_names(ast.parse(path.read_text(encoding="utf-8")))
        if name.strip("_") in NO_NAMES
    }
    assert sorted(bad - ALLOWED.keys()) == []


def test_allowed_names_are_still_there() -> None:
    bound = {
        f"{path.relative_to(PROJECT).as_posix()}:{name}"
        for path in FILES
        for name in bound_names(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert ALLOWED.keys() <= bound


def test_texts_use_plain_phrases() -> None:
    pattern = re.compile("|".join(map(re.escape, NO_PHRASES)), re.IGNORECASE)
    bad = [
        f"{path.relative_to(PROJECT).as_posix()}: {match.group()}"
        for path in TEXTS
        if path != Path(__file__)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert bad == []


def test_a_binding_of_every_kind_is_seen() -> None:
    text = "import a as one\ndef told(it, *found, **what):\n    self.there = 1\n    for thing in it: pass\n"
    assert set(bound_names(ast.parse(text))) & NO_NAMES == {"one", "told", "it", "found", "what", "there", "thing"}
