"""The shape that all acts share: a job of one op, its config, and what its run shows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import dagster as dg
from pydantic import Field

from sg_assets.store.made_by import maker
from sg_assets.store.manifests import MadeBy

Event: TypeAlias = dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckEvaluation | dg.Output[None]
"""What the op of an act yields. Events are yielded, not logged: what an op logs is lost where it fails afterwards."""


class ActConfig(dg.Config):
    """What every act takes."""

    who: str = Field(default="", description="Who does this. Empty: the user that Dagster runs as.")

    @property
    def maker(self) -> MadeBy:
        """Who does it, as the store records that."""
        return maker(self.who)


class ReasonedActConfig(ActConfig):
    """What an act takes that changes what is current, or what counts as current."""

    why: str = Field(description="Required. Why, in a sentence for whoever reads the history later.")


Config = TypeVar("Config", bound=ActConfig)


@dataclass(frozen=True)
class Act(Generic[Config]):
    """One kind of act."""

    name: str
    """The job's."""
    op: str
    """The op's, which the run config names."""
    description: str
    config: type[Config]
    example: Mapping[str, Any]
    """What the launchpad shows to be filled in."""
    perform: Callable[[dg.OpExecutionContext, Config], Iterator[Event]]
    """The work. Bad input raises before anything is changed."""


def act_job(act: Act[Config]) -> dg.JobDefinition:
    """The job of an act."""

    @dg.op(
        name=act.op,
        description=act.description,
        config_schema=act.config.to_config_schema().as_field(),
        out=dg.Out(dg.Nothing),
    )
    def perform(context: dg.OpExecutionContext) -> Iterator[Event]:
        yield from act.perform(context, act.config(**context.op_config))

    @dg.job(name=act.name, description=act.description, config={"ops": {act.op: {"config": dict(act.example)}}})
    def job() -> None:
        perform()

    return job


def ended(context: dg.OpExecutionContext, next_steps: Sequence[str], **metadata: dg.MetadataValue) -> dg.Output[None]:
    """The end of an act: what to do next, in the run's log and as metadata of its output."""
    for line in next_steps:
        context.log.info(line)
    shown = dg.MetadataValue.md("\n".join(f"- {line}" for line in next_steps))
    return dg.Output(None, metadata={"next_steps": shown, **metadata})
