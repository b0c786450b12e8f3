"""The job ``accept``: letting versions count as made by today's code, from the UI."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import dagster as dg
from pydantic import Field

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.acts.act import Act, Event, ReasonedActConfig, act_job, ended
from sg_assets.orchestration.acts.downstream import backfill_command, names_of
from sg_assets.orchestration.acts.project_acceptance import check, project_acceptances, project_undoable
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.status.acceptance import Acceptances
from sg_assets.status.record_acceptance import record, required_reason, undo
from sg_assets.status.render.acceptance_lines import acceptance_lines, undo_lines
from sg_assets.store.catalogue import rebuild
from sg_assets.store.manifests import MadeBy
from sg_assets.store.refs import Ref

JOB: Final = "accept"
OP: Final = "accept_versions"


class AcceptConfig(ReasonedActConfig):
    """Which versions are accepted, and why."""

    names: list[str] = Field(
        description="Required. schema/table, schema/table[partition], schema/*, a variant, or all: what counts as made"
        " by today's code and libraries."
    )
    check: bool = Field(
        default=False,
        description="First rebuild the cheapest partition that each change affects, and accept nothing if one differs.",
    )
    undo: bool = Field(default=False, description="Undo the last acceptance of each partition instead.")


def accept_job(project: Project, asset_defs: Mapping[str, AssetDef]) -> dg.JobDefinition:
    """The job that accepts versions, or undoes that."""

    def perform(context: dg.OpExecutionContext, config: AcceptConfig) -> Iterator[Event]:
        if config.undo:
            yield from _undo(project, context, config)
        else:
            yield from _accept(project, asset_defs, context, config)

    return act_job(
        Act(
            JOB,
            OP,
            "Let versions count as made by today's code and libraries, where a change moves no result: a refactoring, a"
            " patch release. The run's log shows what changed, with its diff; the acceptance is recorded with its"
            " reason, and can be undone.",
            AcceptConfig,
            {"names": [], "why": "", "check": False, "undo": False, "who": ""},
            perform,
        )
    )


def _accept(
    project: Project, asset_defs: Mapping[str, AssetDef], context: dg.OpExecutionContext, config: AcceptConfig
) -> Iterator[Event]:
    why = required_reason(config.why)
    accepting = project_acceptances(project, asset_defs, config.names)
    for line in acceptance_lines(accepting):
        context.log.info(line)
    if config.check:
        for line in check(project, accepting):
            context.log.info(line)
    for ref, mark in record(project.store, accepting, why, config.maker).items():
        context.log.info(f"{ref}: accepted, {mark}")
    for acceptance in accepting.accepted:
        shown = {"version": acceptance.version.version, "mark": "accepted", "why": why, "recipe": acceptance.digest}
        yield _observation(acceptance.ref, shown, config.maker)
    if accepting.accepted:
        rebuild(project.store)
    if accepting.refused:
        raise SgAssetsError(
            f"{len(accepting.refused)} refused, {len(accepting.accepted)} accepted",
            why=" ".join(map(str, accepting.refused)),
        )
    yield ended(context, _after_accepting(accepting))


def _after_accepting(accepting: Acceptances) -> Sequence[str]:
    if not accepting.accepted:
        return ["Nothing was out of date by code or libraries alone: nothing to do."]
    return ["`sg-assets status --all` names what counts as current by an acceptance.", "Undo it with `undo: true`."]


def _undo(project: Project, context: dg.OpExecutionContext, config: AcceptConfig) -> Iterator[Event]:
    why = required_reason(config.why)
    marks = project_undoable(project, config.names)
    for line in undo_lines(marks):
        context.log.info(f"Undone: {line}")
    undo(project.store, marks, why, config.maker)
    for ref, named in marks.items():
        shown = {"version": named.mark.version, "mark": "undone", "why": why, "recipe": str(named.mark.recipe)}
        yield _observation(ref, shown, config.maker)
    rebuild(project.store)
    command = backfill_command(names_of(project.graph, marks))
    yield ended(
        context, [f"The accepted versions are out of date again. To rebuild them with today's code: `{command}`."]
    )


def _observation(ref: Ref, shown: Mapping[str, str], by: MadeBy) -> dg.AssetObservation:
    return dg.AssetObservation(
        asset_key=dg.AssetKey(ref.asset.split("/")),
        partition=ref.partition,
        description=f"{shown['mark']}: {shown['why']}",
        metadata={name: dg.MetadataValue.text(text) for name, text in {**shown, "by": str(by)}.items()},
    )
