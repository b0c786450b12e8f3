"""Published judges and answers."""

import shutil
from pathlib import Path

import polars as pl

from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import recipe, step

RUDE, KIND = "you are grobok", "you are friendly"


def judge(store: Store, folder: Path, name: str = "toxicity") -> Manifest:
    """A published judge."""

    def copy(workspace: Workspace) -> None:
        shutil.copytree(folder, workspace.result_folder)

    return step(store, f"judges/{name}", copy, made_by=recipe(key=())).manifest


ANSWERS = pl.DataFrame(
    {
        "item_id": ["c", "b", "a"],
        "prompt": "x",
        "response": [RUDE, None, KIND],
        "outcome": ["ok", "blocked", "ok"],
    }
)
