"""The code of a step as it is installed: the definitions that its recipe counts."""

from sg_assets.code.closure import Closure, installed_analysis
from sg_assets.code.stored_listing import read_listing
from sg_assets.errors import NotDeclaredError, nearest
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref


def step_closure(project: Project, ref: Ref) -> Closure:
    """The definitions that the step of an asset partition would run.

    Raises:
        SgAssetsError: no such partition is declared, or another asset's step makes it.
    """
    from sg_assets.orchestration.asset_defs import asset_defs_of

    asset_def = asset_defs_of(project).get(ref.asset)
    if asset_def is None or ref not in project.graph.refs:
        known = map(str, project.graph.refs)
        raise NotDeclaredError(f"no step makes {ref}", remedy=nearest(str(ref), known))
    recipe = asset_def.recipe(ref.partition)
    listing = read_listing(recipe.code_texts[str(recipe.code.listing)], str(ref))
    return installed_analysis().closure(listing.entries)
