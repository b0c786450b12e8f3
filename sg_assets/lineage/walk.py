"""The walk from two versions down to their sources: the asset partitions that differ, with the causes that enter there.

A branch whose contents are equal is cut, however the two were made. The result is a small graph: every asset partition
whose content differs, with its own causes and the changed inputs that explain the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sg_assets.declarations.asset_names import EXAMPLES
from sg_assets.declarations.kinds.models import JUDGE
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER, is_adapter
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import LOST_CONTENT, Cause, Kind, merged
from sg_assets.lineage.changed_libraries import library_causes
from sg_assets.lineage.changed_machines import known_kinds, machine_causes
from sg_assets.lineage.changed_sources import code_causes
from sg_assets.lineage.changed_values import parameter_causes
from sg_assets.lineage.input_pairs import InputPairs, Pair, pair_inputs
from sg_assets.lineage.stored_versions import equal_contents, recorded_version
from sg_assets.lineage.unpaired_ancestors import UnpairedAncestors
from sg_assets.store.content_loss import content_loss
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

_OWN_EXAMPLES: Final = "Each method learns from a table of its own, made by a query of its own."


@dataclass(frozen=True)
class ChangedPartition:
    """An asset partition whose content differs between the two sides."""

    name: str
    """``schema/table[partition]``; both with an arrow where the sides are different partitions."""
    before: PinnedInput
    """The version before."""
    after: PinnedInput
    """The version after."""
    causes: tuple[Cause, ...]
    """The causes that enter here; those of its inputs enter at the inputs."""
    reads: tuple[str, ...]
    """Names of its inputs whose content differs."""
    same: tuple[str, ...]
    """Its inputs whose content is equal."""
    trained: bool
    """Whether it is a model that was trained: a run with another seed would differ too."""


@dataclass(frozen=True)
class Explanation:
    """Why two versions differ."""

    before: PinnedInput
    """The earlier version."""
    after: PinnedInput
    """The later version."""
    changed: tuple[ChangedPartition, ...]
    """All asset partitions that differ, sources first, the two versions last; empty where their contents are equal."""

    @property
    def equal(self) -> bool:
        """Whether the two have the same content, whatever they were made from."""
        return not self.changed

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Every cause once, with all asset partitions it enters at."""
        return merged([cause for changed in self.changed for cause in changed.causes])

    @property
    def trained(self) -> bool:
        """Whether a training lies between the two: a model was trained again, or another trained model is used."""
        swapped = any(cause.kind in (Kind.ADAPTER, Kind.PARENT) for cause in self.causes)
        return swapped or any(changed.trained for changed in self.changed)


def is_training(version: Manifest) -> bool:
    """Whether a version is a model that was trained here."""
    return kind_of(version.asset).is_training(version.parameters)


def explain(store: Store, before: Manifest, after: Manifest) -> Explanation:
    """Compare two versions of one asset partition, or of two partitions.

    Only manifests and source texts are read. Missing history is a cause of its own kind, never an error.
    """
    walk = _Walk(store, before, after)
    if not equal_contents(before, after):
        walk.compare(before, after)
    return Explanation(before.pin(), after.pin(), tuple(walk.changed.values()))


class _Walk:
    def __init__(self, store: Store, before: Manifest, after: Manifest) -> None:
        self.store = store
        self.changed: dict[str, ChangedPartition] = {}
        """By name; inputs come before their readers."""
        self._open: set[str] = set()
        """Those whose inputs are being compared."""
        self._ancestors = UnpairedAncestors(store, before, after) if before.ref != after.ref else None
        """Of two partitions: versions of one partition behind inputs that only one of them reads."""

    def compare(self, before: Manifest, after: Manifest) -> str:
        """Compare two versions of different contents; gives their common name."""
        name = _name(before.ref, after.ref)
        self._open.add(name)
        input_pairs = pair_inputs(before.inputs, after.inputs)
        differing = [pair for pair in input_pairs.pairs if pair[0].fingerprint != pair[1].fingerprint]
        same = [pair[1].ref for pair in input_pairs.pairs if pair not in differing]
        behind = [] if self._ancestors is None else list(self._ancestors.differing(input_pairs))
        behind = [pair for pair in behind if _name(pair[0].ref, pair[1].ref) not in self._open]
        reads = tuple(dict.fromkeys(self._visit(pair) for pair in (*differing, *behind)))
        causes = list(self._own_causes(name, before, after, input_pairs))
        if not causes and not reads:
            causes.append(_unexplained(name, before, after))
        causes += [cause for side in (before, after) if (cause := self._lost_content(name, side)) is not None]
        self._open.discard(name)
        self.changed[name] = ChangedPartition(
            name, before.pin(), after.pin(), tuple(causes), reads, tuple(map(str, same)), is_training(after)
        )
        return name

    def _lost_content(self, name: str, side: Manifest) -> Cause | None:
        """That a content is gone, which leaves unknown what changed inside; no content is read for it."""
        loss = content_loss(self.store, side, as_known=True)
        return Cause(Kind.UNKNOWN, (name,), LOST_CONTENT, note=f"{loss[0].upper()}{loss[1:]}.") if loss else None

    def _visit(self, pair: Pair) -> str:
        name = _name(pair[0].ref, pair[1].ref)
        if name not in self.changed:
            try:
                before, after = (recorded_version(self.store, pin) for pin in pair)
            except SgAssetsError as error:
                self.changed[name] = _without_history(name, pair, error)
            else:
                self.compare(before, after)
        return name

    def _own_causes(self, name: str, before: Manifest, after: Manifest, input_pairs: InputPairs) -> Iterator[Cause]:
        """The causes that enter here. Different methods may share neither code nor all parameters and libraries."""
        yield from _swaps(name, before, after, input_pairs)
        yield from machine_causes(name, before, after)
        yield from _chances(name, before, after)
        if before.asset == after.asset:
            yield from parameter_causes(name, before, after)
            yield from code_causes(self.store, name, before.code, after.code)
            yield from library_causes(name, before, after)
            return
        yield from _values_of_methods(name, before, after)
        if before.code.listing is not None and after.code.listing is not None:
            # Each reads an SQL file of its own, or none: what they may share is Python.
            old, new = (version.code.model_copy(update={"texts": {}}) for version in (before, after))
            yield from code_causes(self.store, name, old, new)
        yield from (cause for cause in library_causes(name, before, after) if None not in (cause.old, cause.new))


