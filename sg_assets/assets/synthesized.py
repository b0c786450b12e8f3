"""Answers to learn from: the base model's own, and the generator's safe ones."""

from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.jobs import GPU_POOL
from sg_assets.assets.judging import asked_judge
from sg_assets.assets.project import Project
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.generation.few_shot import REFUSE_ANYWAY, SAFE_ANSWER
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.generation.known import Requests

_TO_ANSWER = """
SELECT prompts.prompt_id, prompts.prompt, prompts.label
FROM templated.prompts AS prompts
JOIN templated.splits AS splits USING (prompt_id)
WHERE splits.split IN ('train', 'dev')
ORDER BY prompts.prompt_id
"""


def synthesized_assets(project: Project) -> dict[str, Making]:
    """Answers to the prompts of ``train`` and ``dev``."""
    return {
        "synthesized/base_responses": _base_responses(project),
        "synthesized/safe_responses": _generated(
            project, "Safe answers to unsafe prompts, written by the generator.", "unsafe", SAFE_ANSWER
        ),
        "synthesized/safe_prompt_rejections": _generated(
            project, "Refusals of safe prompts, to pair against the base model's answers in DPO.", "safe", REFUSE_ANYWAY
        ),
    }


def _prompts(workspace: Workspace) -> "pl.DataFrame":
    return workspace.query(_TO_ANSWER)


def _base_responses(project: Project) -> Making:
    settings = project.declared.profile.generation

    def recipe(_: str | None) -> Recipe:
        return project.recipe(
            ["generation.generate", "generation.transformers_engine", "judging.score"],
            recipe_parameters(settings),
            libraries=["torch", "transformers", "scikit-learn"],
            key=("prompt_id",),
        )

    def asked(workspace: Workspace, prompts: "pl.DataFrame") -> "Requests":
        from sg_assets.generation.known import Requests
        from sg_assets.generation.transformers_engine import TransformersEngine

        model = workspace.inputs["models/chat"][0]
        engine = TransformersEngine(settings, (model, project.store.path(model)), None)
        return Requests(engine, [[{"role": "user", "content": prompt}] for prompt in prompts["prompt"]])

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.generation.generate import generate
        from sg_assets.judging.score import score_responses

        prompts = _prompts(workspace)
        to = asked(workspace, prompts)
        generated = generate(to.engine, project.settings.answers, to.chats, context.log.info, run_id=context.run.run_id)
        workspace.details.update(generated.details())
        workspace.ran_on(generated.machines)
        answered = pl.concat([prompts.select("prompt_id"), generated.frame()], how="horizontal")
        judges = {f"{name}_score": asked_judge(project, workspace, name) for name in ("toxicity", "rejection")}
        workspace.write_table(score_responses(answered, judges))

    return Making(
        "The base model's own answers, wanted on safe prompts and unwanted on unsafe ones, with the judges' scores.",
        recipe, run, frozenset({"pytorch", "huggingface"}), GPU_POOL, numeric=True,
        asks=lambda workspace: asked(workspace, _prompts(workspace)),
    )  # fmt: skip


def _generated(project: Project, description: str, label: str, instruction: str) -> Making:
    def recipe(_: str | None) -> Recipe:
        modules = ["generation.generate", "generation.few_shot", "generation.rule_engine", "demo.responder"]
        return project.recipe(modules, {"label": label, "instruction": instruction}, key=("prompt_id",))

    def asked(workspace: Workspace, prompts: "pl.DataFrame") -> "Requests":
        from sg_assets.demo.responder import respond
        from sg_assets.generation.few_shot import generator_chats
        from sg_assets.generation.known import Requests
        from sg_assets.generation.rule_engine import RuleEngine

        few_shots = workspace.table("synthesized/few_shots").sort("example_id").to_dicts()
        lexicon = workspace.table("synthesized/lexicon").sort("term").to_dicts()
        chats = generator_chats(prompts["prompt"].to_list(), few_shots, lexicon, instruction)
        return Requests(RuleEngine(workspace.inputs["models/generator"][0].fingerprint, respond), chats)

    def labelled(workspace: Workspace) -> "pl.DataFrame":
        import polars as pl

        return _prompts(workspace).filter(pl.col("label") == label)

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.generation.generate import generate

        prompts = labelled(workspace)
        to = asked(workspace, prompts)
        generated = generate(to.engine, project.settings.answers, to.chats, context.log.info, run_id=context.run.run_id)
        workspace.details.update(generated.details())
        workspace.write_table(pl.concat([prompts.select("prompt_id"), generated.frame()], how="horizontal"))

    return Making(description, recipe, run, asks=lambda workspace: asked(workspace, labelled(workspace)))
