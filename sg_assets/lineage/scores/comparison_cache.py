"""Comparisons that several readers share: a check, a history, the metadata of a materialization."""

from dataclasses import dataclass, field

from sg_assets.lineage.scores.flips import Better
from sg_assets.lineage.scores.seed_spread import Replicates
from sg_assets.lineage.why import Why, why
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Comparisons:
    """Compares versions of a store, each pair once: versions never change. No rows are compared."""

    store: Store
    """Holds the versions."""
    replicates: Replicates = field(default_factory=dict)
    """Names of the further trainings of variants."""
    _made: dict[tuple[str, str], Why] = field(default_factory=dict)

    def between(self, before: Manifest, after: Manifest, better: Better | None = None) -> Why:
        """Why two versions differ. ``better`` (which way is good) counts the first time they are compared."""
        pair = (before.version, after.version)
        if pair not in self._made:
            self._made[pair] = why(self.store, before, after, better=better, rows=False, replicates=self.replicates)
        return self._made[pair]
