"""The step that trains an adapter: its spec, and the result it collects."""

import json
from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.loading import Declarations
from sg_assets.training.adapter_step import collect_adapter, training_spec
from sg_assets_tests.generation.prompt_tables import folder
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.store.steps import ROWS, new_store, published, workspace


@pytest.fixture(scope="module")
def declared() -> Declarations:
    return load_declarations(PROJECT, "tiny")


def test_a_training_on_an_adapter_names_both_by_their_content(declared: Declarations, tmp_path: Path) -> None:
    store = new_store(tmp_path)
    chat, parent = folder(store, "models/chat[base]"), folder(store, "adapters/sft[sft_r128]", "{ }")
    rows = published(store, "training/kto_examples[balanced]", ROWS)
    with workspace(store, "adapters/kto[sft_kto]", chat, parent, rows) as work:
        spec = training_spec(work, declared.variants["sft_kto"], declared.profile, tmp_path / "kept")
    assert spec.base_id == f"models/chat[base]@{chat.fingerprint}"
    assert spec.parent_id == f"adapters/sft[sft_r128]@{parent.fingerprint}"
    assert (spec.parent_adapter, spec.examples) == (store.path(parent), store.path(rows))


def test_a_training_on_the_base_has_no_parent(declared: Declarations, tmp_path: Path) -> None:
    store = new_store(tmp_path)
    given = folder(store, "models/chat[base]"), published(store, "training/sft_examples[balanced]", ROWS)
    with workspace(store, "adapters/sft[sft_r128]", *given) as work:
        spec = training_spec(work, declared.variants["sft_r128"], declared.profile, tmp_path / "kept")
    assert (spec.parent_adapter, spec.parent_id) == (None, None)


def test_the_adapter_is_the_result_and_the_figures_go_into_the_manifest(tmp_path: Path) -> None:
    output = tmp_path / "training"
    (output / "adapter").mkdir(parents=True)
    (output / "adapter/adapter_config.json").write_text("{}")
    (output / "summary.json").write_text(json.dumps({"train_loss": 1.5}))
    pl.DataFrame({"step": [1], "loss": [2.0]}).write_parquet(output / "curve.parquet")
    with workspace(new_store(tmp_path), "adapters/sft[v]") as work:
        collect_adapter(work, output)
        assert (work.result_folder / "adapter_config.json").is_file()
        assert work.details == {"train_loss": 1.5, "curve": [{"step": 1, "loss": 2.0}]}
