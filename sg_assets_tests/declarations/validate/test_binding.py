"""Columns of every table, before anything ran."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="module")
def whole() -> ProjectDeclarations:
    return read_project(PROJECT, "demo", generated_comments=True)


def sources(whole: ProjectDeclarations, asset: str, column: str) -> set[str]:
    known = next(known for known in whole.tables[asset] if known.name == column)
    return {f"{upstream}.{name}" for upstream, name in known.sources}


def test_every_column_is_described(whole: ProjectDeclarations) -> None:
    columns = [(asset, column) for asset, table in whole.tables.items() for column in table]
    bare = [f"{asset}.{column.name}" for asset, column in columns if not column.description]
    assert bare == []


def test_a_column_that_is_taken_over_keeps_its_description(whole: ProjectDeclarations) -> None:
    first = next(column for column in whole.tables["raw/sg_toxicity_prompts"] if column.name == "text_id")
    last = next(column for column in whole.tables["training/dpo_pairs"] if column.name == "text_id")
    assert last.description == first.description


def test_column_lineage_goes_through_common_tables_and_unions(whole: ProjectDeclarations) -> None:
    assert sources(whole, "training/dpo_pairs", "rejected") == {
        "synthesized/base_responses.response", "synthesized/safe_prompt_rejections.response",
    }  # fmt: skip
    assert sources(whole, "templated/prompts", "prompt") == {
        "raw/sg_toxicity_prompts.text", "templated/templates.template",
    }  # fmt: skip


def test_a_score_is_made_of_flags(whole: ProjectDeclarations) -> None:
    assert sources(whole, "scores/sg_safety", "value") == {
        "judgements/sg_safety.is_toxic", "judgements/sg_safety.is_refusal", "judgements/sg_safety.is_broken",
    }  # fmt: skip


def test_columns_name_only_assets_of_this_graph() -> None:
    own = read_project(PROJECT, "demo", generated_comments=False)
    for table in own.tables.values():
        assert all(asset in own.graph.nodes for column in table for asset, _ in column.sources)
    assert sources(own, "raw/forum_comments", "text") == set()


def test_a_new_dataset_is_one_file(tmp_path: Path) -> None:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (tmp_path / "sql/templated/long_prompts.sql").write_text(
        "-- description: Long prompts.\n-- key: prompt_id\n"
        "SELECT prompt_id, length(prompt) AS letters FROM templated.prompts WHERE length(prompt) > 80\n"
    )
    whole = read_project(tmp_path, "demo", generated_comments=True)
    assert [column.name for column in whole.tables["templated/long_prompts"]] == ["prompt_id", "letters"]
    assert sources(whole, "templated/long_prompts", "letters") == {"templated/prompts.prompt"}
