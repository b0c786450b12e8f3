"""The step that trains a demo chat model: its spec, and the figures it records."""

import json
from pathlib import Path

from sg_assets.demo.pretraining_step import chat_model_spec, collect_chat_model
from sg_assets_tests.store.steps import ROWS, new_store, published, workspace


def test_the_spec_has_the_step_s_parameters_and_the_pinned_rows(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    rows = published(store, "demo/pretraining", ROWS)
    with workspace(store, "models/chat[base]", rows, seed=3, steps=7) as work:
        spec = chat_model_spec(work, tmp_path / "kept")
        assert (spec.rows, spec.output_dir) == (store.path(rows), work.result_folder)
    assert (spec.seed, spec.steps, spec.kept) == (3, 7, tmp_path / "kept")


def test_the_figures_of_the_training_go_into_the_manifest(tmp_path: Path) -> None:
    with workspace(new_store(tmp_path), "models/chat[base]") as work:
        work.result_folder.mkdir()
        (work.result_folder / "training.json").write_text(json.dumps({"loss": 1.5}))
        collect_chat_model(work)
        assert work.details == {"loss": 1.5}
