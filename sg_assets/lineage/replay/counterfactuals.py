"""Versions as they would be with some causes restored: each is made once, where no stored version is equal."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sg_assets.errors import ContentMissingError
from sg_assets.lineage.causes import Cause, is_lost_content
from sg_assets.lineage.input_pairs import pair_inputs
from sg_assets.lineage.replay.restored_causes import READ_KINDS, RestorableCause, code_with, parameters_with
from sg_assets.lineage.replay.shares import Coalition
from sg_assets.lineage.stored_versions import recorded_version
from sg_assets.lineage.walk import ChangedPartition, Explanation
from sg_assets.store.content_loss import content_loss
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.store import Store

Make = Callable[[Manifest, Sequence[Manifest]], Manifest]
"""Makes a version from a manifest with the wanted parameters and source texts, and from its inputs."""


@dataclass
class CounterfactualVersions:
    """The versions of one comparison, with any of its causes restored."""

    store: Store
    """Holds the two versions and those made so far."""
    explanation: Explanation
    """Why the two versions differ."""
    restorable: Sequence[RestorableCause]
    """The causes that can be restored; a coalition names them by index."""
    make: Make
    """Makes a version that is not stored."""
    _known: dict[tuple[str, Coalition], Manifest] = field(default_factory=dict)
    made: int = 0
    """Versions that had to be made."""

    def score(self, coalition: Coalition) -> Manifest:
        """The later version of the score, with these causes restored."""
        return self._version(self.explanation.changed[-1].name, coalition)

    def relevant(self, name: str) -> Coalition:
        """The causes that enter at an asset partition or upstream of it."""
        own = {index for index, cause in enumerate(self.restorable) if name in cause.places}
        return frozenset(own.union(*(self.relevant(read) for read in self._by_name[name].reads)))

    def versions_to_make(self, coalitions: Collection[Coalition]) -> dict[str, int]:
        """The most versions of each asset partition that these coalitions take. No version is made to count them."""
        wanted: dict[str, set[Coalition]] = {}
        for changed in self.explanation.changed:
            relevant = self.relevant(changed.name)
            states = {coalition & relevant for coalition in coalitions}
            if self.store.has_content(self._manifest(changed.after)):
                states -= {frozenset()}
            if self._all_restorable(changed.name):  # with everything restored it is the earlier version
                states -= {relevant}
            is_source = any(cause.whole for cause in self.restorable if changed.name in cause.places)
            wanted[changed.name] = set() if is_source else states
        return {name: len(states) for name, states in wanted.items() if states}

    @property
    def _by_name(self) -> Mapping[str, ChangedPartition]:
        return {changed.name: changed for changed in self.explanation.changed}

    def _all_restorable(self, name: str) -> bool:
        """Whether every cause that enters at an asset partition or upstream of it can be restored."""
        causes = [cause for cause in self.explanation.causes if name in cause.places and not is_lost_content(cause)]
        own = all(any(cause in restorable.causes for restorable in self.restorable) for cause in causes)
        return own and all(self._all_restorable(read) for read in self._by_name[name].reads)

    def _version(self, name: str, coalition: Coalition) -> Manifest:
        coalition &= self.relevant(name)
        if (name, coalition) not in self._known:
            self._known[name, coalition] = self._stored_or_made(name, coalition)
        return self._known[name, coalition]

    def _stored_or_made(self, name: str, coalition: Coalition) -> Manifest:
        changed = self._by_name[name]
        before, after = self._manifest(changed.before), self._manifest(changed.after)
        if not coalition and self.store.has_content(after):
            return after
        restored = [self.restorable[index] for index in sorted(coalition) if name in self.restorable[index].places]
        if any(cause.whole for cause in restored):
            return self._with_content(before)
        causes = [cause for group in restored for cause in group.causes]
        inputs = self._inputs(before, after, coalition, causes)
        wanted = after.model_copy(
            update={
                "parameters": parameters_with(before, after, causes),
                "code": code_with(before, after, causes),
                "inputs": tuple(manifest.pin() for manifest in inputs),
            }
        )
        return self._stored_equal(before, after, wanted) or self._made(wanted, inputs)

    def _inputs(
        self, before: Manifest, after: Manifest, coalition: Coalition, causes: Collection[Cause]
    ) -> list[Manifest]:
        """The inputs then: changed ones as they would be, swapped ones as they were."""
        swapped = {cause.name for cause in causes if cause.kind in READ_KINDS}
        input_pairs = pair_inputs(before.inputs, after.inputs)
        old_of = {new.version: old for old, new in input_pairs.pairs}
        inputs = []
        for pin in after.inputs:
            if pin.asset in swapped:
                if pin.version in old_of:
                    inputs.append(self._with_content(self._manifest(old_of[pin.version])))
            elif str(pin.ref) in self._by_name:
                inputs.append(self._version(str(pin.ref), coalition))
            else:
                inputs.append(self._with_content(self._manifest(pin)))
        return inputs + [self._with_content(self._manifest(pin)) for pin in input_pairs.removed if pin.asset in swapped]

    def _stored_equal(self, before: Manifest, after: Manifest, wanted: Manifest) -> Manifest | None:
        """A stored version with equal inputs, parameters and texts, made with the later version's libraries."""
        known = [after, before, *self.store.versions(after.ref)]
        return next(
            (version for version in known if _is_equal(version, wanted) and self.store.has_content(version)), None
        )

    def _made(self, wanted: Manifest, inputs: Sequence[Manifest]) -> Manifest:
        self.made += 1
        return self.make(wanted, inputs)

    def _with_content(self, version: Manifest) -> Manifest:
        if loss := content_loss(self.store, version):
            raise ContentMissingError(
                loss, where=str(version.ref),
                why="a replay reads it", remedy=f"Materialize {version.ref} from the same inputs again",
            )  # fmt: skip
        return version

    def _manifest(self, pin: PinnedInput) -> Manifest:
        return recorded_version(self.store, pin)


def _is_equal(version: Manifest, wanted: Manifest) -> bool:
    return (
        _input_contents(version) == _input_contents(wanted)
        and version.parameters == wanted.parameters
        and (version.code.texts, version.code.definitions) == (wanted.code.texts, wanted.code.definitions)
        and version.libraries == wanted.libraries
    )


def _input_contents(version: Manifest) -> list[tuple[str, str]]:
    return sorted((str(pin.ref), pin.fingerprint) for pin in version.inputs)
