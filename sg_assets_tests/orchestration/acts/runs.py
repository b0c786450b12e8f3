"""Runs of acts, and what they leave in Dagster."""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg


def run_act(
    job: dg.JobDefinition, instance: dg.DagsterInstance, config: Mapping[str, Any]
) -> dg.ExecuteInProcessResult:
    """Run the job of an act with the config of its op."""
    [node] = job.nodes
    return job.execute_in_process({"ops": {node.name: {"config": config}}}, instance=instance, raise_on_error=False)


def materialized(result: dg.ExecuteInProcessResult) -> list[dg.AssetMaterialization]:
    """The materializations that a run recorded."""
    events = [event for event in result.all_events if event.is_step_materialization]
    return [event.step_materialization_data.materialization for event in events]


def observed(result: dg.ExecuteInProcessResult) -> list[dict[str, object]]:
    """The observations that a run recorded, as metadata with asset and partition."""
    events = [event for event in result.all_events if event.event_type is dg.DagsterEventType.ASSET_OBSERVATION]
    observations = [event.asset_observation_data.asset_observation for event in events]
    return [
        {"asset": observation.asset_key.to_user_string(), "partition": observation.partition} | metadata_of(observation)
        for observation in observations
    ]


def metadata_of(event: dg.AssetMaterialization | dg.AssetObservation) -> dict[str, object]:
    """An event's metadata by name."""
    return {name: value.value for name, value in event.metadata.items()}


def logged(instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> str:
    """The log of a run."""
    return "\n".join(entry.user_message for entry in instance.all_logs(result.run_id))


def next_steps(result: dg.ExecuteInProcessResult) -> str:
    """What the run says to do next, beside its output."""
    [event] = [event for event in result.all_events if event.is_successful_output]
    return str(event.step_output_data.metadata["next_steps"].value)


def failure(result: dg.ExecuteInProcessResult) -> str:
    """Why a run failed."""
    [event] = [event for event in result.all_events if event.is_step_failure]
    error = event.step_failure_data.error
    assert error is not None
    return (error.cause or error).message


def events_of_assets(result: dg.ExecuteInProcessResult) -> Sequence[object]:
    """All that a run recorded of assets."""
    return [*materialized(result), *observed(result), *result.get_asset_check_evaluations()]
