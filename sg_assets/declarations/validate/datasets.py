"""Checks of the datasets that a profile takes comments and prompts from."""

from collections.abc import Collection, Mapping
from typing import Final

from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.dataset import Dataset
from sg_assets.declarations.records.profile import Profile
from sg_assets.errors import SgAssetsError, nearest

_NEEDED: Final = {"comments": ("text",), "toxigen": ("prompt", "group", "label")}
_TAKEN: Final = {"comments": ("text", "source", "given_split", "author"), "toxigen": ("prompt", "group", "label")}
"""The columns that are read for each purpose."""


def check_sources(
    profile: Profile, datasets: Mapping[str, Dataset], problems: Problems, broken: Collection[str] = ()
) -> None:
    """Add to ``problems`` what is wrong with the datasets that a profile names.

    Args:
        profile: Names them.
        datasets: All that are declared.
        problems: Takes what is wrong.
        broken: Names of datasets whose file is wrong, which is reported already.
    """
    file = f"models/profiles/{profile.name}.yaml"
    for purpose, name in (("comments", profile.sources.comments), ("toxigen", profile.sources.toxigen)):
        if name is None or name in broken:
            continue
        if name not in datasets:
            remedy = nearest(name, datasets) if datasets else "Declare it in models/datasets/"
            problems.add(SgAssetsError(f"unknown dataset '{name}'", where=f"{file}, sources.{purpose}", remedy=remedy))
        else:
            for error in _column_errors(datasets[name], purpose):
                problems.add(error)
    for name in profile.licences.datasets:
        if name not in datasets and name not in broken:
            where, remedy = f"{file}, licences.datasets", nearest(name, datasets)
            problems.add(SgAssetsError(f"unknown dataset '{name}'", where=where, remedy=remedy))


def _column_errors(dataset: Dataset, purpose: str) -> list[SgAssetsError]:
    where = f"models/datasets/{dataset.name}.yaml, columns"
    errors = [
        SgAssetsError(f"'{name}' is needed", where=where, why=f"the profile takes {purpose} from this dataset")
        for name in _NEEDED[purpose]
        if name not in dataset.columns
    ]
    for name, column in dataset.columns.items():
        if name not in _TAKEN[purpose]:
            why = f"{purpose} have {', '.join(_TAKEN[purpose])}"
            errors.append(SgAssetsError(f"'{name}' is not read", where=where, why=why, remedy="Take it out"))
        elif column.type != "VARCHAR":
            errors.append(SgAssetsError(f"is {column.type}", where=f"{where}.{name}.type", remedy="Write VARCHAR"))
        elif purpose == "comments" and column.values:
            why = "comments are read as they are in the files, to be masked before anything else"
            errors.append(
                SgAssetsError("cannot be used", where=f"{where}.{name}.values", why=why, remedy="Take it out")
            )
    return errors
