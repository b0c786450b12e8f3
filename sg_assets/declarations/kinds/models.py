"""Models: those that answer, that write the answers to learn from, that embed and that judge."""

from collections.abc import Iterator
from dataclasses import replace

from sg_assets.declarations.asset_names import CHAT_MODEL, EMBEDDER, GENERATOR
from sg_assets.declarations.kinds.kind import AssetKind
from sg_assets.declarations.kinds.restoring import RecordedStep, with_profile, with_seed
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.neutral_values import neutrals
from sg_assets.declarations.records.model import HubModel


def _with_chat_model(declared: Declarations, recorded: RecordedStep) -> Declarations:
    models, name = declared.profile.chat_models, str(recorded.ref.partition)
    hub = None
    if "repo" in recorded.parameters:
        hub = HubModel.model_validate({**neutrals(HubModel), **recorded.parameters})
    return with_profile(declared, chat_models={**models, name: models[name].model_copy(update={"hub": hub})})


def _with_judge(declared: Declarations, recorded: RecordedStep) -> Declarations:
    judge = declared.judges[recorded.ref.table]
    as_recorded = judge.model_copy(update={"looks_at": recorded.parameters["looks_at"]})
    return with_seed(replace(declared, judges={**declared.judges, judge.name: as_recorded}), recorded)


def _judge_file(_: Declarations, asset: str) -> Iterator[str]:
    yield f"models/judges/{JUDGE.table_of(asset)}.yaml"


CHAT_MODELS = AssetKind(
    CHAT_MODEL,
    stage="training",
    trains=True,
    cause="training parameter",
    hub_cause="base model",
    read_cause="base model",
    parameters_from_workspace=True,
    restored=_with_chat_model,
)
ANSWER_GENERATOR = AssetKind(
    GENERATOR, cause="generator", hub_cause="base model", read_cause="generator", parameters_from_workspace=True
)
ANSWER_EMBEDDER = AssetKind(EMBEDDER, hub_cause="base model", parameters_from_workspace=True)
JUDGE = AssetKind("judges/*", cause="judge", read_cause="judge", declared_in=_judge_file, restored=_with_judge)
