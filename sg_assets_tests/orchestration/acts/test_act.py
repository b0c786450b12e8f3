"""The shape that all acts share."""

from collections.abc import Iterator

import dagster as dg
import pytest

from sg_assets.orchestration.acts.act import Act, Event, ReasonedActConfig, act_job, ended
from sg_assets_tests.orchestration.acts.runs import failure, logged, next_steps, observed, run_act


class NamedConfig(ReasonedActConfig):
    name: str


def perform(context: dg.OpExecutionContext, config: NamedConfig) -> Iterator[Event]:
    yield dg.AssetObservation(config.name, metadata={"why": config.why, "by": str(config.maker)})
    if config.why == "bad":
        raise ValueError("bad input")
    yield ended(context, ["look", "go on"])


@pytest.fixture
def job() -> dg.JobDefinition:
    return act_job(Act("note", "note_it", "Notes.", NamedConfig, {"name": "a", "why": ""}, perform))


def test_an_act_yields_its_events_and_says_what_to_do_next(job: dg.JobDefinition, instance: dg.DagsterInstance) -> None:
    result = run_act(job, instance, {"name": "a", "why": "because", "who": "ada"})
    assert result.success
    [shown] = observed(result)
    assert (shown["why"], str(shown["by"]).partition("@")[0]) == ("because", "ada")
    assert next_steps(result) == "- look\n- go on"
    assert "go on" in logged(instance, result)


def test_events_before_a_failure_are_kept(job: dg.JobDefinition, instance: dg.DagsterInstance) -> None:
    result = run_act(job, instance, {"name": "a", "why": "bad"})
    assert "bad input" in failure(result)
    assert len(observed(result)) == 1


def test_a_reason_is_required(job: dg.JobDefinition, instance: dg.DagsterInstance) -> None:
    with pytest.raises(dg.DagsterInvalidConfigError):
        run_act(job, instance, {"name": "a"})
