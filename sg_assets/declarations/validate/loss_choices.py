"""Checks of the losses of a training: known to its method, there in the installed TRL, with the options they need."""

from collections.abc import Callable

from sg_assets.declarations.losses import (
    LOSSES,
    RANKED,
    SMOOTHED,
    default_losses,
    installed_losses,
    installed_trl,
)
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.errors import SgAssetsError, nearest

_LEAST_RANKED_BATCH = 2


def loss_errors(options: TrainingOptions, method: str, where: Callable[[str], str]) -> list[SgAssetsError]:
    """What is wrong with the losses that a training would have.

    Args:
        options: The training's, with what its profile declares.
        method: Its method.
        where: The file and key of an option, by its name.
    """
    if method not in LOSSES:
        return []
    losses = options.loss or default_losses(method)
    unknown = [error for name in losses if (error := _unknown(name, method, where("loss"))) is not None]
    if unknown:
        return unknown
    return [*_of_kto(options, method, where), *_of_dpo(options, method, where), *_of_smoothing(options, losses, where)]


def _unknown(name: str, method: str, where: str) -> SgAssetsError | None:
    if name not in LOSSES[method]:
        others = [other for other in LOSSES if name in LOSSES[other]]
        why = f"it is a loss of {others[0]}" if others else None
        return SgAssetsError(
            f"'{name}' is no loss of {method}", where=where, why=why, remedy=nearest(name, LOSSES[method])
        )
    installed = installed_losses(method)
    if name in installed or name in default_losses(method):
        return None
    return SgAssetsError(
        f"{installed_trl()} does not have the loss '{name}' of {method}", where=where,
        why="the release that is installed names it nowhere", remedy=nearest(name, installed),
    )  # fmt: skip


def _of_kto(options: TrainingOptions, method: str, where: Callable[[str], str]) -> list[SgAssetsError]:
    """KTO takes one loss as it is."""
    losses = options.loss or {}
    if method == "kto" and losses and [*losses.values()] != [1.0]:
        why = "kto trains with one loss, whose scale is the learning rate's"
        first = next(iter(losses))
        return [SgAssetsError("is no single loss", where=where("loss"), why=why, remedy=f"Write loss: {first}")]
    return []


def _of_dpo(options: TrainingOptions, method: str, where: Callable[[str], str]) -> list[SgAssetsError]:
    if method != "dpo" or options.loss is None:
        return []
    errors = []
    if [*options.loss] == ["sft"]:
        why = "alone it learns from the preferred answers only, as the method sft does"
        remedy = "Write method: sft, or add a loss such as sigmoid"
        errors.append(SgAssetsError("is sft alone", where=where("loss"), why=why, remedy=remedy))
    ranked = [name for name in RANKED if name in options.loss]
    if ranked and options.batch_size is not None and options.batch_size < _LEAST_RANKED_BATCH:
        why = f"the loss '{ranked[0]}' compares the pairs of a batch with each other"
        problem = f"is {options.batch_size} for {ranked[0]}"
        errors.append(SgAssetsError(problem, where=where("batch_size"), why=why, remedy="Write at least 2"))
    return errors


def _of_smoothing(
    options: TrainingOptions, losses: dict[str, float], where: Callable[[str], str]
) -> list[SgAssetsError]:
    smoothed = [name for name in SMOOTHED if name in losses]
    if smoothed and options.label_smoothing is None:
        why = f"the loss '{smoothed[0]}' has no value without it"
        remedy = "Write a share above 0 and below 0.5; usual are 0.1 for robust and 0.001 for exo_pair"
        return [SgAssetsError("is needed", where=where("label_smoothing"), why=why, remedy=remedy)]
    written = where("label_smoothing")
    if not smoothed and options.label_smoothing is not None and written.startswith("models/variants/"):
        why = f"no loss of the training reads it: they are {', '.join(losses)}"
        return [SgAssetsError("has no effect", where=written, why=why, remedy="Remove it, or add the loss robust")]
    return []
