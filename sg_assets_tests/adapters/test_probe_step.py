"""What a step does about its adapter's probe."""

import json
from pathlib import Path

from sg_assets.adapters.probe_step import collect_probe, probe_spec
from sg_assets.declarations import load_declarations
from sg_assets_tests.generation.prompt_tables import folder
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.store.steps import new_store, workspace


def test_the_staged_adapter_is_measured_on_the_pinned_model(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    chat = folder(store, "models/chat[base]")
    with workspace(store, "adapters/imported[v]", chat) as work:
        spec = probe_spec(work, load_declarations(PROJECT, "tiny").profile.generation)
        assert (spec.base_model, spec.adapter) == (store.path(chat), work.result_folder)
        assert spec.output_dir == work.folder != work.result_folder


def test_the_probe_goes_into_the_manifest_and_not_into_the_adapter(tmp_path: Path) -> None:
    (tmp_path / "probe.json").write_text(json.dumps({"base": [-1.0]}))
    with workspace(new_store(tmp_path), "adapters/sft[v]") as work:
        collect_probe(work, tmp_path)
        assert work.details == {"probe": {"base": [-1.0]}}
        assert not work.result_folder.exists()
