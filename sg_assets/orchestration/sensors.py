"""Every sensor of a project: what Dagster's daemon does by itself, tick by tick."""

from collections.abc import Callable, Mapping

import dagster as dg

from sg_assets.alerts.incidents import Subject
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.automation import Condition
from sg_assets.orchestration.dead_runs import end_dead_runs
from sg_assets.orchestration.external_sources import external_sources
from sg_assets.orchestration.monitoring import defined_checks, print_to_stderr, raise_alerts
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.source_observation import observe_sources


@dg.sensor(minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def dead_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Marks runs whose process was killed as failed, so that others can have their slot in the GPU pool."""
    dead = end_dead_runs(context.instance)
    return dg.SkipReason(f"ended {len(dead)} dead runs: {'; '.join(map(str, dead))}" if dead else "no dead runs")


def monitoring_sensors(project: Project) -> list[dg.SensorDefinition]:
    """The sensors of alerts and of external sources; alerts run where the profile has a route to send them by."""
    routed = bool(project.declared.alerts.routes)
    alerts_status = dg.DefaultSensorStatus.RUNNING if routed else dg.DefaultSensorStatus.STOPPED

    @dg.sensor(minimum_interval_seconds=30, default_status=alerts_status)
    def alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        """Opens, escalates and closes incidents by what Dagster records, and delivers their notices."""
        sent = raise_alerts(context.instance, project, print_to_stderr, is_known=_defined_in(context))
        return dg.SkipReason(f"{sent.arrived} notices delivered, {sent.failed} failed, {sent.held_back} held back")

    @dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
    def sources(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        """Looks at external sources: reports new content to Dagster, and a source that is overdue."""
        changed = observe_sources(context.instance, project)
        return dg.SkipReason(f"changed: {', '.join(changed)}" if changed else "nothing changed")

    return [alerts, *([sources] if external_sources(project) else [])]


def automation_sensors(
    asset_defs: Mapping[str, AssetDef], conditions: Mapping[str, Condition], made_with: Mapping[str, str]
) -> list[dg.AutomationConditionSensorDefinition]:
    """The sensors that evaluate automation conditions, both off until someone switches them on.

    Args:
        asset_defs: What waits for a pool is evaluated by a sensor of its own.
        conditions: Automation conditions by asset.
        made_with: The asset whose work makes each extra output.
    """
    pooled = {name for name in conditions if asset_defs[made_with.get(name, name)].pool is not None}
    described = {
        "cheap_work": (
            conditions.keys() - pooled,
            "Makes assets that need no GPU and cost no money, as soon as the content of an input or their SQL changes.",
        ),
        "new_variants": (
            pooled,
            "Trains and evaluates variants whose file says `auto: on_missing`, once; needs `cheap_work` to be on, too.",
        ),
    }
    return [
        dg.AutomationConditionSensorDefinition(
            name,
            target=dg.AssetSelection.assets(*(dg.AssetKey(target.split("/")) for target in sorted(targets))),
            description=description,
            use_user_code_server=True,  # Dagster's own process cannot import `OfPartitions`
        )
        for name, (targets, description) in described.items()
        if targets
    ]


def _defined_in(context: dg.SensorEvaluationContext) -> Callable[[Subject], bool]:
    """Whether a check is one of those that are defined now."""
    if context.repository_def is None:
        return lambda _: True
    return defined_checks(context.repository_def.asset_graph.asset_check_keys)