def _values_of_methods(name: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """All parameters that differ; of one that only one side has it is said that the other has none."""
    for cause in parameter_causes(name, before, after):
        if cause.old is None or cause.new is None:
            lacking = before if cause.old is None else after
            yield replace(cause, absent=f"not a parameter of {_method(lacking)}")
        else:
            yield cause


def _chances(name: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """A cause where a side was declared to be not reproducible: its rows would differ in any case."""
    reason = after.not_reproducible or before.not_reproducible
    if reason:
        old, new = before.fingerprint[:8], after.fingerprint[:8]
        yield Cause(Kind.NOT_REPEATED, (name,), "content", old, new, note=f"Declared as not reproducible: {reason}.")


def _method(version: Manifest) -> str:
    kind = kind_of(version.asset)
    return ADAPTER.table_of(version.asset).upper() if is_adapter(kind) else version.asset


def _swaps(name: str, before: Manifest, after: Manifest, input_pairs: InputPairs) -> Iterator[Cause]:
    """Causes for inputs that were swapped, added or removed."""
    partitions = (name,)
    if before.asset in EXAMPLES.values() and before.asset != after.asset:
        yield Cause(Kind.METHOD, partitions, "examples", before.asset, after.asset, note=_OWN_EXAMPLES)
    elif before.asset != after.asset:
        yield Cause(Kind.METHOD, partitions, "asset", before.asset, after.asset)
    for old, new in input_pairs.pairs:
        follows = (old.partition, new.partition) == (before.partition, after.partition)
        if old.asset != new.asset and old.asset in EXAMPLES.values():
            if old.partition != new.partition:
                yield Cause(Kind.INPUT, partitions, "examples of the mix", str(old.ref), str(new.ref))
        elif old.ref != new.ref and not follows:
            yield Cause(_swapped(after.ref, new), partitions, new.asset, str(old.ref), str(new.ref))
    for pin in (*input_pairs.removed, *input_pairs.added):
        if kind_of(pin.asset) is JUDGE and "judges" in after.parameters:
            continue  # reported as the parameter that names them
        old_, new_ = (str(pin.ref), None) if pin in input_pairs.removed else (None, str(pin.ref))
        yield Cause(_swapped(after.ref, pin), partitions, pin.asset, old_, new_)


def _swapped(reader: Ref, read: PinnedInput) -> Kind:
    if is_adapter(kind_of(read.asset)) and is_adapter(kind_of(reader.asset)):
        return Kind.PARENT
    return Kind(kind_of(read.asset).read_cause)


def _unexplained(name: str, before: Manifest, after: Manifest) -> Cause:
    if before.algorithm != after.algorithm:
        note = (
            f"Fingerprints use different algorithms, {before.algorithm} and {after.algorithm}: contents may be equal."
        )
        return Cause(Kind.UNKNOWN, (name,), "fingerprint", before.algorithm, after.algorithm, note=note)
    old, new = before.details.get("commit"), after.details.get("commit")
    if old != new:
        return Cause(Kind.BASE_MODEL, (name,), "commit", old, new, note="The same revision points to another commit.")
    machine = "" if known_kinds(before) and known_kinds(after) else " The machine of one version is not recorded."
    note = f"Made from equal inputs by equal code, parameters and libraries.{machine}"
    return Cause(Kind.NOT_REPEATED, (name,), "content", before.fingerprint[:8], after.fingerprint[:8], note=note)


def _without_history(name: str, pair: Pair, error: SgAssetsError) -> ChangedPartition:
    note = f"Its inputs cannot be determined: {error.what}."
    cause = Cause(Kind.UNKNOWN, (name,), "manifest", pair[0].version, pair[1].version, note=note)
    return ChangedPartition(name, *pair, (cause,), (), (), trained=kind_of(pair[1].asset).trains)


def _name(before: Ref, after: Ref) -> str:
    return str(after) if before == after else f"{before} -> {after}"
