"""Runs: what is made together, and in what order."""

import pytest

from sg_assets.declarations.batches import Batch, batches, needed, reads
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.project_declarations import read_project
from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def graph() -> Graph:
    return read_project(PROJECT, "demo", generated_comments=True).graph


def titles(graph: Graph) -> list[str]:
    return [batch.title for batch in batches(graph)]


def holding(graph: Graph, ref: str) -> Batch:
    return next(batch for batch in batches(graph) if Ref.parse(ref) in batch.refs)


def upstream(graph: Graph, batch: Batch) -> set[str]:
    """All that must be made before a batch."""
    return {str(ref) for ref in needed(graph, reads(graph, batch))} if reads(graph, batch) else set()


@pytest.mark.parametrize("profile", ["demo", "tiny", "paper"])
def test_runs_come_after_what_they_read_and_hold_one_partition(profile: str) -> None:
    graph = read_project(PROJECT, profile, generated_comments=True).graph
    made: list[Ref] = []
    for batch in batches(graph):
        for asset in batch.assets:
            assert set(graph.inputs(asset, batch.partition)) <= set(made)
            made.append(Ref.of(asset, batch.partition))
    assert sorted(map(str, made)) == sorted(map(str, graph.refs))


def test_a_run_reads_what_it_does_not_make_itself(graph: Graph) -> None:
    batch = holding(graph, "scores/sg_safety[sft_kto]")
    assert Ref.parse("adapters/kto[sft_kto]") in reads(graph, batch)
    assert not reads(graph, batch) & set(batch.refs)
    assert reads(graph, Batch(("templated/templates",), None)) == set()


def test_the_model_that_most_trainings_stand_on_comes_first(graph: Graph) -> None:
    assert titles(graph)[1] == "models/chat [base]"
    assert upstream(graph, holding(graph, "models/chat[base]")) == {
        "templated/templates", "synthesized/few_shots", "demo/pretraining",
    }  # fmt: skip


def test_the_reference_holds_up_only_its_own_evaluation(graph: Graph) -> None:
    held_up = [batch.title for batch in batches(graph) if "models/chat[reference]" in upstream(graph, batch)]
    assert [title.rpartition(" ")[2] for title in held_up] == ["[reference]", "reports/results"]
    assert titles(graph).index("models/chat [reference]") > titles(graph).index("adapters/sft [sft_r128]")


def test_judges_and_prompts_are_made_while_the_base_model_trains(graph: Graph) -> None:
    for name in ("judges/toxicity", "templated/splits", "synthesized/safe_responses"):
        assert not any(ref.startswith("models/chat") for ref in upstream(graph, holding(graph, name)))


def test_trainings_come_before_evaluations_and_a_parent_before_all_others(graph: Graph) -> None:
    trained = [title for title in titles(graph) if title.startswith("adapters/")]
    assert trained[0] == "adapters/sft [sft_r128]"
    first = next(index for index, title in enumerate(titles(graph)) if title.startswith("responses"))
    assert first > titles(graph).index(trained[-1])


def test_evaluations_of_one_chat_model_come_together(graph: Graph) -> None:
    evaluated = [batch for batch in batches(graph) if batch.assets[0].startswith("responses/")]
    models = ["reference" if batch.partition == "reference" else "base" for batch in evaluated]
    assert models == sorted(models)
    assert len(set(models)) == 2


def test_an_evaluation_is_one_run(graph: Graph) -> None:
    made = {ref.schema for ref in holding(graph, "responses/sg_safety[sft_kto]").refs}
    assert made == {"responses", "judgements", "scores", "reports"}


def test_a_model_card_is_made_with_the_scores_it_tells(graph: Graph) -> None:
    for variant in ("sft_r16", "sft_kto"):
        assert holding(graph, f"reports/model_card[{variant}]") == holding(graph, f"scores/sg_safety[{variant}]")


def test_what_one_step_makes_is_in_one_run(graph: Graph) -> None:
    assert Ref.parse("raw/rejected_comments") in holding(graph, "raw/forum_comments").refs


def test_an_asset_needs_itself_and_all_it_is_made_from(graph: Graph) -> None:
    refs = needed(graph, [Ref.parse("training/kto_examples[balanced]")])
    assert refs[-1] == Ref.parse("training/kto_examples[balanced]")
    assert Ref.parse("models/chat[base]") in refs
    assert not {ref.schema for ref in refs} & {"adapters", "responses", "reports"}
    assert {ref.partition for ref in refs if ref.asset == "training/mix_prompts"} == {"balanced"}


def test_what_one_step_makes_is_never_made_apart(graph: Graph) -> None:
    pair = {Ref.parse("raw/forum_comments"), Ref.parse("raw/rejected_comments")}
    assert all(pair <= set(needed(graph, [ref])) for ref in pair)


def test_an_asset_named_without_partition_is_all_of_them(graph: Graph) -> None:
    refs = needed(graph, [Ref.parse("adapters/kto")])
    assert {ref.partition for ref in refs if ref.asset == "adapters/kto"} == {"kto", "sft_kto", "sft_kto_sym"}


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("adapters/kt0", "Did you mean 'adapters/kto'"),
        ("adapters/kto[sft_kt]", r"Did you mean 'adapters/kto\[sft_kto\]'"),
    ],
)
def test_an_asset_that_is_not_there_names_the_nearest(graph: Graph, name: str, remedy: str) -> None:
    with pytest.raises(SgAssetsError, match=remedy):
        needed(graph, [Ref.parse(name)])


def test_a_run_is_told_in_one_short_line() -> None:
    evaluation = ("responses/sg_safety", "judgements/sg_safety", "scores/sg_safety")
    assert Batch(("models/chat",), "base").title == "models/chat [base]"
    assert Batch(evaluation, "sft_kto").title == "responses, judgements, scores (3 assets) [sft_kto]"
