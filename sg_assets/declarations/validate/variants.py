"""Checks of variants against mixes and a profile."""

from collections.abc import Collection, Mapping
from typing import Final

from sg_assets.declarations.grids import grids_of, with_members
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.variant import Variant
from sg_assets.errors import SgAssetsError, nearest

_BASE: Final = "base"
"""The chat model whose own answers are in the training rows."""


def check_variants(
    profile: Profile,
    declared: Mapping[str, Variant],
    mixes: Collection[str],
    problems: Problems,
    broken: Collection[str] = (),
) -> dict[str, Variant]:
    """The variants a profile runs that fit their parent and mix, parents first; those that do not go to ``problems``.

    Args:
        profile: Which variants to run, and the chat models they may have as parent.
        declared: All variants.
        mixes: Names of the mixes.
        problems: Where errors go.
        broken: Names of variants and mixes whose file is wrong, which is reported already.
    """
    chosen = dict(declared)
    if profile.variants is not None:
        where = f"models/profiles/{profile.name}.yaml, variants"
        grids = grids_of(declared.values())
        named = with_members(profile.variants, grids)
        for name in named:
            if name not in declared and not _is_of_wrong_file(name, broken):
                remedy = nearest(name, {*declared, *grids})
                problems.add(SgAssetsError(f"unknown variant '{name}'", where=where, remedy=remedy))
        chosen = {name: declared[name] for name in named if name in declared}
    errors_of = {name: _problems(variant, chosen, mixes, profile, declared, broken) for name, variant in chosen.items()}
    # What is wrong with a value of a grid is wrong for each member that has it, and reported once.
    for error in {str(error): error for errors in errors_of.values() for error in errors}.values():
        problems.add(error)
    good = {name: variant for name, variant in chosen.items() if not errors_of[name]}
    # A variant that depends on a wrong file has no error of its own, and is not in the graph.
    whole = {
        name: variant
        for name, variant in good.items()
        if variant.mix not in broken and (variant.parent in profile.chat_models or variant.parent in good)
    }
    _check_release(profile, chosen, problems, broken)
    _check_licences(profile, declared, problems, broken)
    return ordered(whole)


def ordered(variants: Mapping[str, Variant]) -> dict[str, Variant]:
    """Variants with parents before children, and the members of a grid together."""
    first: dict[str, tuple[int, str, int, str]] = {}
    for variant in variants.values():
        if variant.member is not None:
            first[variant.member.grid] = min(_order(variant), first.get(variant.member.grid, _order(variant)))

    def order(variant: Variant) -> tuple[tuple[int, str, int, str], ...]:
        own = _order(variant)
        return (own if variant.member is None else first[variant.member.grid], own)

    return dict(sorted(variants.items(), key=lambda item: order(item[1])))


def root_chat_model(variant: Variant, variants: Mapping[str, Variant]) -> str:
    """The chat model at the root of a variant's parents."""
    parent = parent_adapter(variant, variants)
    return variant.parent if parent is None else root_chat_model(variants[parent], variants)


def parent_adapter(variant: Variant, variants: Mapping[str, Variant]) -> str | None:
    """The SFT variant whose adapter a KTO or DPO training goes on from, if any."""
    parent = variants.get(variant.parent)
    return parent.name if parent is not None and parent.method == "sft" and variant.method != "none" else None


def _is_of_wrong_file(name: str, broken: Collection[str]) -> bool:
    """Whether a name is that of a wrong file, or may be of a member of its grid."""
    return name in broken or any(name.startswith(f"{file}_") for file in broken)


def _check_release(
    profile: Profile, variants: Mapping[str, Variant], problems: Problems, broken: Collection[str]
) -> None:
    """Released variants have an adapter."""
    where = f"models/profiles/{profile.name}.yaml, release.variants"
    adapted = [name for name, variant in variants.items() if variant.has_adapter]
    for name in profile.release.variants:
        if name in broken or name in adapted:
            continue
        problem = f"'{name}' has no adapter" if name in variants else f"the profile runs no variant '{name}'"
        problems.add(SgAssetsError(problem, where=where, remedy=nearest(name, adapted)))


