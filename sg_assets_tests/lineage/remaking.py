"""Makes versions of the small world from their manifests, as the project's steps do for a real project."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from sg_assets.code.module_forms import normal_form
from sg_assets.reproduction.stored_code import stored_code_of
from sg_assets.store.manifests import Manifest
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.scratch_step import make_in_scratch
from sg_assets.store.stored_sources import stored_text
from sg_assets.store.workspace import Workspace
from sg_assets_tests.lineage.world import World

ITEMS = {"scores/sg_safety": {"scores/sg_safety_items": ("metric", "slice", "item_id")}}


@dataclass
class Remake:
    """Makes a version in a scratch store, and records its asset."""

    store: ScratchStore
    made: list[str] = field(default_factory=list)

    def __call__(self, wanted: Manifest, inputs: Sequence[Manifest]) -> Manifest:
        self.made.append(wanted.asset)
        keys = {wanted.asset: wanted.key, **ITEMS.get(wanted.asset, {})}
        return make_in_scratch(self.store, wanted, inputs, keys, self._work(wanted, inputs))[0]

    def _work(  # noqa: PLR0911 - a table of cases, each with its own work
        self, wanted: Manifest, inputs: Sequence[Manifest]
    ) -> Callable[[Workspace], None]:
        world, values = replace(World(), variant=str(wanted.partition)), wanted.parameters
        texts = {name: stored_text(self.store.beneath, digest) or "" for name, digest in wanted.code.texts.items()}
        if wanted.asset == "templated/templates":
            return lambda space: space.write_table(pl.DataFrame(values["rows"]))
        if wanted.asset == "templated/prompts":
            return lambda space: space.write_query(texts["sql/templated/prompts.sql"], {})
        if wanted.asset == "training/sft_examples":
            return lambda space: space.write_query("SELECT prompt_id AS example_id, prompt FROM templated.prompts", {})
        if wanted.asset == "models/chat":
            return folder(f"chat {values['seed']}")
        if wanted.asset == "judges/toxicity":
            return folder(
                normal_form((stored_code_of(self.store.beneath, wanted).texts() or {})["sg_assets/judging/linear.py"])
            )
        if wanted.asset == "adapters/sft":
            [seed] = [manifest.parameters["seed"] for manifest in inputs if manifest.asset == "models/chat"]
            parent = next((manifest.partition for manifest in inputs if manifest.asset == "adapters/sft"), None)
            return folder(json.dumps([values, wanted.libraries["torch"], seed, parent]))
        if wanted.asset == "responses/sg_safety":
            return replace(world, torch=wanted.libraries["torch"]).answer
        if wanted.asset == "judgements/sg_safety":
            return replace(world, thresholds=values["thresholds"]).judge
        if wanted.asset == "scores/sg_safety":
            return replace(world, metrics_sql=texts["sql/scores/sg_safety.sql"]).score
        raise AssertionError(f"the small world has no step for {wanted.asset}")


def folder(text: str) -> Callable[[Workspace], None]:
    """Work that writes a folder with a single file."""

    def work(space: Workspace) -> None:
        space.result_folder.mkdir()
        (space.result_folder / "weights").write_text(text)

    return work
