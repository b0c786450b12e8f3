"""Chat models, the generator, and the embedder."""

from functools import partial

import dagster as dg

from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.chat.pinned_chat import pin_chat_model
from sg_assets.declarations.asset_names import CHAT_MODEL, EMBEDDER, GENERATOR
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.declarations.records.embedder import SentenceTransformers
from sg_assets.declarations.records.model import ChatModel
from sg_assets.declarations.token_needs import token_needs
from sg_assets.demo.chat_model import BEHAVIOUR
from sg_assets.demo.chat_model import main as pretrain
from sg_assets.demo.generator_step import write_generator
from sg_assets.demo.pretraining_step import chat_model_spec, collect_chat_model
from sg_assets.demo.unavailable_models import unavailable_model_error
from sg_assets.embedding.embedder_step import fit_embedder
from sg_assets.errors import SgAssetsError
from sg_assets.hub.pin_step import folder_parameters
from sg_assets.judging.judge_parts import write_own_embedder
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.external_sources import chat_model_folders
from sg_assets.orchestration.pipes import GPU_POOL, checkpoint_folder, discard_checkpoints, run_job
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace


def model_assets(project: Project) -> dict[str, AssetDef]:
    """The models that answer or embed."""
    return {CHAT_MODEL: _chat(project), GENERATOR: _generator(project), EMBEDDER: _embedder(project)}


def _unavailable(model: str | None, kind: str, key: str) -> SgAssetsError | None:
    """The error that the step of a declared model ends in; None where none is declared."""
    return None if model is None else unavailable_model_error(model, kind, key)


def _chat(project: Project) -> AssetDef:
    profile = project.declared.profile
    root = project.settings.models

    def recipe(partition: str | None) -> Recipe:
        model = profile.chat_models[str(partition)]
        if model.hub is not None:
            parameters = {**recipe_parameters(model.hub), **folder_parameters(model.hub, root)}
            return project.recipe([pin_chat_model], {**parameters, **_chat_parameters(project, model)})
        if model.seed is None or profile.pretraining is None:
            raise AssertionError("the profile was validated: a chat model has a seed and a pretraining, or a hub")
        parameters = {"seed": profile.seed * 1000 + model.seed, **recipe_parameters(profile.pretraining)}
        libraries = ["torch", "transformers", "tokenizers"]
        return project.recipe([chat_model_spec, pretrain, collect_chat_model], parameters, libraries=libraries)

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        model = profile.chat_models[context.partition_key]
        if model.hub is not None:
            needs = token_needs(profile, project.declared.variants, context.partition_key)
            pin_chat_model(workspace, model.hub, root, _chat_settings(project, model), needs)
            return
        checkpoints = checkpoint_folder(project, workspace, recipe(context.partition_key), BEHAVIOUR)
        run_job(project, context, workspace, pretrain, chat_model_spec(workspace, checkpoints))
        collect_chat_model(workspace)

    return AssetDef(
        "Chat models that answer prompts: the base to be made safe, and one for reference. One made elsewhere "
        "is stored as the list of its files by digest; the weights stay in the hub's cache, or in their folder.",
        recipe, work, frozenset({"pytorch", "huggingface"}), GPU_POOL,
        after_publish=partial(discard_checkpoints, project, BEHAVIOUR),
        metadata=_origin, external_sources=tuple(source.asset for source in chat_model_folders(project)),
    )  # fmt: skip


def _origin(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    """Where a chat model that was made elsewhere comes from; nothing for one that was trained here."""
    parameters, details = manifest.parameters, manifest.details
    if "trust_remote_code" not in parameters:
        return {}
    origin = f"{parameters['repo']}@{details['commit']}" if "repo" in parameters else "a folder"
    tokenizer = parameters.get("tokenizer")
    shown = {
        "source": origin,
        "tokenizer": None if tokenizer is None else tokenizer.get("repo", "a folder"),
        "converted": "from pickled weights" if "convert" in parameters else None,
    }
    return {name: dg.MetadataValue.text(text) for name, text in shown.items() if text is not None}


def _chat_settings(project: Project, model: ChatModel) -> ChatSettings:
    """What is declared of a model's chats, with the text of the template."""
    if model.chat is None:
        return ChatSettings()
    file = model.chat.chat_template
    return ChatSettings(declared=model.chat, template=None if file is None else project.declared.chat_templates[file])


def _chat_parameters(project: Project, model: ChatModel) -> dict[str, object]:
    """The part of the recipe that is declared of a model's chats; none where nothing is."""
    settings = _chat_settings(project, model)
    if settings == ChatSettings():
        return {}
    template = {} if settings.template is None else {"chat_template": settings.template}
    return {"chat": recipe_parameters(settings.declared), **template}


def _generator(project: Project) -> AssetDef:
    endpoint = project.declared.profile.generator
    model = None if endpoint is None else endpoint.model

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        write_generator(workspace, model)

    return AssetDef(
        "The model that writes the safe answers; in the demo, a rule that picks one of the few-shot answers.",
        lambda _: project.recipe([write_generator]), work,
        obstacle=lambda _: _unavailable(model and f"the generator {model}", "a model behind an endpoint", "generator"),
    )  # fmt: skip


def _embedder(project: Project) -> AssetDef:
    seed = project.declared.profile.seed
    declared = project.declared.profile.embedder
    if isinstance(declared, SentenceTransformers):
        return _encoder(project, declared)
    model = None if declared is None else declared.model

    def recipe(_: str | None) -> Recipe:
        return project.recipe([fit_embedder], {"seed": seed}, libraries=["scikit-learn", "scipy", "numpy"])

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        fit_embedder(workspace, seed, model, context.log.info)

    return AssetDef(
        "Turns texts into vectors, to measure how far apart answers are: by shared words and letters, demo quality.",
        recipe, work, frozenset({"scikitlearn"}), records_machine=True,
        obstacle=lambda _: _unavailable(model and f"the embedder {model}", "a model behind an endpoint", "embedder"),
    )  # fmt: skip


def _encoder(project: Project, declared: SentenceTransformers) -> AssetDef:
    root = project.settings.models

    def recipe(_: str | None) -> Recipe:
        parameters = {**recipe_parameters(declared), **folder_parameters(declared.model, root)}
        return project.recipe([write_own_embedder], parameters)

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        write_own_embedder(workspace, declared, root)

    return AssetDef(
        f"Turns texts into vectors, to measure how far apart answers are: {declared.model.label}.",
        recipe, work, frozenset({"huggingface"}),
    )  # fmt: skip
