"""A side that was given is the side it is on, whatever SQL makes the split."""

import shutil
from pathlib import Path

import duckdb
import pytest

from sg_assets.declarations.project_declarations import read_project
from sg_assets.declarations.records.expectations import Rule, rules_of
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

SPLITS = "templated/splits"


def given_sides(project: Path) -> list[Rule]:
    rules = rules_of(read_project(project, "tiny", generated_comments=True).declared.expectations, SPLITS)
    return [rule for rule in rules if rule.id == "given_sides_are_kept"]


@pytest.mark.parametrize(
    ("given", "side", "holds"),
    [
        ("holdout", "holdout", True),
        ("holdout", "unused", True),
        (None, "train", True),
        ("holdout", "train", False),
        ("train", "dev", False),
    ],
)
def test_a_text_on_another_side_than_it_came_with_fails_the_check(given: str | None, side: str, *, holds: bool) -> None:
    [rule] = given_sides(PROJECT)
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA templated; CREATE SCHEMA raw")
        connection.execute("CREATE TABLE templated.prompts AS SELECT 'p' AS prompt_id, 't' AS text_id")
        connection.execute("CREATE TABLE raw.sg_toxicity_prompts AS SELECT 't' AS text_id, $1 AS given_split", [given])
        connection.execute("CREATE TABLE this AS SELECT 'p' AS prompt_id, $1 AS split", [side])
        assert connection.execute(f"SELECT {rule.condition}").fetchall() == [(holds,)]


def test_a_project_with_its_own_split_is_held_to_it(tmp_path: Path) -> None:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "models/expectations/templated")
    (tmp_path / "sql/templated/splits.sql").write_text(
        "-- description: All prompts of texts are learned.\n-- key: prompt_id\n-- column split: The side.\n"
        "SELECT prompts.prompt_id, 'train' AS split\nFROM templated.prompts AS prompts\n"
        "JOIN raw.sg_toxicity_prompts AS texts USING (text_id)\n"
    )
    assert len(given_sides(tmp_path)) == 1
