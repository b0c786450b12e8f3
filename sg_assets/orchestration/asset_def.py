"""What an asset of the graph is made by: its recipe, its work, and what Dagster shows of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    from sg_assets.generation.call_counts import Requests

Work = Callable[[Workspace, dg.AssetExecutionContext], None]
VersionMetadata = Callable[[Manifest], Mapping[str, dg.MetadataValue]]


def _nothing_more(_: Manifest) -> None:
    return


def _no_metadata(_: Manifest) -> Mapping[str, dg.MetadataValue]:
    return {}


def _no_obstacle(_: str | None) -> None:
    return


@dataclass(frozen=True)
class ExtraOutput:
    """A table that the work of another asset makes as well, partition by partition where that has partitions."""

    description: str
    key: tuple[str, ...]
    """Its key columns."""


@dataclass(frozen=True)
class Monitor:
    """A check of a published version that warns and never blocks publishing."""

    name: str
    """The check's name in Dagster."""
    description: str
    evaluate: Callable[[Manifest], dg.AssetCheckResult]
    """The evaluation of a version that is current now."""


@dataclass(frozen=True)
class AssetDef:
    """How the partitions of one asset are made."""

    description: str
    recipe: Callable[[str | None], Recipe]
    """The recipe by partition key."""
    work: Work
    """Makes the content; runs only if no version of the recipe exists."""
    kinds: frozenset[str] = frozenset({"python"})
    """Dagster's kinds, shown as icons."""
    pool: str | None = None
    """The concurrency pool of GPU work."""
    mixed_ancestors: bool = False
    """Whether inputs may stem from different contents of one ancestor, as scores shown side by side may."""
    metadata: VersionMetadata = field(default=_no_metadata)
    """Tables, pictures and numbers of a published version, for its materialization."""
    after_publish: Callable[[Manifest], None] = field(default=_nothing_more)
    """Cleans up once a version is current, such as the checkpoints of its training."""
    extra_outputs: Mapping[str, ExtraOutput] = field(default_factory=dict)
    """Further assets that the same work makes of the same inputs, by name."""
    external_sources: tuple[str, ...] = ()
    """External assets that the work reads: dependencies in Dagster, pinned by the recipe."""
    monitors: tuple[Monitor, ...] = ()
    """Checks of published versions."""
    records_machine: bool = False
    """Whether NumPy or scikit-learn computes its numbers in this process: then the machine is recorded. Jobs and
    engines record theirs themselves."""
    notes: Mapping[str, object] = field(default_factory=dict)
    """Details of every version that follow from the declaration, such as columns stored as other types."""
    model_calls: Callable[[Workspace], "Requests"] | None = None
    """The requests to a model that the work makes of its inputs, for plans to count; None where it makes none."""
    obstacle: Callable[[str | None], SgAssetsError | None] = field(default=_no_obstacle)
    """The error that the work of a partition would end in here, as far as declarations and settings say so: for plans,
    which say first what cannot run."""
