"""Declared values that SQL may name as ``$parameters``."""

from collections.abc import Mapping

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records import Mix, Profile
from sg_assets.declarations.sql import Query
from sg_assets.errors import SgAssetsError, nearest

Value = str | int | float | bool


def sql_parameters(declarations: Declarations, partitions: str | None, key: str | None) -> dict[str, Value]:
    """Every value in scope for one partition of an SQL asset.

    Args:
        declarations: What is declared.
        partitions: The asset's partition space, as in its header.
        key: The partition.
    """
    profile = declarations.profile
    scope: dict[str, Value] = {"seed": profile.seed, "texts_per_label": profile.texts_per_label}
    for side in ("train", "dev", "holdout"):
        declared = getattr(profile.splits, side)
        scope |= {f"{side}_texts": declared.texts, f"{side}_pairs": declared.pairs}
    scope |= {f"{judge.name}_threshold": judge.threshold for judge in declarations.judges.values()}
    if partitions == "variant" and key is not None:
        scope["variant"] = key
    elif partitions is not None and key is not None:
        scope |= _mix_parameters(declarations.mixes[key], profile)
    return scope


def bind(query: Query, scope: Mapping[str, Value], *, where: str) -> dict[str, Value]:
    """The values a query names, and only those: what it does not name cannot make it out of date.

    Raises:
        SgAssetsError: it names a parameter that is not in scope.
    """
    for name in query.parameters:
        if name not in scope:
            raise SgAssetsError(f"unknown parameter '${name}'", where=where, remedy=nearest(name, scope))
    return {name: scope[name] for name in query.parameters}


def _mix_parameters(mix: Mix, profile: Profile) -> dict[str, Value]:
    prompts = round(profile.samples.mix_prompts * mix.size)
    unsafe = round(prompts * mix.unsafe_share)
    return {
        "mix": mix.name,
        "unsafe_prompts": unsafe,
        "safe_prompts": prompts - unsafe,
        "safe_rejections": mix.safe_rejections,
    }
