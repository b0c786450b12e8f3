"""Chat models, the generator, the embedder, and the judges."""

import json
from functools import partial

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.jobs import GPU_POOL, discard_kept, kept_folder, run_job
from sg_assets.assets.project import Project
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.declarations.neutral import neutrals
from sg_assets.declarations.records import HubModel, Pretraining
from sg_assets.demo.chat_model_spec import ChatModelSpec
from sg_assets.errors import SgAssetsError
from sg_assets.store.step import Recipe, Workspace

_PAIRS = 200
"""Pairs of each kind the embedder is checked on."""


def model_assets(project: Project) -> dict[str, Making]:
    """The models that answer or embed, and the judges that score."""
    judges = {f"judges/{name}": _judge(project, name) for name in project.declared.judges}
    models = {"chat": _chat(project), "generator": _generator(project), "embedder": _embedder(project)}
    return {**{f"models/{name}": making for name, making in models.items()}, **judges}


def _chat(project: Project) -> Making:
    profile = project.declared.profile

    def recipe(partition: str | None) -> Recipe:
        model = profile.chat_models[str(partition)]
        if model.hub is not None:
            return project.recipe(["hub.resolve"], recipe_parameters(model.hub))
        if model.seed is None or profile.pretraining is None:
            raise AssertionError("the profile was validated: a chat model has a seed and a pretraining, or a hub")
        parameters = {"seed": profile.seed * 1000 + model.seed, **recipe_parameters(profile.pretraining)}
        libraries = ["torch", "transformers", "tokenizers"]
        return project.recipe(["demo.chat_model"], parameters, libraries=libraries)

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        hub = profile.chat_models[context.partition_key].hub
        if hub is not None:
            _resolve(workspace, hub)
            return
        spec = ChatModelSpec(
            rows=workspace.input_path("demo/pretraining"),
            output_dir=workspace.result_folder,
            kept=kept_folder(project, workspace, recipe(context.partition_key)),
            **{**neutrals(Pretraining), **workspace.parameters},
        )
        run_job(context, workspace, "sg_assets.demo.chat_model", spec)
        workspace.details.update(json.loads((workspace.result_folder / "training.json").read_text(encoding="utf-8")))

    return Making(
        "Chat models that answer prompts: the base to be made safe, and one for reference. One of the hub is the list"
        " of its files by digest; the weights stay in the hub's cache.",
        recipe, run, frozenset({"pytorch", "huggingface"}), GPU_POOL,
        published=partial(discard_kept, project),
    )  # fmt: skip


def _resolve(workspace: Workspace, hub: HubModel) -> None:
    from sg_assets.hub.fetch import hub_token
    from sg_assets.hub.resolve import resolve

    snapshot = resolve(hub.repo, hub.revision, trust_remote_code=hub.trust_remote_code, token=hub_token())
    workspace.result_folder.mkdir()
    snapshot.write(workspace.result_folder)
    workspace.details.update(commit=snapshot.commit, files=len(snapshot.files), model_bytes=snapshot.bytes)


def _generator(project: Project) -> Making:
    made_by = project.recipe(["demo.responder"])
    endpoint = project.declared.profile.generator

    def run(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        if endpoint is not None:
            raise _out_of_reach(f"the generator {endpoint.model}", "a model behind an endpoint", "generator")
        workspace.result_folder.mkdir()
        # The rule is its code: answers are keyed by this content, so another rule is asked anew.
        text = json.dumps({"engine": "rule", "code": made_by.code.fingerprint}, indent=1, sort_keys=True)
        (workspace.result_folder / "generator.json").write_text(text, encoding="utf-8")

    return Making(
        "Who writes the safe answers: in the demo a rule that picks one of the few-shot answers.",
        lambda _: made_by, run,
    )  # fmt: skip


def _embedder(project: Project) -> Making:
    seed = project.declared.profile.seed
    endpoint = project.declared.profile.embedder

    def recipe(_: str | None) -> Recipe:
        libraries = ["scikit-learn", "scipy", "numpy"]
        return project.recipe(["embedding.embedder", "demo.paraphrases"], {"seed": seed}, libraries=libraries)

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.demo.paraphrases import pairs
        from sg_assets.embedding.embedder import Embedder, evaluate, fit

        if endpoint is not None:
            raise _out_of_reach(f"the embedder {endpoint.model}", "a model behind an endpoint", "embedder")
        fitted = workspace.table("demo/judge_texts").filter(pl.col("use") == "fit")
        texts = fitted["text"].unique().sort().to_list()
        workspace.details.update(fit(texts, workspace.result_folder, seed=seed))
        checked = pairs(seed, _PAIRS)
        columns = [checked[name].to_list() for name in ("left", "right", "related", "kind")]
        found = evaluate(Embedder.load(workspace.result_folder), *columns)
        workspace.details["on_unseen_wordings"] = found
        context.log.info(f"embedder: {found} on pairs of unseen wordings")

    return Making(
        "Turns texts into vectors, to tell how far answers are apart: by words and letters they share, demo quality.",
        recipe, run, frozenset({"scikitlearn"}), numeric=True,
    )  # fmt: skip


def _judge(project: Project, name: str) -> Making:
    declared = project.declared.judges[name]
    seed = project.declared.profile.seed

    def recipe(_: str | None) -> Recipe:
        libraries = ["scikit-learn", "scipy", "numpy"]
        parameters = {"judge": name, "seed": seed, "looks_at": declared.looks_at}
        return project.recipe(["judging.linear"], parameters, libraries=libraries)

    hub = project.declared.profile.judges.get(name)

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.judging.linear import LinearJudge, accuracy_by, evaluate, fit

        if hub is not None:
            raise _out_of_reach(f"the judge {hub.repo}", "a model of the hub", f"judges.{name}")
        texts = workspace.table("demo/judge_texts").filter(pl.col("judge") == name).sort("row_id")
        fitted = texts.filter(pl.col("use") == "fit")
        if fitted.is_empty():
            raise SgAssetsError(f"no texts to fit judge '{name}' on", where="demo/judge_texts")
        workspace.result_folder.mkdir()
        folder = workspace.result_folder
        given = (fitted["text"].to_list(), fitted["label"].to_list(), folder)
        workspace.details.update(fit(*given, seed=seed, looks_at=declared.looks_at))
        unseen = texts.filter(pl.col("use") == "check")
        asked = (LinearJudge.load(folder), unseen["text"].to_list(), unseen["label"].to_list())
        found = {**evaluate(*asked), "accuracy": accuracy_by(*asked, unseen["kind"].to_list())}
        workspace.details["on_unseen_wordings"] = found
        context.log.info(f"judge {name}: {found} on {unseen.height} texts of unseen wordings")

    return Making(
        f"{declared.description} Demo judge, not a moderation model.",
        recipe, run, frozenset({"scikitlearn"}), numeric=True,
    )  # fmt: skip


def _out_of_reach(model: str, kind: str, key: str) -> SgAssetsError:
    return SgAssetsError(
        f"{model} cannot be used yet",
        where=f"the profile, {key}",
        why=f"it is {kind}: this version answers with rules and scores with judges it fitted itself",
        remedy=f"Run a profile without {key}",
    )
