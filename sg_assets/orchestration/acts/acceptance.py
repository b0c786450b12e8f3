"""Accepting versions as made by today's code: what it comes to for a project, and checking it by making some again."""

from collections.abc import Iterable, Iterator, Mapping

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import recipe_of
from sg_assets.status.acceptance import Acceptance, Acceptances, acceptances, cheapest
from sg_assets.status.record_acceptance import undoable
from sg_assets.status.render.acceptance import listed
from sg_assets.status.selection import named_refs
from sg_assets.store.marks import NamedMark
from sg_assets.store.refs import Ref


def project_acceptances(project: Project, asset_defs: Mapping[str, AssetDef], names: Iterable[str]) -> Acceptances:
    """What accepting the named partitions of a project comes to.

    Raises:
        SgAssetsError: a name stands for nothing.
    """
    refs = named_refs(project.graph, project.declared.variants, names)
    return acceptances(project.store, project.graph, recipe_of(project, asset_defs), refs)


def project_undoable(project: Project, names: Iterable[str]) -> Mapping[Ref, NamedMark]:
    """The acceptances of the named partitions that can be undone.

    Raises:
        SgAssetsError: a name stands for nothing, or no acceptance holds for any of them.
    """
    refs = named_refs(project.graph, project.declared.variants, names)
    marks = undoable(project.store, refs)
    if not marks:
        raise SgAssetsError("no acceptance holds for what is named", where=listed(refs))
    return marks


def check(project: Project, accepting: Acceptances, *, paid: bool = False) -> Iterator[str]:
    """Make the cheapest partition of every distinct change again, by today's code in a scratch place, and compare.

    Args:
        project: Whose code and settings are used.
        accepting: What would be accepted.
        paid: Whether a model may be asked over the network.

    Yields:
        What was compared, line by line.

    Raises:
        SgAssetsError: a content differs, or a model over the network would be asked.
    """
    chosen = cheapest(accepting, lambda acceptance: kind_of(acceptance.ref.asset).stage != "report")
    for acceptance in chosen:
        yield f"Made again by today's code: {acceptance.ref}"
        _require_equal(project, acceptance, paid=paid)
        yield f"  equal to {acceptance.version.version}"
    served = {place for cause in accepting.causes for place in cause.places}
    if only_shown := [place for place in sorted(served) if kind_of(Ref.parse(place).asset).stage == "report"]:
        yield f"Not made again, because reports show other versions as they were that day: {listed(only_shown)}"


def _require_equal(project: Project, acceptance: Acceptance, *, paid: bool) -> None:
    from sg_assets.reproduction.reproduce import plan, reproduce

    planned = plan(project.store, acceptance.version.version)
    if planned.remote is not None and not paid:
        raise SgAssetsError(
            f"{planned.calls} requests would go to '{planned.remote}'", where=str(acceptance.ref),
            why="that may cost money", remedy="Add --yes to send them, or accept without --check",
        )  # fmt: skip
    ended = reproduce(project.settings, project.store, planned, by_installed=True)
    for output in ended.outputs:
        if output.fingerprint != output.version.fingerprint:
            where = f": first at {output.where}" if output.where else ""
            raise SgAssetsError(
                f"made by today's code it is not what {output.version.version} is{where}",
                where=str(output.version.ref), why="nothing is accepted",
                remedy=f"Let it be made: sg-assets backfill '{output.version.ref}'",
            )  # fmt: skip
