"""Variants trained again with other seeds: partitions like any other, known as runs of the variant they repeat."""

from collections.abc import Iterable, Mapping

from sg_assets.declarations.grids import grids_of, with_members
from sg_assets.declarations.names import is_safe_name
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.validate.variants import ordered, parent_adapter
from sg_assets.errors import SgAssetsError, nearest


def with_replicates(
    profile: Profile, variants: Mapping[str, Variant], problems: Problems
) -> tuple[dict[str, Variant], dict[str, tuple[str, ...]]]:
    """All variants of a profile with those trained again, parents first, and the names of the latter by variant.

    A variant that goes on from an SFT model is repeated with that: each run is a whole chain of trainings of one seed.
    """
    declared = profile.replicates
    if declared is None:
        return dict(variants), {}
    seeds = sorted(declared.seeds)
    repeated = _repeated(profile, declared.variants, variants, problems)
    runs = {
        name: tuple(_name(name, seed) for seed in seeds if seed != profile.seed and name in repeated)
        for name in repeated
    }
    made = [_again(variants[name], seed, variants) for name in repeated for seed in seeds]
    _check(profile, variants, made, problems)
    return ordered({**variants, **{variant.name: variant for variant in made}}), runs


def check_seeds(profile: Profile) -> None:
    """Raise an error where a further seed is the profile's own: that run would be the same training twice."""
    declared = profile.replicates
    if declared is not None and profile.seed in declared.seeds:
        raise SgAssetsError(
            f"seed {profile.seed} is the seed of every first training",
            where=f"models/profiles/{profile.name}.yaml, replicates.seeds",
            why="the same seed gives the same training",
            remedy="Name another, or run with another SG_SEED",
        )


def _repeated(
    profile: Profile, named: Iterable[str] | None, variants: Mapping[str, Variant], problems: Problems
) -> list[str]:
    """The variants to repeat and the adapters they go on from."""
    trained = {name: variant for name, variant in variants.items() if variant.is_trained}
    where = f"models/profiles/{profile.name}.yaml, replicates.variants"
    if named is not None:
        named = with_members(named, grids_of(variants.values()))
    for name in named or ():
        if name not in trained:
            problem = (
                f"'{name}' has no adapter trained here" if name in variants else f"the profile runs no variant '{name}'"
            )
            problems.add(SgAssetsError(problem, where=where, remedy=nearest(name, trained)))
    wanted = {name for name in (trained if named is None else named) if name in trained}
    parents = {parent for name in wanted if (parent := parent_adapter(variants[name], variants)) is not None}
    return [name for name in variants if name in wanted | parents]


def _name(variant: str, seed: int) -> str:
    return f"{variant}_seed_{seed}"


def _again(variant: Variant, seed: int, variants: Mapping[str, Variant]) -> Variant:
    parent = parent_adapter(variant, variants)
    return variant.model_copy(
        update={
            "name": _name(variant.name, seed),
            "description": f"{variant.description}; trained again with seed {seed}",
            "parent": variant.parent if parent is None else _name(parent, seed),
            "seed": seed,
        }
    )


def _check(profile: Profile, variants: Mapping[str, Variant], made: Iterable[Variant], problems: Problems) -> None:
    problems.call(check_seeds, profile)
    for variant in made:
        if variant.name in variants:
            where = variants[variant.name].file
            why = f"the profile '{profile.name}' trains a variant again under that name"
            problems.add(SgAssetsError(f"'{variant.name}' is taken", where=where, why=why, remedy="Rename the file"))
        elif not is_safe_name(variant.name):
            where = f"models/profiles/{profile.name}.yaml, replicates"
            why = "a further training has its variant's name with its seed, in at most 63 letters"
            problems.add(SgAssetsError(f"'{variant.name}' is too long", where=where, why=why, remedy="Rename the file"))
