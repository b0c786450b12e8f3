"""What a benchmark declares is expected of its tables, so that a new one is checked like those that were there."""

import shutil
from pathlib import Path

import duckdb
import pytest

from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.declarations.records.expectations import Rule, rules_of
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

BENCHMARK = """
description: Long prompts.
items: |
  SELECT prompt_id AS item_id, text_id AS cluster_id, if(label = 'safe', label, NULL) AS label, prompt  -- comments stay
  FROM templated.prompts
judges: {is_broken: broken, is_off: rejection}
"""
OF_ANSWERS = ["items_are_the_benchmark_s", "every_item_was_asked"]
OF_JUDGEMENTS = [
    "broken_is_a_share", "rejection_is_a_share", "flags_follow_scores", "every_answer_was_judged",
    "judged_where_answered", "items_are_the_answers",
]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (tmp_path / "models/benchmarks/long.yaml").write_text(BENCHMARK)
    return tmp_path


def read(project: Path) -> ProjectDeclarations:
    return read_project(project, "tiny", generated_comments=True)


def rule(whole: ProjectDeclarations, asset: str, name: str) -> Rule:
    [named] = [rule for rule in rules_of(whole.declared.expectations, asset) if rule.id == name]
    return named


def test_a_new_benchmark_is_held_to_what_it_declares(project: Path) -> None:
    expected = read(project).declared.expectations
    assert [rule.id for rule in expected["responses/long"]] == OF_ANSWERS
    assert [rule.id for rule in expected["judgements/long"]] == OF_JUDGEMENTS


def test_a_rule_in_a_file_takes_the_place_of_the_implied_one(project: Path) -> None:
    file = project / "models/expectations/responses/long.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("expectations:\n  - {id: every_item_was_asked, description: Some., condition: count(*) > 5}\n")
    whole = read(project)
    assert [rule.id for rule in whole.declared.expectations["responses/long"]] == OF_ANSWERS
    assert rule(whole, "responses/long", "every_item_was_asked").condition == "count(*) > 5"


@pytest.mark.parametrize(
    ("label", "prompt", "holds"), [("safe", "Say", True), (None, "Tell", True), (None, "Say", False)]
)
def test_an_item_may_lack_a_label_and_is_still_compared(
    project: Path, label: str | None, prompt: str, *, holds: bool
) -> None:
    condition = rule(read(project), "responses/long", "items_are_the_benchmark_s").condition
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA templated")
        connection.execute("CREATE TABLE templated.prompts (prompt_id TEXT, text_id TEXT, label TEXT, prompt TEXT)")
        connection.execute("INSERT INTO templated.prompts VALUES ('1', 'a', 'safe', 'Say'), ('2', 'b', 'bad', 'Tell')")
        connection.execute("CREATE TABLE this (item_id TEXT, cluster_id TEXT, label TEXT, prompt TEXT)")
        key = {"Say": ("1", "a"), "Tell": ("2", "b")}[prompt]
        connection.execute("INSERT INTO this VALUES (?, ?, ?, ?)", [*key, label, prompt])
        assert connection.execute(f"SELECT bool_and({condition}) FROM this").fetchall() == [(holds,)]
