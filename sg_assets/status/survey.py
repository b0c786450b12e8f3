"""The status of every declared partition, in one walk from the sources down.

A partition's inputs are known as long as nothing upstream is to be made: then the digest of its recipe says whether a
version with it exists. If something upstream is to be made, only the partition's own code, values and libraries can be
compared; the rest depends on the versions still to come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sg_assets.declarations.graph import Graph
from sg_assets.errors import DamagedStoreError, SgAssetsError
from sg_assets.lineage.causes import Cause, Kind, merged
from sg_assets.status.current_causes import recipe_changes
from sg_assets.status.partition_status import MISSING_NOTE, Need, PartitionStatus, RecipeOf, State, Survey
from sg_assets.store.content_checks import MISSING
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import NamedMark, doubt_of
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def survey(store: Store, graph: Graph, recipe_of: RecipeOf) -> Survey:
    """The status of every declared partition. Reads manifests and heads, no contents; writes nothing.

    Args:
        store: The store of versions.
        graph: The declared graph.
        recipe_of: Gives today's recipe of a partition.
    """
    newest: dict[Ref, str] = {}
    for candidate in quarantined_versions(store):
        newest[candidate.ref] = max(candidate.version, newest.get(candidate.ref, ""))
    statuses: dict[Ref, PartitionStatus] = {}
    for ref in graph.refs:
        inputs = [statuses[read] for read in graph.inputs(ref.asset, ref.partition)]
        statuses[ref] = _with_audit(inspect_partition(store, ref, inputs, recipe_of), newest.get(ref))
    return statuses


def undeclared(store: Store, graph: Graph, besides: Iterable[str] = ()) -> list[Ref]:
    """Partitions with versions that are no longer declared: removed, renamed, or left out of the choice of variants.

    Args:
        store: The store of versions.
        graph: The declared graph.
        besides: Assets outside the graph.
    """
    declared, apart = set(graph.refs), set(besides)
    return [ref for ref in store.refs() if ref not in declared and ref.asset not in apart]


def inspect_partition(
    store: Store, ref: Ref, inputs: Sequence[PartitionStatus], recipe_of: RecipeOf
) -> PartitionStatus:
    """The status of one partition, given the status of its inputs; audit results are left out.

    Args:
        store: The store of versions.
        ref: The partition.
        inputs: The status of its inputs, in the order of the graph.
        recipe_of: Gives today's recipe.
    """
    head = store.readable_head(ref)
    try:
        recipe = recipe_of(ref)
        recipe.library_versions()
    except SgAssetsError as error:
        return _blocked(ref, head, inputs, str(error))
    try:
        status = _Inspection(store, ref, head, recipe, inputs).status()
        damage = _damage(store, ref, head)
    except DamagedStoreError as error:  # a mark, or a record of what it was made from
        return PartitionStatus(ref, State.DAMAGED, Need.WORK, head=head, damage=(_problem(error),), recipe=recipe)
    return replace(status, state=State.DAMAGED, damage=damage) if damage else status


def _damage(store: Store, ref: Ref, head: Manifest | None) -> tuple[str, ...]:
    """What of a partition's records and of its current content is damaged."""
    lines = [_problem(error) for error in store.damaged_versions(ref)]
    try:
        store.head(ref)
    except DamagedStoreError as error:
        lines.append(_problem(error))
    if head is not None:
        differences = store.checks.differences(head)
        if differences not in ((), (MISSING,)):  # what is missing is a cause
            lines.append(f"the content of {head.version}: {'; '.join(differences)}")
        doubt = doubt_of(head, store.marks_of(ref))
        lines += [f"{head.version} was {doubt.mark.why}"] if doubt is not None else []
    return tuple(dict.fromkeys(lines))


def _problem(error: DamagedStoreError) -> str:
    """What is damaged, and where; the remedy is the same for all."""
    return f"{error.where}: {error.what}" if error.where else error.what


def _blocked(ref: Ref, head: Manifest | None, inputs: Sequence[PartitionStatus], why: str) -> PartitionStatus:
    """The status of a partition that cannot be made here: its version stays current if nothing upstream changed."""
    roots = merged([cause for read in inputs for cause in read.causes])
    need = Need.WORK if head is None else Need.FOLLOW if _unknown(inputs) else Need.NOTHING
    state = State.MISSING if head is None else State.OUTDATED if roots else State.CURRENT
    return PartitionStatus(ref, state, need, roots, head, blocked=why, expected=head if need is Need.NOTHING else None)


