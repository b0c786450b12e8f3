"""The graph that follows from what is declared."""

from dataclasses import replace

import pytest

from sg_assets.declarations import Declarations, load_declarations
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.graph_building import graph_of
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.project_declarations import read_project
from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.declarations.records.dataset import Dataset, DatasetSources
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.sql import parse_query
from sg_assets_tests.declarations.graphs import build_graph
from sg_assets_tests.paths import PROJECT


@pytest.fixture(scope="module")
def declared() -> Declarations:
    return load_declarations(PROJECT, "demo")


@pytest.fixture(scope="module")
def graph(declared: Declarations) -> Graph:
    return build_graph(declared, generated_comments=True)


def inputs(graph: Graph, asset: str, partition: str) -> set[str]:
    return {str(ref) for ref in graph.inputs(asset, partition)}


def test_kto_on_sft_reads_its_parent_its_mix_and_the_base(graph: Graph) -> None:
    assert inputs(graph, "adapters/kto", "sft_kto") == {
        "models/chat[base]", "training/kto_examples[balanced]", "adapters/sft[sft_r128]",
    }  # fmt: skip


def test_kto_on_the_base_reads_no_adapter(graph: Graph) -> None:
    assert inputs(graph, "adapters/kto", "kto") == {"models/chat[base]", "training/kto_examples[balanced]"}


def test_responses_read_one_chat_model_and_at_most_one_adapter(graph: Graph) -> None:
    prompts = {"templated/prompts", "templated/splits"}
    assert inputs(graph, "responses/sg_safety", "reference") == prompts | {"models/chat[reference]"}
    assert inputs(graph, "responses/sg_safety", "sft_dpo") == prompts | {"models/chat[base]", "adapters/dpo[sft_dpo]"}


def test_a_model_card_is_of_an_adapter_and_reads_its_scores_beside_bases(graph: Graph) -> None:
    assert not {"base", "reference"} & set(graph.nodes["reports/model_card"].partitions or ())
    read = inputs(graph, "reports/model_card", "sft_r16")
    scored = ("sg_safety", "template_stress", "toxigen", "leaderboard", "divergence")
    assert read == {"adapters/sft[sft_r16]", "scores/objectives[sft_r16]"} | {
        f"scores/{name}[{variant}]" for name in scored for variant in ("base", "sft_r16")
    }


def test_the_partitions_of_a_training_table_are_the_mixes_its_method_uses(graph: Graph) -> None:
    assert graph.nodes["training/sft_examples"].partitions == ("balanced", "unsafe_30")
    assert graph.nodes["training/kto_examples"].partitions == ("balanced", "unsafe_only")
    assert graph.nodes["training/dpo_pairs"].partitions == ("paired_safe", "unsafe_only")


def test_ones_own_comments_do_not_depend_on_the_generated_ones(declared: Declarations) -> None:
    own = build_graph(declared, generated_comments=False)
    assert own.inputs("raw/forum_comments", None) == ()


def test_the_paper_profile_has_the_same_keys_but_what_only_the_demo_needs(graph: Graph) -> None:
    paper = read_project(PROJECT, "paper", generated_comments=True).graph
    assert {name for name in graph.nodes if not name.startswith("demo/")} == set(paper.nodes)


def test_a_missing_sql_file_is_reported_and_the_rest_is_built(declared: Declarations) -> None:
    problems = Problems()
    without = replace(declared, sql={name: sql for name, sql in declared.sql.items() if name != "templated/splits"})
    graph = graph_of(without, problems, generated_comments=True)
    assert problems.messages == ["sql/templated/splits.sql: the SQL file is missing."]
    assert "reports/results" in graph.nodes


def test_an_imported_adapter_reads_its_chat_model_and_is_evaluated_like_any_other(declared: Declarations) -> None:
    adapter = AdapterSource(path="a")
    theirs = Variant(name="theirs", description="x", method="imported", parent="reference", adapter=adapter)
    graph = build_graph(replace(declared, variants={**declared.variants, "theirs": theirs}), generated_comments=True)
    assert inputs(graph, "adapters/imported", "theirs") == {"models/chat[reference]"}
    answered = inputs(graph, "responses/toxigen", "theirs")
    assert answered == {"raw/toxigen_prompts", "models/chat[reference]", "adapters/imported[theirs]"}
    assert "adapters/imported[theirs]" in inputs(graph, "reports/model_card", "theirs")
    assert "adapters/imported[theirs]" in inputs(graph, "scores/leaderboard", "theirs")


def with_datasets(declared: Declarations, **sources: str) -> Declarations:
    """With a dataset of comments, one of prompts, one that a benchmark reads, and one that nothing reads."""
    datasets = {
        name: Dataset(name=name, description="x", path="data", columns={"text": {"column": "text"}})
        for name in ("comments", "prompts", "items", "unread")
    }
    items = parse_query("SELECT text AS prompt FROM datasets.items", where="x")
    profile = declared.profile.model_copy(update={"sources": DatasetSources(**sources)})
    benchmarks = {**declared.items, "toxigen": items}
    return replace(declared, profile=profile, datasets=datasets, items=benchmarks)


def test_datasets_that_something_reads_are_assets(declared: Declarations) -> None:
    known = with_datasets(declared, comments="comments", toxigen="prompts")
    graph = build_graph(known, generated_comments=True)
    made = {asset for asset in graph.nodes if asset.startswith(("mirrors/", "datasets/"))}
    assert made == {"mirrors/comments", "mirrors/prompts", "datasets/prompts", "mirrors/items", "datasets/items"}
    read = {
        name: {str(ref) for ref in graph.inputs(name, None)} for name in ("raw/forum_comments", "raw/toxigen_prompts")
    }
    assert read == {"raw/forum_comments": {"mirrors/comments"}, "raw/toxigen_prompts": {"datasets/prompts"}}
    assert "datasets/items" in inputs(graph, "responses/toxigen", "base")
    assert {str(ref) for ref in graph.inputs("datasets/items", None)} == {"mirrors/items"}


def test_a_profile_that_trains_nothing_has_no_training_rows(declared: Declarations) -> None:
    untrained = {name: variant for name, variant in declared.variants.items() if not variant.is_trained}
    graph = build_graph(replace(declared, variants=untrained), generated_comments=True)
    assert not [asset for asset in graph.nodes if asset.startswith(("training/", "adapters/"))]
