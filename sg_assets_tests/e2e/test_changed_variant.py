"""A variant's file is edited: its own adapter and what follows are made anew, and nothing else."""

import shutil
from pathlib import Path

import pytest

from sg_assets_tests.e2e.conftest import PROJECT, Finished, run_graph

pytestmark = pytest.mark.e2e


def fingerprints(finished: Finished) -> dict[str, str]:
    store = finished.store
    return {str(ref): store.required_head(ref).fingerprint for ref in store.refs()}


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
    assert {"/".join(path.parts[-4:-1]) for path in made} == {
        "adapters/dpo/sft_dpo", "responses/sg_safety/sft_dpo", "responses/toxigen/sft_dpo",
        "judgements/sg_safety/sft_dpo", "judgements/toxigen/sft_dpo", "scores/sg_safety/sft_dpo", "reports/results/-",
    }  # fmt: skip
    old, new = fingerprints(finished), fingerprints(after)
    assert old["adapters/dpo[sft_dpo]"] != new["adapters/dpo[sft_dpo]"]
    assert old["adapters/kto[sft_kto]"] == new["adapters/kto[sft_kto]"]
