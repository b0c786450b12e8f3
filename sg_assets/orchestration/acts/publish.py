"""The job ``publish``: releasing a version that its audit holds in quarantine, from the UI."""

from collections.abc import Iterator, Mapping
from typing import Final

import dagster as dg
from pydantic import Field

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.acts.act import Act, Event, ReasonedActConfig, act_job, ended
from sg_assets.orchestration.acts.current_version import current_events
from sg_assets.orchestration.acts.downstream import (
    backfill_command,
    counted,
    names_of,
    outdated_downstream,
    ui_selection,
)
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.status.record_acceptance import required_reason
from sg_assets.store.catalogue import rebuild
from sg_assets.store.partition_names import named_partitions
from sg_assets.store.quarantine import quarantined_versions, release
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome
from sg_assets.store.store import Store

JOB: Final = "publish"
OP: Final = "publish_version"


class PublishConfig(ReasonedActConfig):
    """Which version leaves quarantine, and why."""

    version: str = Field(
        default="", description="The id of the version in quarantine, as the failed check shows it (`candidate`)."
    )
    asset_partition: str = Field(
        default="",
        description="Instead of a version: schema/table or schema/table[partition], where a single version waits.",
    )


def publish_job(project: Project, asset_defs: Mapping[str, AssetDef]) -> dg.JobDefinition:
    """The job that releases a version from quarantine."""

    def perform(context: dg.OpExecutionContext, config: PublishConfig) -> Iterator[Event]:
        why, store = required_reason(config.why), project.store
        version = waiting_version(store, config.version.strip(), config.asset_partition.strip())
        before = {ref: store.head(ref) for ref in store.refs()}
        released = release(store, version, why, config.maker)
        rebuild(store)
        shown = {"outcome": "published from quarantine", "why": why, "by": str(config.maker)}
        for manifest in released:
            context.log.info(f"{manifest.ref}: {manifest.version} is current, published from quarantine: {why}")
            outcome = Outcome(manifest, reused=False, previous=before.get(manifest.ref))
            yield from current_events(context.instance, project, asset_defs, outcome, shown)
        yield ended(context, next_steps(project, [manifest.ref for manifest in released]))

    return act_job(
        Act(
            JOB,
            OP,
            "Publish a version from quarantine as it is, together with the other outputs of the same step. Name "
            "the version (or the partition, where a single version waits) and say why. The version becomes "
            "current; the run's"
            " log says what was built from the version before.",
            PublishConfig,
            {"version": "", "asset_partition": "", "why": "", "who": ""},
            perform,
        )
    )


def waiting_version(store: Store, version: str, asset_partition: str) -> str:
    """The version meant.

    Raises:
        SgAssetsError: neither or both are named, or the partition has no version in quarantine, or several.
    """
    if bool(version) == bool(asset_partition):
        raise SgAssetsError(
            "it is not clear which version is meant", where="config of publish_version",
            remedy="Fill in either `version` or `asset_partition`",
        )  # fmt: skip
    if version:
        return version
    named_partitions(store, asset_partition)
    waiting = [manifest.version for manifest in quarantined_versions(store, Ref.parse(asset_partition))]
    if len(waiting) != 1:
        waits = f"{len(waiting)} versions are in quarantine" if waiting else "no version is in quarantine"
        remedy = f"Choose with `version`: {', '.join(waiting)}" if waiting else None
        raise SgAssetsError(
            waits, where=asset_partition, remedy=remedy or f"See `sg-assets versions '{asset_partition}'`"
        )
    return waiting[0]


def next_steps(project: Project, changed: list[Ref]) -> list[str]:
    """What is out of date now that these have another content, and what brings it up to date."""
    outdated = outdated_downstream(project.store, project.graph, changed)
    if not outdated:
        return ["No published version was built from different content: nothing to do."]
    names = names_of(project.graph, outdated)
    return [
        f"{counted(outdated)} built from different content: {', '.join(names)}.",
        f"To bring them up to date: `{backfill_command(names)}`.",
        f"Or in the UI: select `{ui_selection(outdated)}` under Lineage, and materialize.",
    ]
