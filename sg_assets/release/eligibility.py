"""Whether a variant may be released."""

from collections.abc import Collection, Iterable

from sg_assets.declarations.licences import Licensed
from sg_assets.errors import SgAssetsError
from sg_assets.reports.card import ObjectiveStatus


def require_releasable(
    variant: str,
    objectives: Iterable[ObjectiveStatus],
    despite: Collection[str],
    licences: Iterable[Licensed],
    *,
    profile: str,
) -> None:
    """Check that a variant meets its objectives, and that every licence is declared.

    Args:
        variant: The variant.
        objectives: The variant's results on its objectives. Too few data counts as not met.
        despite: Declared objectives that do not prevent a release.
        licences: Of the sources it is made from and scored with.
        profile: The file that declares these.

    Raises:
        SgAssetsError: names every unmet objective with its result, and every missing licence.
    """
    unmet = [entry for entry in objectives if entry.holds_back and entry.objective not in despite]
    missing = [entry for entry in licences if entry.licence is None]
    if not unmet and not missing:
        return
    why = [f"objective {entry.objective} is {entry.finding}" for entry in unmet]
    why += [f"no licence is declared for {entry.what} ({entry.key})" for entry in missing]
    remedies = ["To go on despite objectives, name them under release.despite"] if unmet else []
    remedies += ["Declare the licences"] if missing else []
    raise SgAssetsError(
        f"{variant} is not released",
        where=f"reports/release[{variant}]",
        why="; ".join(why),
        remedy=f"{', and '.join(remedies).capitalize()}, in {profile}",
    )