@dataclass(frozen=True)
class _Inspection:
    store: Store
    ref: Ref
    head: Manifest | None
    recipe: Recipe
    inputs: Sequence[PartitionStatus]

    def status(self) -> PartitionStatus:
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
        """What bringing it up to date takes, and the version that is current afterwards, if known."""
        expected = [read.expected for read in self.inputs]
        known = [read for read in expected if read is not None]
        if len(known) < len(expected):
            return (Need.WORK if self.head is None or self._own() else Need.FOLLOW), None
        digest = self._digest
        if self.head is not None and self.store.counts_as(self.head, digest) and self.store.has_content(self.head):
            return self._confirmed(self.head, known), self.head
        versions = self.store.with_recipe(self.ref, digest)
        return (Need.CONFIRM, versions[0]) if versions else (Need.WORK, None)

    def _accepted(self, expected: Manifest | None) -> NamedMark | None:
        """The acceptance by which the current version counts as made by today's recipe; None if it was made by it."""
        if self.head is None or expected is not self.head:
            return None
        if self.head.recipe == self._digest:
            return None
        holding = self.store.acceptances(self.head)
        return next((named for named in holding if named.mark.recipe == self._digest), None)

    @cached_property
    def _digest(self) -> str:
        """Digest of today's recipe; meaningless if an input is to be made."""
        return self.recipe.digest(self.ref, [read.expected for read in self.inputs if read.expected is not None])

    def _confirmed(self, head: Manifest, pinned: Sequence[Manifest]) -> Need:
        same_pins = head.inputs == tuple(manifest.pin() for manifest in pinned)
        settled = same_pins and not any(read.need is Need.CONFIRM for read in self.inputs)
        return Need.NOTHING if settled and head.contract == self.recipe.contract.digest else Need.CONFIRM

    def _own(self) -> list[Cause]:
        """The causes that enter at this partition; none without a current version."""
        read = {status.ref: status.expected for status in self.inputs}
        return (
            [] if self.head is None else list(recipe_changes(self.store, self._counted(self.head), self.recipe, read))
        )

    def _counted(self, head: Manifest) -> Manifest:
        """The current version, with today's code and libraries if it was accepted as made by them.

        If its inputs have changed since, the acceptance does not hold; then they are the cause, not the code.
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
            note = "The declared checks changed; the content is audited again."
            own.append(Cause(Kind.PARAMETER, (str(self.ref),), "checks", note=note))
        if need is Need.WORK and not own and self.head is not None and not _unknown(self.inputs):
            doubtful = doubt_of(self.head, self.store.marks_of(self.ref)) is not None
            loss = "was made from content that was damaged" if doubtful else f"is {self.store.checks.loss(self.head)}"
            own.append(Cause(Kind.UNKNOWN, (str(self.ref),), "content", note=f"The published content {loss}."))
        if need is Need.CONFIRM and not own and expected is not self.head:
            note = "Another version with the same recipe is current, after a revert."
            own.append(Cause(Kind.UNKNOWN, (str(self.ref),), "version", note=note))
        entering = [cause for cause in own if not self._is_explained_upstream(cause)]
        return merged([*(cause for status in self.inputs for cause in _from(status)), *entering])

    def _is_explained_upstream(self, cause: Cause) -> bool:
        """Whether the cause is an input that has causes of its own, or no version yet: those say more."""
        explained = {str(status.ref) for status in self.inputs if status.causes or status.head is None}
        return cause.kind is Kind.INPUT and cause.name in explained


def _from(read: PartitionStatus) -> tuple[Cause, ...]:
    """The causes that an input passes on, or that it is missing."""
    if read.head is None:
        return (Cause(Kind.INPUT, (str(read.ref),), str(read.ref), note=MISSING_NOTE),)
    return tuple(cause for cause in read.causes if cause.name != "checks")


def _unknown(inputs: Iterable[PartitionStatus]) -> bool:
    return any(status.expected is None for status in inputs)


def _with_audit(status: PartitionStatus, quarantined: str | None) -> PartitionStatus:
    """A status with the results of audits."""
    head = status.head
    failing = tuple(result.name for result in head.audit if not result.passed) if head is not None else ()
    waits = quarantined is not None and (head is None or quarantined > head.version)
    audited = replace(status, failing=failing, quarantined=quarantined if waits else None)
    if waits and status.need is not Need.NOTHING:
        return replace(audited, state=State.QUARANTINED)
    return replace(audited, state=State.FAILING) if failing and status.state is State.CURRENT else audited
