"""Vectors of compared answers by an encoder, kept where divergence looks for them."""

from pathlib import Path

import polars as pl

from sg_assets.declarations.records.embedder import SentenceTransformers
from sg_assets.embedding.divergence_step import measure_divergence
from sg_assets.embedding.embedder_spec import FILES, SentenceSpec
from sg_assets.judging.compared_vectors import embed_compared
from sg_assets.judging.scoring_spec import TEXTS, ScoringSpec
from sg_assets.store.model_output_cache import VECTOR, cached_outputs
from sg_assets.store.workspace import Workspace
from sg_assets_tests.store.steps import new_store, published, recipe, step, workspace

OPTIONS = SentenceTransformers.model_validate({"kind": "sentence_transformers", "model": {"path": "x"}})


def answers(variant: str, *responses: str) -> pl.DataFrame:
    n = len(responses)
    columns = {"item_id": [str(k) for k in range(n)], "cluster_id": "a", "label": "safe", "outcome": "ok"}
    return pl.DataFrame({**columns, "response": list(responses), "variant": [variant] * n})


def test_divergence_is_measured_by_the_vectors_of_the_encoder(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    shown: list[str] = []

    def write(work: Workspace) -> None:
        (work.result_folder / FILES).mkdir(parents=True)
        (work.result_folder / FILES / "config.json").write_text("{}")
        SentenceSpec().write(work.result_folder)

    def embed(spec: ScoringSpec) -> None:
        texts = pl.read_parquet(spec.texts)[TEXTS]
        shown.extend(texts)
        cached_outputs(spec.memory, texts, lambda asked: [[float(text == "a"), 0.6, 0.8] for text in asked], VECTOR)

    embedder = step(store, "models/embedder", write, made_by=recipe(key=())).manifest
    before = published(store, "responses/b[base]", answers("base", "a", "b"))
    after = published(store, "responses/b[sft]", answers("sft", "a", "c"))
    with workspace(store, "scores/divergence[sft] scores/divergence_items[sft]", embedder, before, after) as work:
        embed_compared(work, {"b": None}, 0, options=OPTIONS, memories=tmp_path / "embedded", start=embed)
        measure_divergence(work, {"b": None}, 0, "scores/divergence_items", tmp_path / "embedded")
        items = pl.read_parquet(work.table_file_of("scores/divergence_items"))
    assert sorted(shown) == ["a", "b", "c"]
    assert items["value"].to_list() == [1.0, 1.0]
