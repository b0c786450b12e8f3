"""The job ``repair``: mending a store from the UI; content is made again by the runs that its log names."""

from collections.abc import Iterator
from itertools import chain
from typing import Final

import dagster as dg
from pydantic import Field

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.acts.act import Act, Event, ReasonedActConfig, act_job, ended
from sg_assets.orchestration.acts.downstream import backfill_command, ui_selection
from sg_assets.orchestration.acts.verify import refs_of
from sg_assets.orchestration.home_checks import mend_home
from sg_assets.orchestration.monitoring import print_to_stderr
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.repair_alerts import alert_of_repair
from sg_assets.status.record_acceptance import required_reason
from sg_assets.store.repair import Mending, repair

JOB: Final = "repair"
OP: Final = "repair_store"


class RepairConfig(ReasonedActConfig):
    """What is mended, and why."""

    names: list[str] = Field(
        default=[], description="schema/table, or schema/table[partition]: whose files are mended. Empty: all."
    )


def repair_job(project: Project) -> dg.JobDefinition:
    """The job that mends a store; its run fails where something is left to a person."""

    def perform(context: dg.OpExecutionContext, config: RepairConfig) -> Iterator[Event]:
        why, store = required_reason(config.why), project.store
        context.log.info(f"repair by {config.maker}: {why}")
        mended: list[Mending] = []
        refs = refs_of(store, config.names) if config.names else None
        of_home = () if refs is not None else mend_home(project.settings, context.log.info)
        for mending in chain(repair(store, refs, by=config.maker), of_home):
            mended.append(mending)
            context.log.info(f"{mending.name}: {mending.result}")
        alert_of_repair(project, [done.ref for done in mended if done.changed_head and done.ref], print_to_stderr)
        left = [mending for mending in mended if not mending.is_mended and not mending.to_make]
        if left:
            raise SgAssetsError(
                f"{len(left)} of {len(mended)} damaged files are left to a person",
                why="\n".join(f"{mending.name}: {mending.result}" for mending in left),
            )
        yield ended(context, next_steps(mended))

    return act_job(
        Act(
            JOB,
            OP,
            "Mend what `verify` names: records are restored from their copies, damaged content is set aside and its"
            " versions are marked. Nothing is removed. The run's log says what is to be materialized again.",
            RepairConfig,
            {"names": [], "why": "", "who": ""},
            perform,
        )
    )


def next_steps(mended: list[Mending]) -> list[str]:
    """What was mended, and how the content that was set aside is made again."""
    refs = list(dict.fromkeys(ref for mending in mended for ref in mending.to_make))
    if not refs:
        return [f"Damaged files mended: {len(mended)}. Nothing is to be made again."]
    return [
        f"To make the damaged content again: `{backfill_command(map(str, refs))}`.",
        f"Or in the UI: select `{ui_selection(refs)}` under Lineage, and materialize.",
    ]
