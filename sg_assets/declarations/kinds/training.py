"""What adapters are trained on, and the adapters: trained here, or imported."""

from collections.abc import Iterator
from dataclasses import replace

from pydantic import BaseModel

from sg_assets.declarations.asset_names import BASE_RESPONSES, IMPORTED_ADAPTERS, SAFE_PROMPT_REJECTIONS, SAFE_RESPONSES
from sg_assets.declarations.columns import RESPONSE, column
from sg_assets.declarations.kinds.kind import AssetKind, fixed_columns
from sg_assets.declarations.kinds.restoring import (
    RecordedStep,
    with_filters,
    with_generation,
    with_profile,
    with_seed,
)
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.losses import default_losses
from sg_assets.declarations.recipe_parameters import with_recorded
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.errors import SgAssetsError


def _with_variant(declared: Declarations, recorded: RecordedStep) -> Declarations:
    values, name = recorded.parameters, str(recorded.ref.partition)
    if name not in declared.variants:
        raise SgAssetsError(f"the variant '{name}' is not declared any more", where=str(recorded.ref))
    known = {key: value for key, value in values.items() if key in TrainingOptions.model_fields and value is not None}
    # A version without a loss had its method's own, whatever the profile declares now.
    own = default_losses(declared.variants[name].method)
    known = {"loss": own, **known} if own else known
    variant = declared.variants[name].model_copy(
        update={
            "rank": values["declared_rank"],
            "seed": values["seed"],
            "training": with_recorded(declared.variants[name].training, _unset(TrainingOptions) | known),
        }
    )
    as_recorded = replace(declared, variants={**declared.variants, name: variant})
    return with_profile(as_recorded, rank_scale=values["rank_scale"])


def _with_imported(declared: Declarations, recorded: RecordedStep) -> Declarations:
    name = str(recorded.ref.partition)
    if name not in declared.variants:
        raise SgAssetsError(f"the variant '{name}' is not declared any more", where=str(recorded.ref))
    today, then = declared.variants[name].adapter, recorded.parameters["adapter"]
    if today is None or (today.path is None) == ("repo" not in then):
        raise SgAssetsError("what it was imported from is not declared any more", where=str(recorded.ref))
    variant = declared.variants[name].model_copy(update={"adapter": with_recorded(today, then)})
    return replace(declared, variants={**declared.variants, name: variant})


def _unset(record: type[BaseModel]) -> dict[str, None]:
    """Every field as it is where nothing is declared."""
    return dict.fromkeys(record.model_fields)


def _with_answers(declared: Declarations, recorded: RecordedStep) -> Declarations:
    """With what was done to answers: a version that does not say so kept them as they were."""
    how = recorded.parameters.get("personal_data", "keep")
    answers = declared.profile.answers.model_copy(update={"personal_data": how, "at_most": 1.0})
    return with_seed(with_profile(declared, answers=answers), recorded)


def _variant_files(declared: Declarations, asset: str) -> Iterator[str]:
    method = asset.rpartition("/")[2]
    trained = (variant for variant in declared.variants.values() if variant.method == method)
    yield from dict.fromkeys(variant.file for variant in trained)


def _with_base_responses(declared: Declarations, recorded: RecordedStep) -> Declarations:
    return with_filters(with_generation(declared, recorded), recorded)


_PROMPT_ID = column("prompt_id", "VARCHAR", "The prompt answered.", "templated/prompts.prompt_id")

BASE_RESPONSE_TABLE = AssetKind(
    BASE_RESPONSES,
    cause="sampling settings",
    restored=_with_base_responses,
    columns=fixed_columns(
        _PROMPT_ID,
        *RESPONSE,
        column("toxicity_score", "DOUBLE", "The toxicity judge's score of the answer, 0 to 1."),
        column("rejection_score", "DOUBLE", "The rejection judge's score of the answer, 0 to 1."),
    ),
)
SAFE_RESPONSE_TABLE = AssetKind(SAFE_RESPONSES, columns=fixed_columns(_PROMPT_ID, *RESPONSE))
SAFE_PROMPT_REJECTION_TABLE = AssetKind(SAFE_PROMPT_REJECTIONS, columns=fixed_columns(_PROMPT_ID, *RESPONSE))
TRAINING_TABLE = AssetKind("training/*", restored=_with_answers)
"""The prompts of a mix, and the rows a method learns from; made by SQL."""
ADAPTER = AssetKind(
    "adapters/*",
    stage="training",
    trains=True,
    cause="training parameter",
    read_cause="adapter",
    declared_in=_variant_files,
    restored=_with_variant,
)
IMPORTED_ADAPTER = AssetKind(
    IMPORTED_ADAPTERS,
    stage="training",
    cause="adapter",
    rows_cause="adapter",
    hub_cause="adapter",
    read_cause="adapter",
    declared_in=_variant_files,
    restored=_with_imported,
)
"""Adapters that were trained elsewhere."""


def is_adapter(kind: AssetKind) -> bool:
    """Whether assets of a kind are adapters, wherever they were trained."""
    return kind in (ADAPTER, IMPORTED_ADAPTER)
