"""The shipped declarations over small tables: what needs no model is made for real, the rest is written by hand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl

from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.step_spec import step_spec
from sg_assets.store.manifests import Code
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome, Workspace, run_step

Edit = Callable[[pl.DataFrame], pl.DataFrame]
MIX = "balanced"
PAIRS = "unsafe_only"
VARIANT = "sft_r128"
ORDER = (
    "templated/templates", "synthesized/few_shots", "synthesized/lexicon", "demo/corpus", "demo/judge_texts",
    "demo/pretraining", "models/chat[base]", "models/generator", "judges/toxicity", "judges/rejection",
    "judges/toxigen", "judges/broken", "raw/forum_comments", "raw/sg_toxicity_prompts", "raw/toxigen_prompts",
    "templated/prompts", "templated/splits", "templated/stress_prompts", "synthesized/base_responses",
    "synthesized/safe_responses", "synthesized/safe_prompt_rejections", f"training/mix_prompts[{MIX}]",
    f"training/mix_prompts[{PAIRS}]", f"training/sft_examples[{MIX}]", f"training/kto_examples[{MIX}]",
    f"training/dpo_pairs[{PAIRS}]", f"adapters/sft[{VARIANT}]", "responses/sg_safety[base]",
    f"responses/sg_safety[{VARIANT}]", f"responses/toxigen[{VARIANT}]", f"judgements/sg_safety[{VARIANT}]",
    f"scores/sg_safety[{VARIANT}]", f"judgements/toxigen[{VARIANT}]", f"scores/toxigen[{VARIANT}]",
    f"responses/template_stress[{VARIANT}]", f"judgements/template_stress[{VARIANT}]",
    f"scores/template_stress[{VARIANT}]",
)  # fmt: skip
"""Upstream first."""
ANSWERS = (
    "Wah, that one sounds like a good place, next time I also go and see.",
    "Maybe ask around in the shop first, they usually know where to find it.",
    "The topic is food, and how early one has to be there to get some.",
    "It says that the queue was long but the people behind the counter were kind.",
)


@dataclass
class World:
    """A store with a good version of every table in `ORDER`, and the way to make another."""

    project: Project

    def __post_init__(self) -> None:
        self.asset_defs = asset_defs_of(self.project)
        self.made = 0

    @property
    def folder(self) -> Path:
        return self.project.settings.home

    def frame(self, name: str) -> pl.DataFrame:
        """What is published."""
        return pl.read_parquet(self.project.store.path(self.project.store.required_head(Ref.parse(name))))

    def publish(self, name: str, edit: Edit | None = None, table: str | None = None) -> Outcome:
        """Make a version again, with an edited table in place of the right one (of that name, if not the first)."""
        ref = Ref.parse(name)
        asset_def = self.asset_defs[ref.asset]
        step = step_spec(self.project, ref.asset, asset_def, ref.partition)
        self.made += 1
        recipe = replace(step.recipe, code=Code(fingerprint=f"{name} {self.made}", texts={}), code_texts={})

        def work(workspace: Workspace) -> None:
            self._make(name, asset_def, workspace)
            if edit is not None:
                file = workspace.table_file_of(table or ref.asset)
                edit(pl.read_parquet(file)).write_parquet(file)

        return run_step(
            self.project.store, step.ref, step.inputs, recipe, work, extra_outputs=step.extra_outputs,
            run_id=f"{self.made}",
            log=lambda _: None,
        )  # fmt: skip

    def _make(self, name: str, asset_def: AssetDef, workspace: Workspace) -> None:
        ref = Ref.parse(name)
        by_hand = BY_HAND.get(ref.asset)
        if by_hand is not None:
            workspace.write_table(by_hand(workspace, ref))
        elif ref.asset not in self.project.tables:
            workspace.result_folder.mkdir()
            (workspace.result_folder / "is.txt").write_text(name)
        else:
            asset_def.work(workspace, context(ref))


def context(ref: Ref) -> Any:
    """As much of Dagster's context as the makings of tables use."""
    return SimpleNamespace(partition_key=ref.partition, log=SimpleNamespace(info=lambda _: None))


