"""Published prompts, their split, and what a generator is given."""

import polars as pl

from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import published, recipe, step

PROMPTS = pl.DataFrame(
    {"prompt_id": ["c", "b", "a"], "prompt": ["third", "second", "first"], "label": ["safe", "unsafe", "unsafe"]}
)
SPLITS = pl.DataFrame({"prompt_id": ["a", "b", "c"], "split": ["train", "holdout", "dev"]})


def prompts(store: Store) -> tuple[Manifest, Manifest]:
    """Three prompts, one of them held out."""
    return published(store, "templated/prompts", PROMPTS), published(store, "templated/splits", SPLITS)


def folder(store: Store, name: str, text: str = "{}") -> Manifest:
    """A published folder of one file, as models are."""

    def write(workspace: Workspace) -> None:
        workspace.result_folder.mkdir()
        (workspace.result_folder / "config.json").write_text(text)

    return step(store, name, write, made_by=recipe(key=())).manifest
