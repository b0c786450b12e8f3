"""Adapters of three methods in a real store, each with the tables that it learns from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from sg_assets.declarations.asset_names import EXAMPLES
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import step

SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "sft": {"rank": 32, "seed": 7, "learning_rate": 0.001},
    "kto": {"rank": 32, "seed": 7, "learning_rate": 0.001, "beta": 0.1, "undesirable_weight": 1.5},
    "dpo": {"rank": 32, "seed": 7, "learning_rate": 0.001, "beta": 0.1, "loss": "sigmoid"},
}
"""What each method is declared with."""


@dataclass(frozen=True)
class Trained:
    """How a variant is trained."""

    method: str
    mix: str = "balanced"
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Other values than those of the method."""
    trl: str = "1.16.0"


def publish_prompts(store: Store, prompts: int, *names: str) -> None:
    """The prompts, and the tables that are made of them; only ``names`` where any are named."""
    make = partial(step, store, f"prompts {prompts} {names}", key=("prompt_id",))
    if not names or "prompts" in names:
        rows = pl.DataFrame({"prompt_id": [f"p{n}" for n in range(prompts)], "prompt": "Say it"})
        make("templated/prompts", lambda space: space.write_table(rows), {"prompts": prompts})
    for mix, unsafe in (("balanced", 50), ("unsafe_only", 100)):
        if not names or mix in names:
            make(f"training/mix_prompts[{mix}]", partial(_mix, unsafe), {"unsafe": unsafe}, ["templated/prompts"])
    if not names or "rejections" in names:
        make("synthesized/safe_prompt_rejections", partial(_mix, 1), {}, ["templated/prompts"])


def train(store: Store, run: str, variant: str, trained: Trained) -> Manifest:
    """Publish the examples of the variant's mix, and its adapter."""
    table = f"{EXAMPLES[trained.method]}[{trained.mix}]"
    tables = [f"training/mix_prompts[{trained.mix}]"]
    if trained.method == "dpo":
        tables.append("synthesized/safe_prompt_rejections")
    step(store, run, table, partial(_examples, trained.method), {}, tables, key=("example_id",))
    settings = {**SETTINGS[trained.method], **trained.settings}
    name = f"adapters/{trained.method}[{variant}]"
    return step(store, run, name, partial(_adapter, f"{trained} {variant}"), settings, [table],
                versions={"trl": trained.trl})  # fmt: skip


def _mix(unsafe: int, space: Workspace) -> None:
    space.write_table(space.table("templated/prompts").with_columns(unsafe=pl.lit(unsafe)))


def _examples(method: str, space: Workspace) -> None:
    prompts = space.table("training/mix_prompts")
    space.write_table(prompts.rename({"prompt_id": "example_id"}).with_columns(made_for=pl.lit(method)))


def _adapter(text: str, space: Workspace) -> None:
    space.result_folder.mkdir()
    learned = space.inputs[next(name for name in space.inputs if name.startswith("training/"))][0].fingerprint
    (space.result_folder / "weights").write_text(f"{text} {learned}")
