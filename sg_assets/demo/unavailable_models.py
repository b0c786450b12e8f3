"""Models that a profile declares and this version has no way to ask."""

from sg_assets.errors import SgAssetsError


def out_of_reach(model: str, kind: str, key: str) -> SgAssetsError:
    """The error that says so.

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
