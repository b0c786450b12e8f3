"""The job ``accept``: letting versions count as made by today's code, from the UI."""

from collections.abc import Iterator, Mapping
from typing import Final

import dagster as dg
from pydantic import Field

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.acts.acceptance import check, project_acceptances, project_undoable
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.status.record_acceptance import record, required_reason, undo
from sg_assets.status.render.acceptance import shown, undoing
from sg_assets.store.catalogue import rebuild
from sg_assets.store.made_by import this_maker
from sg_assets.store.refs import Ref

JOB: Final = "accept"
OP: Final = "accept_versions"
Done = dg.Output[None]


class Accepting(dg.Config):
    """What a person says of an acceptance."""

    names: list[str] = Field(
        description="schema/table, schema/table[partition], schema/*, a variant, or all: what counts as made by today's"
        " code and libraries."
    )
    why: str = Field(description="Why it does, for whoever reads it later.")
    check: bool = Field(
        default=False,
        description="Make the cheapest partition of every change again first, and refuse where it differs.",
    )
    undo: bool = Field(default=False, description="Undo the last acceptance of each partition instead.")


def accept_job(project: Project, asset_defs: Mapping[str, AssetDef]) -> dg.JobDefinition:
    """The job that accepts versions, or undoes that."""

    @dg.op(name=OP, description="Shows what changed, then records what is accepted.")
    def accept_versions(context: dg.OpExecutionContext, config: Accepting) -> Iterator[dg.AssetObservation | Done]:
        # Yielded, not logged: what an op logs is lost where it fails afterwards.
        yield from (_undo if config.undo else _accept)(project, asset_defs, context, config)
        yield dg.Output(None)

    @dg.job(
        name=JOB,
        description="Let versions count as made by today's code and libraries, where a change moves no result: a"
        " refactoring, a patch release. Recorded with a reason, shown with its diff, and it can be undone.",
    )
    def accept() -> None:
        accept_versions()

    return accept


def _accept(
    project: Project, asset_defs: Mapping[str, AssetDef], context: dg.OpExecutionContext, config: Accepting
) -> Iterator[dg.AssetObservation]:
    why = required_reason(config.why)
    accepting = project_acceptances(project, asset_defs, config.names)
    for line in shown(accepting):
        context.log.info(line)
    if config.check:
        for line in check(project, accepting):
            context.log.info(line)
    for ref, mark in record(project.store, accepting, why).items():
        context.log.info(f"{ref}: accepted, {mark}")
    for acceptance in accepting.accepted:
        yield _observation(acceptance.ref, acceptance.version.version, "accepted", why, acceptance.digest)
    if accepting.accepted:
        rebuild(project.store)
    if accepting.refused:
        raise SgAssetsError(
            f"{len(accepting.refused)} refused, {len(accepting.accepted)} accepted",
            why=" ".join(map(str, accepting.refused)),
        )


def _undo(
    project: Project, _: Mapping[str, AssetDef], context: dg.OpExecutionContext, config: Accepting
) -> Iterator[dg.AssetObservation]:
    why = required_reason(config.why)
    marks = project_undoable(project, config.names)
    for line in undoing(marks):
        context.log.info(f"Undone: {line}")
    undo(project.store, marks, why)
    for ref, named in marks.items():
        yield _observation(ref, named.mark.version, "undone", why, str(named.mark.recipe))
    rebuild(project.store)


def _observation(ref: Ref, version: str, kind: str, why: str, recipe: str) -> dg.AssetObservation:
    told = {"version": version, "mark": kind, "why": why, "by": str(this_maker()), "recipe": recipe}
    return dg.AssetObservation(
        asset_key=dg.AssetKey(ref.asset.split("/")),
        partition=ref.partition,
        description=f"{kind}: {why}",
        metadata={name: dg.MetadataValue.text(text) for name, text in told.items()},
    )
