"""Accepting versions of a project as made by today's code, and checking an acceptance by rebuilding versions."""

from collections.abc import Iterable, Iterator, Mapping

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import recipe_of
from sg_assets.status.acceptance import Acceptance, Acceptances, acceptances, cheapest
from sg_assets.status.record_acceptance import undoable
from sg_assets.status.selection import named_refs
from sg_assets.store.marks import NamedMark
from sg_assets.store.refs import Ref
from sg_assets.text.lists import listed


def project_acceptances(project: Project, asset_defs: Mapping[str, AssetDef], names: Iterable[str]) -> Acceptances:
    """The acceptances and refusals of the named partitions of a project.

    Raises:
        SgAssetsError: a name matches nothing.
    """
    refs = named_refs(project.graph, project.declared.variants, project.declared.named(names))
    return acceptances(project.store, project.graph, recipe_of(project, asset_defs), refs)


def project_undoable(project: Project, names: Iterable[str]) -> Mapping[Ref, NamedMark]:
    """The acceptances of the named partitions that can be undone.

    Raises:
        SgAssetsError: a name matches nothing, or no acceptance holds for any of them.
    """
    refs = named_refs(project.graph, project.declared.variants, project.declared.named(names))
    marks = undoable(project.store, refs)
    if not marks:
        raise SgAssetsError("none of the named partitions has an acceptance", where=listed(refs))
    return marks


def check(project: Project, accepting: Acceptances, *, paid: bool = False) -> Iterator[str]:
    """Rebuild the cheapest partition of every distinct change by today's code in a scratch folder, and compare.

    Args:
        project: Whose code and settings are used.
        accepting: The acceptances to check.
        paid: Whether a model may be called over the network.

    Yields:
        The comparisons, line by line.

    Raises:
        SgAssetsError: a content differs, or a model would be called over the network.
    """
    chosen = cheapest(accepting, lambda acceptance: kind_of(acceptance.ref.asset).stage != "report")
    for acceptance in chosen:
        yield f"Rebuilt with today's code: {acceptance.ref}"
        _require_equal(project, acceptance, paid=paid)
        yield f"  equal to {acceptance.version.version}"
    changed = {name for cause in accepting.causes for name in cause.places}
    if reports := [name for name in sorted(changed) if kind_of(Ref.parse(name).asset).stage == "report"]:
        yield f"Not rebuilt, because these reports show the versions that were current on their day: {listed(reports)}"


def _require_equal(project: Project, acceptance: Acceptance, *, paid: bool) -> None:
    from sg_assets.reproduction.reproduce import plan_reproduction, reproduce

    planned = plan_reproduction(project.store, acceptance.version.version)
    if planned.remote is not None and not paid:
        raise SgAssetsError(
            f"{planned.calls} requests would go to '{planned.remote}'", where=str(acceptance.ref),
            why="that may cost money", remedy="Add --yes to send them, or accept without --check",
        )  # fmt: skip
    result = reproduce(project.settings, project.store, planned, by_installed=True)
    for output in result.outputs:
        if output.fingerprint != output.version.fingerprint:
            where = f": first at {output.first_difference}" if output.first_difference else ""
            raise SgAssetsError(
                f"today's code makes content that differs from {output.version.version}{where}",
                where=str(output.version.ref), why="nothing is accepted",
                remedy=f"Make a new version: sg-assets backfill '{output.version.ref}'",
            )  # fmt: skip
