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


@pytest.mark.slow
def test_what_no_file_keeps_is_declared_as_it_is_stored(tmp_path: Path) -> None:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (tmp_path / "sql/templated/letters.sql").write_text(
        "-- description: Letters.\n-- key: label\n-- check some: n > 0\n"
        "SELECT label, sum(length(prompt)) AS n FROM templated.prompts GROUP BY label\n"
    )
    benchmark = tmp_path / "models/benchmarks/toxigen.yaml"
    benchmark.write_text(
        benchmark.read_text().replace(
            '"group", prompt\n', "\"group\", prompt,\n    '00000000-0000-0000-0000-000000000001'::UUID AS batch\n"
        )
    )
    whole = read_project(tmp_path, "tiny", generated_comments=True)
    assert [column.type for column in whole.tables["templated/letters"]] == ["VARCHAR", "BIGINT"]
    query = whole.declared.sql["templated/letters"].query
    assert query.notes == {"stored_as_other_types": ["n: HUGEINT stored as BIGINT"]}
    assert query.tables == ("templated/prompts",)
    assert sources(whole, "templated/letters", "n") == {"templated/prompts.prompt"}
    # Items pass through a frame, which has no type for an UUID.
    assert {column.type for column in whole.tables["responses/toxigen"] if column.name == "batch"} == {"VARCHAR"}
    assert whole.declared.items["toxigen"].notes == {"stored_as_other_types": ["batch: UUID stored as VARCHAR"]}
