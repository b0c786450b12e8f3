"""A variant's hyper-parameters, from variant, method and profile."""

from typing import TYPE_CHECKING, Final

from sg_assets.declarations.losses import SMOOTHED, default_losses
from sg_assets.training.spec import TrainingSettings

if TYPE_CHECKING:
    from sg_assets.declarations.records.profile import Profile
    from sg_assets.declarations.records.training import TrainingOptions
    from sg_assets.declarations.records.variant import Variant

_SAVE_STEPS: Final = 50
"""Unless variant or profile declares another number."""


def training_settings(variant: "Variant", profile: "Profile") -> TrainingSettings:
    """A variant's hyper-parameters: its own, else its method's, else the profile's."""
    options = _options(variant, profile).model_dump(exclude_none=True, exclude={"save_steps", "loss"})
    losses = _losses(variant, profile)
    if not set(losses or ()) & set(SMOOTHED):
        options.pop("label_smoothing", None)
    rank = max(1, round((variant.rank or 1) * profile.rank_scale))
    seed = profile.seed if variant.seed is None else variant.seed
    return TrainingSettings(rank=rank, seed=seed, loss=losses, **options)


def steps_between_checkpoints(variant: "Variant", profile: "Profile") -> int:
    """How many steps a variant's training takes from one checkpoint to the next; affects no result."""
    return _options(variant, profile).save_steps or _SAVE_STEPS


def _losses(variant: "Variant", profile: "Profile") -> dict[str, float] | None:
    """The declared losses; None for the method's own, whether it is written or not: it is the same training."""
    losses = _options(variant, profile).loss
    return None if losses == default_losses(variant.method) else losses


def _options(variant: "Variant", profile: "Profile") -> "TrainingOptions":
    training = profile.training
    of_method = {"sft": training.sft, "kto": training.kto, "dpo": training.dpo}
    return variant.training.over(of_method[variant.method].over(training.defaults))
