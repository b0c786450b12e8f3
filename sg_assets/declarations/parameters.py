"""Declared values that SQL may name as ``$parameters``."""

from collections.abc import Iterable, Mapping

from sg_assets.declarations.kinds.models import JUDGE
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.sql import SqlAsset
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
    scope: dict[str, Value] = {
        "seed": profile.seed,
        "texts_per_label": profile.texts_per_label,
        "split_unit": profile.splits.unit,
        "stress_prompts": profile.samples.stress_prompts,
        "safe_at_most": profile.labelling.safe_at_most,
        "unsafe_at_least": profile.labelling.unsafe_at_least,
        "mask_personal_data": profile.raw.mask_personal_data,
    }
    for name, side in profile.splits.sides.items():
        scope |= {f"{name}_units": profile.splits.units(name), f"{name}_pairs": side.pairs}
    scope |= {f"{judge.name}_threshold": judge.cut for judge in declarations.judges.values()}
    # What the wrong file of a judge declares is unknown, and reported there.
    wrong = (JUDGE.table_of(asset) for asset in declarations.broken_assets if kind_of(asset) is JUDGE)
    scope |= {f"{name}_threshold": 0.5 for name in wrong}
    if partitions == "variant" and key is not None:
        scope["variant"] = key
    elif partitions is not None and key is not None:
        scope |= _mix_parameters(declarations.mixes[key], profile)
    return scope


def bind(names: Iterable[str], scope: Mapping[str, Value], *, where: str) -> dict[str, Value]:
    """The values of the parameters named, and only those: what an SQL file does not name cannot make it out of date.

    Raises:
        SgAssetsError: a parameter is not in scope.
    """
    bound: dict[str, Value] = {}
    for name in names:
        if name not in scope:
            raise SgAssetsError(f"unknown parameter '${name}'", where=where, remedy=nearest(name, scope))
        bound[name] = scope[name]
    return bound


def bound_parameters(declarations: Declarations, asset: SqlAsset, key: str | None) -> dict[str, Value]:
    """The declared values one partition of an SQL asset uses, in its SELECT and its checks.

    Raises:
        SgAssetsError: it names a parameter that nothing declares.
    """
    return bind(asset.parameters, sql_parameters(declarations, asset.partitions, key), where=asset.file)


def _mix_parameters(mix: Mix, profile: Profile) -> dict[str, Value]:
    prompts = mix.prompts_by_label(profile.samples.mix_prompts)
    return {
        "mix": mix.name,
        "unsafe_prompts": prompts["unsafe"],
        "safe_prompts": prompts["safe"],
        "safe_rejections": mix.safe_rejections,
    }
