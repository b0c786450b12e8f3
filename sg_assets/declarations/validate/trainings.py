"""Checks of trainings that need more than one declaration: batches against mixes, adapters against those of parents."""

from collections.abc import Mapping
from typing import Final

from sg_assets.declarations.losses import WITHOUT_PARTNERS
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.validate.loss_choices import loss_errors
from sg_assets.declarations.validate.variants import parent_adapter
from sg_assets.errors import SgAssetsError

_OPTIONAL: Final = {"beta", "loss", "label_smoothing", "save_steps"}
_LEAST_KTO_BATCH: Final = 2


def check_trainings(
    profile: Profile, variants: Mapping[str, Variant], mixes: Mapping[str, Mix], problems: Problems
) -> None:
    """Add to ``problems`` what would stop a training after its data is made.

    Args:
        profile: Declares defaults and sizes.
        variants: The variants the profile runs.
        mixes: The mixes, by name.
        problems: Takes what is wrong.
    """
    errors = [error for variant in variants.values() for error in _errors(variant, profile, variants, mixes)]
    # A value of the profile is wrong for every variant that has it, and reported once.
    for error in {str(error): error for error in errors}.values():
        problems.add(error)


def _errors(
    variant: Variant, profile: Profile, variants: Mapping[str, Variant], mixes: Mapping[str, Mix]
) -> list[SgAssetsError]:
    if not variant.is_trained:
        return []
    options = options_of(variant, profile)
    errors = [_missing(name, variant, profile) for name in _missing_options(options, variant)]
    errors += loss_errors(options, variant.method, lambda name: declared_in(name, variant, profile))
    mix = mixes.get(variant.mix or "")
    has_partners = variant.method == "kto" and not set(options.loss or ()) & set(WITHOUT_PARTNERS)
    if has_partners and options.batch_size is not None and mix is not None:
        errors += _batch_errors(options.batch_size, mix, variant, profile)
    parent = parent_adapter(variant, variants)
    if parent is not None:
        errors += _parent_errors(variant, variants[parent], profile)
    return errors


def _of_method(variant: Variant, profile: Profile) -> TrainingOptions:
    return {"sft": profile.training.sft, "kto": profile.training.kto, "dpo": profile.training.dpo}[variant.method]


def options_of(variant: Variant, profile: Profile) -> TrainingOptions:
    """The hyper-parameters of a variant: its own, then those of its method, then the profile's."""
    return variant.training.over(_of_method(variant, profile).over(profile.training.defaults))


def declared_in(name: str, variant: Variant, profile: Profile) -> str:
    """The file and key that decide a variant's hyper-parameter."""
    if getattr(variant.training, name) is not None:
        return variant.where(f"training.{name}")
    part = variant.method if getattr(_of_method(variant, profile), name) is not None else "defaults"
    return f"models/profiles/{profile.name}.yaml, training.{part}.{name}"


def _missing_options(options: TrainingOptions, variant: Variant) -> list[str]:
    optional = _OPTIONAL if variant.method == "sft" else _OPTIONAL - {"beta"}
    return [name for name in TrainingOptions.model_fields if name not in optional and getattr(options, name) is None]


def _missing(name: str, variant: Variant, profile: Profile) -> SgAssetsError:
    part = variant.method if name == "beta" else "defaults"
    where = f"models/profiles/{profile.name}.yaml, training.{part}.{name}"
    return SgAssetsError("is needed", where=where, why="trainings have no value without it")


def _batch_errors(batch: int, mix: Mix, variant: Variant, profile: Profile) -> list[SgAssetsError]:
    where = declared_in("batch_size", variant, profile)
    if batch < _LEAST_KTO_BATCH:
        why = "each row of KTO is compared with another row of its batch"
        return [SgAssetsError(f"is {batch} for kto", where=where, why=why, remedy="Write at least 2")]
    texts = _most_texts(mix, profile)
    if batch <= texts:
        return []
    why = f"a batch of KTO holds a text once, and the mix '{mix.name}' has at most {texts} texts to train on"
    return [SgAssetsError(f"is {batch} for kto", where=where, why=why, remedy=f"Write at most {texts}")]


def _most_texts(mix: Mix, profile: Profile) -> int:
    """The most texts that the training rows of a mix can come from."""
    train = profile.splits.train
    of_label = min(train.pairs, train.texts or profile.texts_per_label)
    return sum(min(prompts, of_label) for prompts in mix.prompts_by_label(profile.samples.mix_prompts).values())


def _parent_errors(variant: Variant, parent: Variant, profile: Profile) -> list[SgAssetsError]:
    """A training that goes on from an adapter has that adapter's rank and layers."""
    why = f"the training goes on from the adapter of '{parent.name}', whose {{}}"
    errors = []
    if variant.rank != parent.rank:
        where = variant.where("rank")
        errors.append(
            SgAssetsError(
                f"is {variant.rank}", where=where, why=why.format(f"rank is {parent.rank}"),
                remedy=f"Write {parent.rank}, or name a parent of rank {variant.rank}",
            )
        )  # fmt: skip
    own, parents = (options_of(each, profile).target_modules or () for each in (variant, parent))
    if set(own) != set(parents):
        errors.append(
            SgAssetsError(
                f"are {', '.join(own)}", where=declared_in("target_modules", variant, profile),
                why=why.format(f"target_modules are {', '.join(parents)}"), remedy="Leave them out, or write the same",
            )
        )  # fmt: skip
    return errors
