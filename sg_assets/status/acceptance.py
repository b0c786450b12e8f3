"""Decides which versions can be accepted as made by today's code and libraries; nothing is recorded here.

An acceptance binds the recipe of one version to today's recipe. It covers code and libraries alone: a partition that
reads other content, or has other declared values, than its version is refused, because someone changed the result on
purpose.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sg_assets.declarations.graph import Graph
from sg_assets.lineage.causes import Cause, Kind, merged
from sg_assets.lineage.changed_sources import code_causes
from sg_assets.status.current_causes import input_changes, library_changes, value_changes
from sg_assets.status.partition_status import Need, PartitionStatus, RecipeOf, State
from sg_assets.status.survey import inspect_partition
from sg_assets.store.content_checks import MISSING
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import NamedMark
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.verification import differences


@dataclass(frozen=True)
class Acceptance:
    """A version to count as made by today's recipe."""

    version: Manifest
    recipe: Recipe
    """Today's recipe."""
    digest: str
    """Digest of today's recipe with today's inputs."""
    causes: tuple[Cause, ...]
    """The changes of code and libraries since the version was made, with diffs."""
    before: tuple[NamedMark, ...]
    """Acceptances of this version that hold already, oldest first."""

    @property
    def ref(self) -> Ref:
        """The partition."""
        return self.version.ref


@dataclass(frozen=True)
class Refusal:
    """A partition that cannot be accepted."""

    ref: Ref
    why: str
    """The reason, a clause."""
    remedy: str
    """What to do, a sentence without its full stop."""

    def __str__(self) -> str:
        return f"{self.ref}: {self.why}. {self.remedy}."