def _check_licences(
    profile: Profile, declared: Mapping[str, Variant], problems: Problems, broken: Collection[str]
) -> None:
    """Licences of adapters are of imported ones."""
    imported = [name for name, variant in declared.items() if variant.adapter is not None]
    for name in profile.licences.adapters:
        if name not in imported and name not in broken:
            where = f"models/profiles/{profile.name}.yaml, licences.adapters"
            problem = f"'{name}' is no variant with an imported adapter"
            problems.add(SgAssetsError(problem, where=where, remedy=nearest(name, imported)))


def _order(variant: Variant) -> tuple[int, str, int, str]:
    stage = {"none": 0, "sft": 1, "kto": 2, "dpo": 3, "imported": 4}[variant.method]
    return (stage, variant.mix or "", variant.rank or 0, variant.name)


def _problems(  # noqa: PLR0917 - what a variant is checked against
    variant: Variant,
    variants: Mapping[str, Variant],
    mixes: Collection[str],
    profile: Profile,
    declared: Collection[str],
    broken: Collection[str],
) -> list[SgAssetsError]:
    errors: list[SgAssetsError] = []
    if variant.name in profile.chat_models and (variant.method, variant.parent) != ("none", variant.name):
        errors.append(
            SgAssetsError(
                f"'{variant.name}' is the name of a chat model",
                where=variant.file,
                why="a parent of that name could be either",
                remedy="Rename the file",
            )
        )
    if variant.mix is not None and variant.mix not in mixes and variant.mix not in broken:
        errors.append(
            SgAssetsError(
                f"unknown mix '{variant.mix}'", where=variant.where("mix"), remedy=nearest(variant.mix, mixes)
            )
        )
    if variant.parent not in broken:
        errors += _parent_problems(variant, variants, profile, declared, variant.where("parent"))
    return errors


def _parent_problems(
    variant: Variant, variants: Mapping[str, Variant], profile: Profile, declared: Collection[str], where: str
) -> list[SgAssetsError]:
    if variant.parent in profile.chat_models:
        return [] if variant.parent == _BASE or not variant.is_trained else [_of_other_answers(variant, where)]
    parent = variants.get(variant.parent)
    sft = [name for name, candidate in variants.items() if candidate.method == "sft"]
    models = [_BASE] if variant.is_trained else profile.chat_models
    known = [*models, *(sft if variant.method in ("kto", "dpo") else [])]
    if parent is None and variant.parent in declared:
        return [
            SgAssetsError(
                f"profile '{profile.name}' does not run the parent '{variant.parent}'",
                where=where,
                remedy=f"Add it to the variants of models/profiles/{profile.name}.yaml",
            )
        ]
    if parent is None:
        return [SgAssetsError(f"unknown parent '{variant.parent}'", where=where, remedy=nearest(variant.parent, known))]
    if variant.method not in ("kto", "dpo") or parent.method != "sft":
        return [
            SgAssetsError(
                f"a {variant.method} variant cannot have the {parent.method} variant '{parent.name}' as parent",
                where=where,
                why="none and imported take a chat model, sft trains on base, kto and dpo on base or an SFT variant",
                remedy=f"Parents that fit: {', '.join(sorted(known))}",
            )
        ]
    return []


def _of_other_answers(variant: Variant, where: str) -> SgAssetsError:
    """The error of a training on another chat model than the one whose answers are in its rows."""
    return SgAssetsError(
        f"{variant.method} cannot train on the chat model '{variant.parent}'",
        where=where,
        why=f"training rows hold the answers of '{_BASE}' (synthesized/base_responses): another model would learn "
        "to answer as that one",
        remedy=f"Write {_BASE}, or declare '{variant.parent}' as chat_models.{_BASE} in a profile of its own",
    )
