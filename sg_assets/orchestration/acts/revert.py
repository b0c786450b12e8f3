"""The job ``revert``: making an earlier version current again, from the UI."""

from collections.abc import Iterator, Mapping
from typing import Final

import dagster as dg
from pydantic import Field

from sg_assets.orchestration.acts.act import Act, Event, ReasonedActConfig, act_job, ended
from sg_assets.orchestration.acts.current_version import current_events
from sg_assets.orchestration.acts.downstream import counted, names_of, outdated_downstream, ui_selection
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.status.record_acceptance import required_reason
from sg_assets.store.catalogue import rebuild
from sg_assets.store.manifests import Manifest
from sg_assets.store.partition_names import published_ref
from sg_assets.store.revert import revert
from sg_assets.store.step import Outcome

JOB: Final = "revert"
OP: Final = "revert_partition"


class RevertConfig(ReasonedActConfig):
    """Which partition goes back to which version, and why."""

    asset_partition: str = Field(description="Required. schema/table, or schema/table[partition].")
    version: str = Field(
        default="", description="The id of the version to make current. Empty: the version that was current before."
    )


def revert_job(project: Project, asset_defs: Mapping[str, AssetDef]) -> dg.JobDefinition:
    """The job that makes an earlier version current again."""

    def perform(context: dg.OpExecutionContext, config: RevertConfig) -> Iterator[Event]:
        why, store = required_reason(config.why), project.store
        ref = published_ref(store, config.asset_partition.strip())
        before = store.required_head(ref)
        manifest = revert(store, ref, config.version.strip() or None, why, config.maker)
        rebuild(store)
        context.log.info(f"{ref}: {manifest.version} is current again in place of {before.version}: {why}")
        shown = {"outcome": f"reverted from {before.version}", "why": why, "by": str(config.maker)}
        outcome = Outcome(manifest, reused=False, previous=before)
        yield from current_events(context.instance, project, asset_defs, outcome, shown)
        yield ended(context, next_steps(project, before, manifest))

    return act_job(
        Act(
            JOB,
            OP,
            "Make an earlier version of a partition current again, and say why. Nothing is removed. It lasts until the"
            " partition is materialized again; the run's log says what was built from the version before.",
            RevertConfig,
            {"asset_partition": "", "version": "", "why": "", "who": ""},
            perform,
        )
    )


def next_steps(project: Project, before: Manifest, manifest: Manifest) -> list[str]:
    """What is out of date now, how to build it from the version that is current again, and how long that lasts."""
    ref = manifest.ref
    if manifest.version == before.version:
        return [f"{manifest.version} was current already: nothing to do."]
    lasts = (
        f"The revert lasts until {ref} is materialized. To keep it, undo the change that made {before.version}:"
        f" `sg-assets why '{ref}' --from {manifest.version} --to {before.version}` names it."
    )
    outdated = outdated_downstream(project.store, project.graph, [ref])
    if not outdated:
        return ["No published version was built from different content: nothing to do.", lasts]
    return [
        f"{counted(outdated)} built from different content: {', '.join(names_of(project.graph, outdated))}.",
        f"To build them from {manifest.version}: in the UI, select `{ui_selection(outdated)}` under Lineage, and"
        f" materialize; leave out {ref} itself, which would make the version of today's declarations current.",
        lasts,
    ]
