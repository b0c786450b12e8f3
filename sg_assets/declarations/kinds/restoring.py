"""Putting recorded parameters back into declarations: what several kinds of assets share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.recipe_parameters import with_recorded
from sg_assets.declarations.records.judge_model import ScoreFilter
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class RecordedStep:
    """What a version's manifest records of the declarations it was made by."""

    ref: Ref
    parameters: Mapping[str, Any]
    queries: Mapping[str, str]
    """Its SQL by the file that declares it."""


def with_profile(declared: Declarations, **fields: Any) -> Declarations:  # noqa: ANN401 - fields of a profile
    """The declarations with other values in the profile."""
    return replace(declared, profile=declared.profile.model_copy(update=fields))


def with_seed(declared: Declarations, recorded: RecordedStep) -> Declarations:
    """The declarations with the recorded seed as the profile's, where one is recorded."""
    seed = recorded.parameters.get("seed")
    return declared if seed is None else with_profile(declared, seed=seed)


def with_generation(declared: Declarations, recorded: RecordedStep) -> Declarations:
    """The declarations with the recorded sampling settings."""
    return with_profile(declared, generation=with_recorded(declared.profile.generation, recorded.parameters))


def with_filters(declared: Declarations, recorded: RecordedStep) -> Declarations:
    """The declarations with the recorded filters of judges; a judge of which none is recorded had none."""
    filters = recorded.parameters.get("filters", {})
    known = declared.profile.judges
    judges = {
        name: model.model_copy(
            update={"filter": ScoreFilter.model_validate(filters[name]) if name in filters else None}
        )
        for name, model in known.items()
    }
    return declared if judges == known else with_profile(declared, judges=judges)
