"""A variant's file is edited: its own adapter and what follows are made anew, and nothing else."""

import json
import shutil
from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.store.refs import Ref
from sg_assets_tests.declarations.graphs import build_graph
from sg_assets_tests.e2e.conftest import Finished, run_graph, sg_assets
from sg_assets_tests.paths import PROJECT

ADAPTER = Ref.parse("adapters/dpo[sft_dpo]")
pytestmark = pytest.mark.e2e


def fingerprints(finished: Finished) -> dict[str, str]:
    store = finished.store
    return {str(ref): store.required_head(ref).fingerprint for ref in store.refs()}


def downstream(ref: Ref) -> set[Ref]:
    """An asset partition and all that is made from it."""
    graph = build_graph(load_declarations(PROJECT, "tiny"), generated_comments=True)
    refs = {ref}
    for candidate in graph.refs:  # upstream first
        if refs & set(graph.inputs(candidate.asset, candidate.partition)):
            refs.add(candidate)
    return refs


def test_another_learning_rate_moves_one_adapter_and_what_follows(finished: Finished, tmp_path: Path) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    shutil.copytree(finished.home, home)
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, project / folder)
    with (project / "models/variants/sft_dpo.yaml").open("a") as file:
        file.write("training: {learning_rate: 0.002}\n")
    before = {path.name for path in (home / "tiny/store/manifests").rglob("*.json")}
    after = run_graph(home, SG_PROJECT=str(project))
    made = {path for path in (home / "tiny/store/manifests").rglob("*.json") if path.name not in before}
    refs = {Ref.of_folder("/".join(path.parts[-4:-1])) for path in made}
    assert {ADAPTER, Ref.parse("responses/sg_safety[sft_dpo]"), Ref.parse("responses/toxigen[sft_dpo]")} <= refs
    assert refs <= downstream(ADAPTER)
    old, new = fingerprints(finished), fingerprints(after)
    assert old["adapters/dpo[sft_dpo]"] != new["adapters/dpo[sft_dpo]"]
    assert old["adapters/kto[sft_kto]"] == new["adapters/kto[sft_kto]"]
    explained = sg_assets(home, "why", str(ADAPTER), "--format", "json", SG_PROJECT=str(project))
    [cause] = json.loads(explained.stdout)["causes"]
    assert (cause["kind"], cause["places"], cause["name"]) == (
        "training parameter", ["adapters/dpo[sft_dpo]"], "learning_rate",
    )  # fmt: skip
