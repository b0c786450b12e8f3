"""One step with its inputs resolved: its outputs, the pinned versions it reads, and its recipe."""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sg_assets.errors import SgAssetsError
from sg_assets.store.contracts import Contract
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.workspace import ConfinedWorkspace, open_workspace


@dataclass(frozen=True)
class Output:
    """An asset partition that a step makes."""

    ref: Ref
    contract: Contract = field(default_factory=Contract)


@dataclass(frozen=True)
class StepPlan:
    """One step with its inputs resolved."""

    store: Store
    outputs: tuple[Output, ...]
    pinned: Sequence[Manifest]
    recipe: Recipe
    run_id: str

    def __post_init__(self) -> None:
        """A workspace and the versions of a step are looked up by asset.

        Raises:
            SgAssetsError: two outputs are partitions of the same asset.
        """
        asset, times = Counter(output.ref.asset for output in self.outputs).most_common(1)[0]
        if times > 1:
            raise SgAssetsError(f"a step makes one partition of {asset} at a time", where=str(self.outputs[0].ref))

    @property
    def pins(self) -> tuple[PinnedInput, ...]:
        """The inputs, as versions made from them pin them."""
        return tuple(version.pin() for version in self.pinned)

    def workspace(self) -> AbstractContextManager[ConfinedWorkspace]:
        """A workspace over the inputs."""
        refs = tuple(output.ref for output in self.outputs)
        return open_workspace(self.store, refs, self.pinned, self.recipe.parameters)
