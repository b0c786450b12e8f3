"""How every declared partition stands, in one walk from the sources down.

What a partition would be made from is known as long as nothing upstream is to be made: then the digest of its recipe
says whether a version made so exists. Where something upstream is to be made, only its own code, values and libraries
can tell; the rest depends on what will be made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sg_assets.declarations.graph import Graph
from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Cause, Kind, merged
from sg_assets.status.current_causes import moved
from sg_assets.status.partition_status import MISSING_NOTE, Need, PartitionStatus, RecipeOf, State, Survey
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import NamedMark
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def survey(store: Store, graph: Graph, recipe_of: RecipeOf) -> Survey:
    """How every declared partition stands. Reads manifests and heads, no contents; writes nothing.

    Args:
        store: The versions there are.
        graph: What is declared.
        recipe_of: By what each partition would be made now.
    """
    newest: dict[Ref, str] = {}
    for one in quarantined_versions(store):
        newest[one.ref] = max(one.version, newest.get(one.ref, ""))
    found: dict[Ref, PartitionStatus] = {}
    for ref in graph.refs:
        inputs = [found[one] for one in graph.inputs(ref.asset, ref.partition)]
        found[ref] = _told(look(store, ref, inputs, recipe_of), newest.get(ref))
    return found


def undeclared(store: Store, graph: Graph, besides: Iterable[str] = ()) -> list[Ref]:
    """Partitions that have versions and are no longer declared: removed, renamed, or of another choice of variants.

    Args:
        store: The versions there are.
        graph: What is declared.
        besides: Assets that are made without being in the graph.
    """
    declared, apart = set(graph.refs), set(besides)
    return [ref for ref in store.refs() if ref not in declared and ref.asset not in apart]


def look(store: Store, ref: Ref, inputs: Sequence[PartitionStatus], recipe_of: RecipeOf) -> PartitionStatus:
    """How one partition stands, given how its inputs do; what its audits say is left out.

    Args:
        store: The versions there are.
        ref: The partition.
        inputs: How its inputs stand, in the order of the graph.
        recipe_of: By what it would be made now.
    """
    head = store.head(ref)
    try:
        recipe = recipe_of(ref)
        recipe.library_versions()
    except SgAssetsError as error:
        return _blocked(ref, head, inputs, str(error))
    return _Look(store, ref, head, recipe, inputs).standing()


def _blocked(ref: Ref, head: Manifest | None, inputs: Sequence[PartitionStatus], why: str) -> PartitionStatus:
    """What cannot be made here: published, it is taken as it is where nothing upstream moved."""
    roots = merged([cause for one in inputs for cause in one.causes])
    need = Need.WORK if head is None else Need.FOLLOW if _unknown(inputs) else Need.NOTHING
    state = State.MISSING if head is None else State.OUTDATED if roots else State.CURRENT
    return PartitionStatus(ref, state, need, roots, head, blocked=why, expected=head if need is Need.NOTHING else None)


@dataclass(frozen=True)
class _Look:
    store: Store
    ref: Ref
    head: Manifest | None
    recipe: Recipe
    inputs: Sequence[PartitionStatus]

    def standing(self) -> PartitionStatus:
        need, expected = self._need()
        causes = self._causes(need, expected) if self.head is not None else ()
        return PartitionStatus(
            self.ref, self._state(causes), need, causes, self.head, expected=expected, recipe=self.recipe,
            accepted=self._accepted(expected),
        )  # fmt: skip

    def _state(self, causes: Sequence[Cause]) -> State:
        if self.head is None:
            return State.MISSING
        return State.OUTDATED if causes else State.CURRENT

    def _need(self) -> tuple[Need, Manifest | None]:
        """What it takes, and what is current afterwards where that is known."""
        pinned = [one.expected for one in self.inputs]
        known = [one for one in pinned if one is not None]
        if len(known) < len(pinned):
            return (Need.WORK if self.head is None or self._own() else Need.FOLLOW), None
        digest = self._digest
        if self.head is not None and self.store.counts_as(self.head, digest) and self.store.has_content(self.head):
            return self._confirmed(self.head, known), self.head
        versions = self.store.with_recipe(self.ref, digest)
        return (Need.CONFIRM, versions[0]) if versions else (Need.WORK, None)

    def _accepted(self, expected: Manifest | None) -> NamedMark | None:
        """By which acceptance what is published counts as made by the recipe of now; None where it was made by it."""
        if self.head is None or expected is not self.head:
            return None
        if self.head.recipe == self._digest:
            return None
        holding = self.store.acceptances(self.head)
        return next((named for named in holding if named.mark.recipe == self._digest), None)

    @cached_property
    def _digest(self) -> str:
        """Of the recipe of now; of no use where something it reads is to be made."""
        return self.recipe.digest(self.ref, [read.expected for read in self.inputs if read.expected is not None])

    def _confirmed(self, head: Manifest, pinned: Sequence[Manifest]) -> Need:
        same_pins = head.inputs == tuple(one.pin() for one in pinned)
        settled = same_pins and not any(one.need is Need.CONFIRM for one in self.inputs)
        return Need.NOTHING if settled and head.contract == self.recipe.contract.digest else Need.CONFIRM

    def _own(self) -> list[Cause]:
        """The causes that enter here; nothing is published, so nothing differs."""
        read = {one.ref: one.expected for one in self.inputs}
        return [] if self.head is None else list(moved(self.store, self._counted(self.head), self.recipe, read))

    def _counted(self, head: Manifest) -> Manifest:
        """What is published, with the code and libraries of now where it was accepted as made by them.

        Its inputs may have moved since, so that the acceptance does not hold; then they are the cause, not the code.
        """
        code, libraries = self.recipe.code, self.recipe.library_versions()
        if (head.code.fingerprint, head.libraries) == (code.fingerprint, libraries):
            return head
        for named in self.store.acceptances(head):
            accepted = named.mark.code
            if accepted and (accepted.fingerprint, named.mark.libraries) == (code.fingerprint, libraries):
                return head.model_copy(update={"code": code, "libraries": libraries})
        return head

    def _causes(self, need: Need, expected: Manifest | None) -> tuple[Cause, ...]:
        own = self._own() if need is not Need.NOTHING else []
        if self.head is not None and self.head.contract != self.recipe.contract.digest:
            note = "What it is audited for changed; its content is audited again."
            own.append(Cause(Kind.PARAMETER, (str(self.ref),), "checks", note=note))
        if need is Need.WORK and not own and self.head is not None and not _unknown(self.inputs):
            own.append(Cause(Kind.UNKNOWN, (str(self.ref),), "content", note="What was published is gone."))
        if need is Need.CONFIRM and not own and expected is not self.head:
            note = "Another version made from the same is current, by a revert."
            own.append(Cause(Kind.UNKNOWN, (str(self.ref),), "version", note=note))
        told = [cause for cause in own if not self._is_told_upstream(cause)]
        return merged([*(cause for one in self.inputs for cause in _from(one)), *told])

    def _is_told_upstream(self, cause: Cause) -> bool:
        """Whether an input's other content has causes of its own, or there is none yet: those say more."""
        told = {str(one.ref) for one in self.inputs if one.causes or one.head is None}
        return cause.kind is Kind.INPUT and cause.name in told


def _from(read: PartitionStatus) -> tuple[Cause, ...]:
    """What an input hands on: its causes, or that there is none yet."""
    if read.head is None:
        return (Cause(Kind.INPUT, (str(read.ref),), str(read.ref), note=MISSING_NOTE),)
    return tuple(cause for cause in read.causes if cause.name != "checks")


def _unknown(inputs: Iterable[PartitionStatus]) -> bool:
    return any(one.expected is None for one in inputs)


def _told(standing: PartitionStatus, quarantined: str | None) -> PartitionStatus:
    """The same with what its audits say."""
    head = standing.head
    failing = tuple(one.name for one in head.audit if not one.passed) if head is not None else ()
    waits = quarantined is not None and (head is None or quarantined > head.version)
    told = replace(standing, failing=failing, quarantined=quarantined if waits else None)
    if waits and standing.need is not Need.NOTHING:
        return replace(told, state=State.QUARANTINED)
    return replace(told, state=State.FAILING) if failing and standing.state is State.CURRENT else told
