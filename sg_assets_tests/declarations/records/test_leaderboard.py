"""The leaderboard as a profile declares it, and what follows in the graph."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations import load_declarations
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.project_declarations import read_project
from sg_assets.declarations.records.leaderboard import Leaderboard
from sg_assets.errors import SgAssetsError
from sg_assets_tests.declarations.graphs import build_graph
from sg_assets_tests.paths import PROJECT

DECLARED: dict[str, Any] = {
    "source": "published", "apply_chat_template": True, "fewshot_as_multiturn": True, "batch_size": "auto",
    "dtype": "bfloat16", "device": "cuda",
}  # fmt: skip


def graph(profile: str) -> Graph:
    return build_graph(load_declarations(PROJECT, profile), generated_comments=True)


def test_every_variant_is_scored_from_its_model_and_its_adapter() -> None:
    inputs = graph("demo").inputs("scores/leaderboard", "sft_kto")
    assert {str(ref) for ref in inputs} == {"models/chat[base]", "adapters/kto[sft_kto]", "demo/leaderboard_items"}


def test_items_are_made_with_the_scores_they_are_behind() -> None:
    assert graph("demo").step_outputs("scores/leaderboard") == ["scores/leaderboard", "scores/leaderboard_items"]


def test_published_tasks_read_no_generated_items() -> None:
    nodes = graph("paper").nodes
    assert "scores/leaderboard" in nodes
    assert "demo/leaderboard_items" not in nodes


def test_a_profile_without_runs_none_of_it() -> None:
    assert not [name for name in graph("tiny").nodes if "leaderboard" in name]


def test_all_six_tasks_and_all_items_are_what_a_profile_gets_that_names_none() -> None:
    declared = Leaderboard.model_validate(DECLARED)
    assert declared.tasks == ("ifeval", "bbh", "math_hard", "gpqa", "musr", "mmlu_pro")
    assert declared.limit is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tasks": ["mmlu"]}, "Input should be 'ifeval', 'bbh'"),
        ({"tasks": []}, "at least one task"),
        ({"tasks": ["bbh", "bbh"]}, "each once"),
        ({"source": "generated"}, "generated tasks need a limit"),
        ({"apply_chat_template": False}, "fewshot_as_multiturn needs apply_chat_template"),
        ({"limit": 0}, "greater than or equal to 1"),
        ({"batch_size": "large"}, "batch_size"),
        ({"shots": 5}, "shots"),
    ],
)
def test_what_makes_no_leaderboard_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Leaderboard.model_validate(DECLARED | wrong)


def test_a_benchmark_cannot_take_its_name(tmp_path: Path) -> None:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    shutil.copy(tmp_path / "models/benchmarks/toxigen.yaml", tmp_path / "models/benchmarks/leaderboard.yaml")
    sql = (tmp_path / "sql/scores/toxigen.sql").read_text().replace("toxigen", "leaderboard")
    (tmp_path / "sql/scores/leaderboard.sql").write_text(sql)
    with pytest.raises(SgAssetsError, match=r"leaderboard\.yaml: the name 'leaderboard' is taken"):
        read_project(tmp_path, "demo", generated_comments=True)
