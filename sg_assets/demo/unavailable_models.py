"""Models that a profile may declare and this version cannot use."""

from sg_assets.errors import SgAssetsError


def unavailable_model_error(model: str, kind: str, key: str) -> SgAssetsError:
    """The error for such a model.

    Args:
        model: The model, as a reader knows it.
        kind: What kind of model it is.
        key: Where a profile declares it.
    """
    return SgAssetsError(
        f"{model} cannot be used yet",
        where=f"the profile, {key}",
        why=f"it is {kind}: this version answers with rules and scores with judges it fitted itself",
        remedy=f"Run a profile without {key}",
    )
