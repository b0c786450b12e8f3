"""Models: those that answer, that write the answers to learn from, that embed and that judge."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sg_assets.declarations.asset_names import CHAT_MODEL, EMBEDDER, GENERATOR
from sg_assets.declarations.kinds.kind import AssetKind
from sg_assets.declarations.kinds.restoring import RecordedStep, with_profile, with_seed
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.neutral_values import neutrals
from sg_assets.declarations.recipe_parameters import with_recorded
from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.declarations.records.embedder import SentenceTransformers
from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.errors import SgAssetsError


def _with_chat_model(declared: Declarations, recorded: RecordedStep) -> Declarations:
    models, name = declared.profile.chat_models, str(recorded.ref.partition)
    hub = _recorded_files(recorded.parameters, models[name].hub)
    chat = recorded.parameters.get("chat")
    known = None if chat is None else ChatDeclaration.model_validate({**neutrals(ChatDeclaration), **chat})
    if known is not None and known.chat_template is not None:
        texts = {**declared.chat_templates, known.chat_template: str(recorded.parameters["chat_template"])}
        declared = replace(declared, chat_templates=texts)
    model = models[name].model_copy(update={"hub": hub, "chat": known})
    return with_profile(declared, chat_models={**models, name: model})


def _recorded_files(parameters: Mapping[str, Any], today: ModelFiles | None) -> ModelFiles | None:
    """The files that a version was pinned from; None if it was trained here. Where folders lie is declared today."""
    if "trust_remote_code" not in parameters:
        return None
    declared = {name: value for name, value in parameters.items() if name in ModelFiles.model_fields}
    tokenizer = dict(declared.get("tokenizer") or {})
    if today is not None and "repo" not in declared:
        declared["path"] = today.path
    if "tokenizer_files" in parameters and today is not None and today.tokenizer is not None:
        tokenizer["path"] = today.tokenizer.path
    neutral = neutrals(ModelFiles) | declared | {"tokenizer": tokenizer or None}
    return ModelFiles.model_validate(neutral)


def _with_judge(declared: Declarations, recorded: RecordedStep) -> Declarations:
    judge, models = declared.judges[recorded.ref.table], declared.profile.judges
    kind = recorded.parameters.get("kind")
    if kind is None:
        as_recorded = judge.model_copy(update={"looks_at": recorded.parameters["looks_at"]})
        fitted_here = {name: model for name, model in models.items() if name != judge.name}
        without = with_profile(declared, judges=fitted_here)
        return with_seed(replace(without, judges={**declared.judges, judge.name: as_recorded}), recorded)
    today = models.get(judge.name)
    if today is None or today.kind != kind:
        why = f"the profile declares none of the kind {kind}, whose thresholds and folders are not recorded"
        raise SgAssetsError("the judge's model is not declared any more", where=str(recorded.ref), why=why)
    as_made = with_recorded(today, recorded.parameters)
    return with_seed(with_profile(declared, judges={**models, judge.name: as_made}), recorded)


def _with_embedder(declared: Declarations, recorded: RecordedStep) -> Declarations:
    if "kind" not in recorded.parameters:
        return declared
    today = declared.profile.embedder
    if not isinstance(today, SentenceTransformers):
        raise SgAssetsError("the embedder is not declared any more", where=str(recorded.ref))
    return with_profile(declared, embedder=with_recorded(today, recorded.parameters))


def _judge_file(_: Declarations, asset: str) -> Iterator[str]:
    yield f"models/judges/{JUDGE.table_of(asset)}.yaml"


CHAT_MODELS = AssetKind(
    CHAT_MODEL,
    stage="training",
    trains=True,
    cause="training parameter",
    rows_cause="base model",
    hub_cause="base model",
    read_cause="base model",
    parameters_from_workspace=True,
    restored=_with_chat_model,
)
ANSWER_GENERATOR = AssetKind(
    GENERATOR, cause="generator", hub_cause="base model", read_cause="generator", parameters_from_workspace=True
)
ANSWER_EMBEDDER = AssetKind(EMBEDDER, hub_cause="base model", parameters_from_workspace=True, restored=_with_embedder)
JUDGE = AssetKind("judges/*", cause="judge", read_cause="judge", declared_in=_judge_file, restored=_with_judge)
