"""Whether a variant may be released."""

from collections.abc import Collection, Iterable

from sg_assets.declarations.licences import Licensed
from sg_assets.errors import SgAssetsError
from sg_assets.reports.model_card import HeldTo


def require_releasable(
    variant: str,
    objectives: Iterable[HeldTo],
    despite: Collection[str],
    licences: Iterable[Licensed],
    *,
    profile: str,
) -> None:
    """Check that a variant meets what holds a release back, and that every licence is declared.

    Args:
        variant: The variant.
        objectives: How it stands to its objectives. Too few data to say is not meeting one.
        despite: Objectives that hold nothing back, as declared.
        licences: What it is made from and scored with.
        profile: The file where all of it is declared.

    Raises:
        SgAssetsError: naming every objective with its finding and every licence that is missing.
    """
    unmet = [one for one in objectives if one.holds_back and one.objective not in despite]
    missing = [one for one in licences if one.licence is None]
    if not unmet and not missing:
        return
    why = [f"objective {one.objective} is {one.finding}" for one in unmet]
    why += [f"no licence is declared of: {one.what} ({one.key})" for one in missing]
    remedies = ["To go on despite objectives, name them under release.despite"] if unmet else []
    remedies += ["Declare the licences"] if missing else []
    raise SgAssetsError(
        f"{variant} is not released",
        where=f"reports/release[{variant}]",
        why="; ".join(why),
        remedy=f"{', and '.join(remedies).capitalize()}, in {profile}",
    )