@dataclass(frozen=True)
class Acceptances:
    """The result of asking to accept partitions."""

    accepted: tuple[Acceptance, ...]
    """Upstream first."""
    current: tuple[Ref, ...]
    """Partitions that count as made by today's recipes already."""
    missing: tuple[Ref, ...]
    """Partitions without a version, so that nothing can be accepted."""
    refused: tuple[Refusal, ...]
    """Partitions that cannot be accepted, with the reasons."""

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Every distinct change once, with all partitions it affects."""
        return merged([cause for acceptance in self.accepted for cause in acceptance.causes])


def acceptances(store: Store, graph: Graph, recipe_of: RecipeOf, refs: Collection[Ref]) -> Acceptances:
    """Decide which partitions can be accepted; an accepted version is the expected input of the partitions downstream.

    The content of an accepted version is read and compared with its record. Today's source texts are stored for the
    diffs; nothing else is written.

    Args:
        store: The store of versions.
        graph: The declared graph.
        recipe_of: Gives today's recipe of a partition.
        refs: The named partitions, with those that the same steps make.
    """
    walk = _Walk(store, graph, recipe_of, frozenset(refs))
    for ref in graph.refs:
        if ref not in walk.statuses:
            walk.visit([Ref.of(asset, ref.partition) for asset in graph.step_outputs(ref.asset)])
    return Acceptances(tuple(walk.accepted), tuple(walk.current), tuple(walk.missing), tuple(walk.refused))


class _Walk:
    """A walk from the sources down; an accepted partition counts as up to date for its readers."""

    def __init__(self, store: Store, graph: Graph, recipe_of: RecipeOf, wanted: Collection[Ref]) -> None:
        self.store, self.graph, self.recipe_of, self.wanted = store, graph, recipe_of, wanted
        self.statuses: dict[Ref, PartitionStatus] = {}
        self.accepted: list[Acceptance] = []
        self.current: list[Ref] = []
        self.missing: list[Ref] = []
        self.refused: list[Refusal] = []

    def visit(self, refs: Sequence[Ref]) -> None:
        """Decide on the partitions of one step: all of them are accepted, or none."""
        inputs = [self.statuses[read] for read in self.graph.inputs(refs[0].asset, refs[0].partition)]
        decided: dict[Ref, Acceptance | Refusal | None] = {}
        for ref in refs:
            self.statuses[ref] = inspect_partition(self.store, ref, inputs, self.recipe_of)
            if ref in self.wanted:
                decided[ref] = self._decide(self.statuses[ref], inputs)
        refused = [decision for decision in decided.values() if isinstance(decision, Refusal)]
        for ref, decision in decided.items():
            is_refused = isinstance(decision, Acceptance) and refused
            self._note(ref, _refused_together(ref, refused[0]) if is_refused else decision)

    def _note(self, ref: Ref, decision: "Acceptance | Refusal | None") -> None:
        if isinstance(decision, Acceptance):
            self.accepted.append(decision)
            self.statuses[ref] = replace(
                self.statuses[ref], state=State.CURRENT, need=Need.NOTHING, causes=(), expected=decision.version
            )
        elif isinstance(decision, Refusal):
            self.refused.append(decision)
        elif self.statuses[ref].head is None:
            self.missing.append(ref)
        else:
            self.current.append(ref)

    def _decide(self, status: PartitionStatus, inputs: Sequence[PartitionStatus]) -> "Acceptance | Refusal | None":
        """None if the partition has no version, or counts as current already."""
        head, ref = status.head, status.ref
        waiting = quarantined_versions(self.store, ref)
        if head is None:
            return _in_quarantine(ref, waiting[-1]) if waiting else None
        if status.blocked is not None or status.recipe is None:
            return Refusal(ref, f"it cannot be made here: {status.blocked}", "Install what is missing")
        if status.need in (Need.NOTHING, Need.CONFIRM):
            return None
        if not self.store.has_content(head):
            damage = [difference for difference in differences(self.store, head) if difference != MISSING]
            fault = f"is damaged: {'; '.join(damage)}" if damage else "is missing"
            return Refusal(ref, f"the content of {head.version} {fault}", _make(ref))
        pinned = [read.expected for read in inputs if read.expected is not None]
        if len(pinned) < len(inputs):
            return self._behind(ref, inputs)
        return self._compared(head, status.recipe, pinned, waiting)

    def _compared(
        self, head: Manifest, recipe: Recipe, pinned: Sequence[Manifest], waiting: Sequence[Manifest]
    ) -> Acceptance | Refusal:
        ref = head.ref
        if other := [cause.name for cause in input_changes(str(ref), head, {read.ref: read for read in pinned})]:
            return Refusal(ref, f"the content of {', '.join(other)} has changed since this was made", _make(ref))
        if other := [cause.name for cause in value_changes(str(ref), head, recipe)]:
            return Refusal(ref, f"the values of {', '.join(other)} have changed since this was made", _make(ref))
        digest = recipe.digest(ref, pinned)
        if failed := [version for version in waiting if version.recipe == digest]:
            why = f"{failed[-1].version}, made by today's code, failed its audit and is in quarantine"
            return Refusal(ref, why, f"Look at it: sg-assets show {failed[-1].version}")
        if damage := differences(self.store, head):
            return Refusal(ref, f"{head.version} is damaged: {'; '.join(damage)}", _make(ref))
        return Acceptance(head, recipe, digest, self._causes(head, recipe), self.store.acceptances(head))

    def _causes(self, head: Manifest, recipe: Recipe) -> tuple[Cause, ...]:
        partition = str(head.ref)
        causes = [
            *code_causes(self.store, partition, head.code, recipe.code, recipe.code_texts),
            *library_changes(partition, head, recipe),
        ]
        if not causes:
            note = "The recipe is recorded in another form now; no text and no library has changed."
            causes = [Cause(Kind.CODE, (partition,), "recipe", note=note)]
        return tuple(causes)

    def _behind(self, ref: Ref, inputs: Sequence[PartitionStatus]) -> Refusal:
        """Refuse: an input is to be made first, so the content this would read is not known."""
        behind = self._unknown(inputs)
        unnamed = [str(read) for read in behind if read not in self.wanted]
        listed = ", ".join(map(str, behind))
        if unnamed:
            names = " ".join(f"'{name}'" for name in unnamed)
            remedy = f"Name it too ({names}), or bring it up to date first: sg-assets backfill {names}"
            return Refusal(ref, f"its inputs are out of date: {listed}", remedy)
        return Refusal(ref, f"its inputs are not accepted: {listed}", "Resolve that first")

    def _unknown(self, inputs: Iterable[PartitionStatus]) -> list[Ref]:
        """Upstream partitions that need work, sources first, without those that only follow them."""
        waiting, due, seen = [read for read in inputs if read.expected is None], set[Ref](), set[Ref]()
        while waiting:
            read = waiting.pop()
            if read.ref not in seen:
                seen.add(read.ref)
                due.update([read.ref] if read.need is not Need.FOLLOW else [])
                above = (self.statuses[ref] for ref in self.graph.inputs(read.ref.asset, read.ref.partition))
                waiting += [status for status in above if status.expected is None]
        return [ref for ref in self.graph.refs if ref in due]


def _in_quarantine(ref: Ref, waiting: Manifest) -> Refusal:
    return Refusal(
        ref, f"its only version {waiting.version} is in quarantine",
        f"Release it with `sg-assets publish {waiting.version}`, or make it again",
    )  # fmt: skip


def _refused_together(ref: Ref, refused: Refusal) -> Refusal:
    return Refusal(ref, f"the same step makes {refused.ref}, which is refused", f"Resolve {refused.ref} first")


def _make(ref: Ref) -> str:
    return f"Make it again: sg-assets backfill '{ref}'"


def cheapest(accepting: Acceptances, can_be_made: Callable[[Acceptance], bool]) -> list[Acceptance]:
    """For each distinct change the partition that took least time to make.

    Args:
        accepting: The planned acceptances.
        can_be_made: Whether a version can be made again and compared; other versions are not chosen.
    """
    by_partition = {str(acceptance.ref): acceptance for acceptance in accepting.accepted}
    covering: dict[Ref, Acceptance] = {}
    for cause in accepting.causes:
        serving = [by_partition[partition] for partition in cause.places if can_be_made(by_partition[partition])]
        if serving and not any(acceptance.ref in covering for acceptance in serving):
            least = min(serving, key=lambda acceptance: acceptance.version.seconds)
            covering[least.ref] = least
    return list(covering.values())