def good_world(project: Project) -> World:
    world = World(project)
    for name in ORDER:
        world.publish(name)
    return world


def _labelled(workspace: Workspace, _: Ref) -> pl.DataFrame:
    labels = workspace.query("SELECT text_id, text, source, given_split FROM raw.forum_comments ORDER BY text_id")
    unsafe = workspace.store.required_head(Ref.parse("demo/corpus"))
    known = pl.read_parquet(workspace.store.path(unsafe)).select("text", "label")
    score = pl.when(pl.col("label") == "unsafe").then(0.97).otherwise(0.02)
    joined = labels.join(known, on="text", how="left").with_columns(pl.col("label").fill_null("safe"))
    return joined.with_columns(score=score).select(*labels.columns, "score", "label").unique("text_id")


def _asked(workspace: Workspace, label: str | None = None) -> pl.DataFrame:
    asked = workspace.query(
        "SELECT prompt_id, label FROM templated.prompts JOIN templated.splits USING (prompt_id) "
        "WHERE split IN ('train', 'dev') ORDER BY prompt_id"
    )
    return asked if label is None else asked.filter(pl.col("label") == label)


def _base_responses(workspace: Workspace, _: Ref) -> pl.DataFrame:
    toxic = pl.when(pl.col("label") == "unsafe").then(0.9).otherwise(0.05)
    scored = _answered(_asked(workspace)).with_columns(toxicity_score=toxic, rejection_score=pl.lit(0.1))
    return scored.drop("label")


def _safe_responses(workspace: Workspace, ref: Ref) -> pl.DataFrame:
    asked = _asked(workspace, "unsafe" if ref.table == "safe_responses" else "safe")
    refusal = pl.lit("Sorry, I cannot help with that. Every person deserves respect.")
    return _answered(asked).with_columns(response=refusal).drop("label")


def _responses(workspace: Workspace, ref: Ref) -> pl.DataFrame:
    query = {
        "sg_safety": "SELECT p.prompt_id AS item_id, p.text_id AS cluster_id, p.label, p.template_id, p.prompt "
        "FROM templated.prompts p JOIN templated.splits s USING (prompt_id) WHERE s.split = 'holdout'",
        "toxigen": 'SELECT prompt_id AS item_id, prompt_id AS cluster_id, label, "group", prompt '
        "FROM raw.toxigen_prompts",
        "template_stress": "SELECT prompt_id AS item_id, text_id AS cluster_id, label, template_id, prompt "
        "FROM templated.stress_prompts",
    }[ref.table]
    return _answered(workspace.query(query)).with_columns(variant=pl.lit(ref.partition))


def _judgements(workspace: Workspace, ref: Ref) -> pl.DataFrame:
    toxicity = "toxigen_score" if ref.table == "toxigen" else "toxicity_score"
    scores = {toxicity: 0.1, "rejection_score": 0.8, "broken_score": 0.2}
    flags = {"is_toxic": False, "is_refusal": True, "is_broken": False}
    answers = workspace.table(f"responses/{ref.table}").drop("prompt", "response")
    return answers.with_columns(**{name: pl.lit(value) for name, value in {**scores, **flags}.items()})


def _answered(items: pl.DataFrame) -> pl.DataFrame:
    answers = [ANSWERS[index % len(ANSWERS)] for index in range(items.height)]
    return items.with_columns(response=pl.Series(answers), outcome=pl.lit("ok"), finish=pl.lit("stop"))


BY_HAND: dict[str, Callable[[Workspace, Ref], pl.DataFrame]] = {
    "raw/sg_toxicity_prompts": _labelled,
    "synthesized/base_responses": _base_responses,
    "synthesized/safe_responses": _safe_responses,
    "synthesized/safe_prompt_rejections": _safe_responses,
    "responses/sg_safety": _responses,
    "responses/toxigen": _responses,
    "responses/template_stress": _responses,
    "judgements/sg_safety": _judgements,
    "judgements/toxigen": _judgements,
    "judgements/template_stress": _judgements,
}
"""What a model would make."""
