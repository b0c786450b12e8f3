"""The declarations as they were when a version was made, as far as its own step reads them.

A step's work reads what is declared now. To make a version again, what its manifest records is put in its place: the
parameters into the records they came from (as its kind of asset knows), the SQL by its stored text. Whether that worked
is not assumed: the recipe that follows must have the recorded parameters.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.restoring import RecordedStep
from sg_assets.declarations.kinds.training import ADAPTER
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.neutral_values import neutrals
from sg_assets.declarations.recipe_parameters import deciding_of
from sg_assets.declarations.sql import parse_query
from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.recipes import Recipe
from sg_assets.training.spec import TrainingSettings

Values = Mapping[str, Any]


def as_recorded(declared: Declarations, recorded: Manifest, queries: Mapping[str, str]) -> Declarations:
    """The declarations of now, with what a version records in their place.

    Args:
        declared: What is declared now.
        recorded: The version, or a version as it would be with other parameters.
        queries: Its SQL by the file that declares it.
    """
    kind = kind_of(recorded.asset)
    # The settings of a training are no declaration, so their neutral values are not known to the kind.
    absent = neutrals(TrainingSettings) if kind is ADAPTER else {}
    step = RecordedStep(recorded.ref, {**absent, **recorded.parameters}, queries)
    return kind.restored(_with_sql(declared, step), step)


def require_recorded(recipe: Recipe, recorded: Manifest, declared: Declarations) -> None:
    """Raise unless the recipe that follows from the declarations has a version's parameters.

    Raises:
        SgAssetsError: the parameters differ; the error names those that do.
    """
    if recorded.asset in declared.sql or kind_of(recorded.asset).parameters_from_workspace:
        return  # the work reads the workspace's parameters, which are the recorded ones
    was, now = _plain(recorded.parameters), _plain(recipe.parameters)
    was = deciding_of(was, now)
    differing = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    if differing:
        raise SgAssetsError(
            f"{', '.join(differing)} cannot be put back",
            where=f"{recorded.ref} {recorded.version}",
            why="the declarations it was made with are gone, or their files are missing here",
        )


def _plain(values: Values) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), default=str))
    return plain


def _with_sql(declared: Declarations, recorded: RecordedStep) -> Declarations:
    asset, file = recorded.ref.asset, f"sql/{recorded.ref.asset}.sql"
    if asset not in declared.sql or file not in recorded.queries:
        return declared
    query = parse_query(recorded.queries[file], where=f"{file} as recorded", may_vary=True)
    return replace(declared, sql={**declared.sql, asset: replace(declared.sql[asset], query=query)})
