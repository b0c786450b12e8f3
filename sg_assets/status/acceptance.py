"""Which versions can be accepted as made by today's code and libraries, as values; nothing is recorded here.

An acceptance binds the exact recipe of one version to the exact recipe of now. It is about code and libraries alone:
what reads other contents, or has other values, than its version did is refused, for there something was decided.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from sg_assets.declarations.graph import Graph
from sg_assets.lineage.causes import Cause, Kind, merged
from sg_assets.lineage.changed_sources import code_causes
from sg_assets.status.current_causes import moved_inputs, moved_libraries, moved_values
from sg_assets.status.partition_status import Need, PartitionStatus, RecipeOf, State
from sg_assets.status.survey import look
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
    """Today's."""
    digest: str
    """Of today's recipe with the inputs of now."""
    causes: tuple[Cause, ...]
    """What of code and libraries is other now, with diffs."""
    before: tuple[NamedMark, ...]
    """Acceptances that hold for it already, oldest first: what it counted as until now."""

    @property
    def ref(self) -> Ref:
        """The partition."""
        return self.version.ref


@dataclass(frozen=True)
class Refusal:
    """A partition that cannot be accepted."""

    ref: Ref
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.ref}: {self.why}. {self.remedy}."


@dataclass(frozen=True)
class Acceptances:
    """What accepting the named partitions comes to."""

    accepted: tuple[Acceptance, ...]
    """Upstream first."""
    current: tuple[Ref, ...]
    """They count as made by today's recipes already."""
    missing: tuple[Ref, ...]
    """They have no version, so there is nothing to accept."""
    refused: tuple[Refusal, ...]

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Every distinct change once, with all partitions it serves."""
        return merged([cause for acceptance in self.accepted for cause in acceptance.causes])


def acceptances(store: Store, graph: Graph, recipe_of: RecipeOf, refs: Collection[Ref]) -> Acceptances:
    """What accepting partitions comes to; an accepted one is the expected input of those below it.

    Contents of what would be accepted are read and compared with their records. Today's source texts are kept in the
    store, for the diffs; nothing else is written.

    Args:
        store: The versions there are.
        graph: What is declared.
        recipe_of: By what each partition would be made now.
        refs: The partitions named, with all that the same work makes.
    """
    walk = _Walk(store, graph, recipe_of, frozenset(refs))
    for ref in graph.refs:
        if ref not in walk.stands:
            walk.visit([Ref.of(asset, ref.partition) for asset in graph.step_outputs(ref.asset)])
    return Acceptances(tuple(walk.accepted), tuple(walk.current), tuple(walk.missing), tuple(walk.refused))


class _Walk:
    """From the sources down, what is accepted counting as up to date for what reads it."""

    def __init__(self, store: Store, graph: Graph, recipe_of: RecipeOf, wanted: Collection[Ref]) -> None:
        self.store, self.graph, self.recipe_of, self.wanted = store, graph, recipe_of, wanted
        self.stands: dict[Ref, PartitionStatus] = {}
        self.accepted: list[Acceptance] = []
        self.current: list[Ref] = []
        self.missing: list[Ref] = []
        self.refused: list[Refusal] = []

    def visit(self, refs: Sequence[Ref]) -> None:
        """Decide on what one step makes: all of it is accepted, or none."""
        inputs = [self.stands[read] for read in self.graph.inputs(refs[0].asset, refs[0].partition)]
        decided: dict[Ref, Acceptance | Refusal | None] = {}
        for ref in refs:
            self.stands[ref] = look(self.store, ref, inputs, self.recipe_of)
            if ref in self.wanted:
                decided[ref] = self._decide(self.stands[ref], inputs)
        refused = [decision for decision in decided.values() if isinstance(decision, Refusal)]
        for ref, decision in decided.items():
            held_back = isinstance(decision, Acceptance) and refused
            self._note(ref, _beside(ref, refused[0]) if held_back else decision)

    def _note(self, ref: Ref, decision: "Acceptance | Refusal | None") -> None:
        if isinstance(decision, Acceptance):
            self.accepted.append(decision)
            self.stands[ref] = replace(
                self.stands[ref], state=State.CURRENT, need=Need.NOTHING, causes=(), expected=decision.version
            )
        elif isinstance(decision, Refusal):
            self.refused.append(decision)
        elif self.stands[ref].head is None:
            self.missing.append(ref)
        else:
            self.current.append(ref)

    def _decide(self, standing: PartitionStatus, inputs: Sequence[PartitionStatus]) -> "Acceptance | Refusal | None":
        """None where there is nothing to accept: no version, or one that counts already."""
        head, ref = standing.head, standing.ref
        waiting = quarantined_versions(self.store, ref)
        if head is None:
            return _in_quarantine(ref, waiting[-1]) if waiting else None
        if standing.blocked is not None or standing.recipe is None:
            return Refusal(ref, f"it cannot be made here: {standing.blocked}", "Install what is missing")
        if standing.need in (Need.NOTHING, Need.CONFIRM):
            return None
        if not self.store.has_content(head):
            return Refusal(ref, f"the content of {head.version} is missing", _make(ref))
        pinned = [read.expected for read in inputs if read.expected is not None]
        if len(pinned) < len(inputs):
            return self._behind(ref, inputs)
        return self._compared(head, standing.recipe, pinned, waiting)

    def _compared(
        self, head: Manifest, recipe: Recipe, pinned: Sequence[Manifest], waiting: Sequence[Manifest]
    ) -> Acceptance | Refusal:
        ref = head.ref
        if other := [cause.name for cause in moved_inputs(str(ref), head, {read.ref: read for read in pinned})]:
            return Refusal(ref, f"it read other content than there is now of {', '.join(other)}", _make(ref))
        if other := [cause.name for cause in moved_values(str(ref), head, recipe)]:
            return Refusal(ref, f"it was made with other values of {', '.join(other)}", _make(ref))
        digest = recipe.digest(ref, pinned)
        if failed := [version for version in waiting if version.recipe == digest]:
            why = f"{failed[-1].version}, made by today's code, failed its audit and is in quarantine"
            return Refusal(ref, why, f"Look at it: sg-assets show {failed[-1].version}")
        if damage := differences(self.store, head):
            return Refusal(ref, f"{head.version} is damaged: {'; '.join(damage)}", _make(ref))
        return Acceptance(head, recipe, digest, self._causes(head, recipe), self.store.acceptances(head))

    def _causes(self, head: Manifest, recipe: Recipe) -> tuple[Cause, ...]:
        place = str(head.ref)
        causes = [
            *code_causes(self.store, place, head.code, recipe.code, recipe.code_texts),
            *moved_libraries(place, head, recipe),
        ]
        if not causes:
            note = "It is recorded in another form now; no text of it and no library is other."
            causes = [Cause(Kind.CODE, (place,), "recipe", note=note)]
        return tuple(causes)

    def _behind(self, ref: Ref, inputs: Sequence[PartitionStatus]) -> Refusal:
        """Something upstream would be made, so what this would be made from is not known."""
        behind = self._unknown(inputs)
        unnamed = [str(read) for read in behind if read not in self.wanted]
        listed = ", ".join(map(str, behind))
        if unnamed:
            names = " ".join(f"'{name}'" for name in unnamed)
            remedy = f"Name it too ({names}), or bring it up to date first: sg-assets backfill {names}"
            return Refusal(ref, f"what it is made from is out of date: {listed}", remedy)
        return Refusal(ref, f"what it is made from is not accepted: {listed}", "See to that first")

    def _unknown(self, inputs: Iterable[PartitionStatus]) -> list[Ref]:
        """Where upstream work is due, sources first; what only follows it is left out."""
        waiting, due, seen = [read for read in inputs if read.expected is None], set[Ref](), set[Ref]()
        while waiting:
            read = waiting.pop()
            if read.ref not in seen:
                seen.add(read.ref)
                due.update([read.ref] if read.need is not Need.FOLLOW else [])
                above = (self.stands[ref] for ref in self.graph.inputs(read.ref.asset, read.ref.partition))
                waiting += [standing for standing in above if standing.expected is None]
        return [ref for ref in self.graph.refs if ref in due]


def _in_quarantine(ref: Ref, waiting: Manifest) -> Refusal:
    return Refusal(
        ref, f"its only version {waiting.version} is in quarantine",
        f"Release it with `sg-assets publish {waiting.version}`, or make it again",
    )  # fmt: skip


def _beside(ref: Ref, refused: Refusal) -> Refusal:
    return Refusal(ref, f"the same work makes {refused.ref}, which is refused", f"See to {refused.ref} first")


def _make(ref: Ref) -> str:
    return f"Make it again: sg-assets backfill '{ref}'"


def cheapest(accepting: Acceptances, can_be_made: Callable[[Acceptance], bool]) -> list[Acceptance]:
    """Of each distinct change the partition that took least time to make, each once.

    Args:
        accepting: What would be accepted.
        can_be_made: Whether a version can be made again and compared; the others stand for no change.
    """
    by_place = {str(acceptance.ref): acceptance for acceptance in accepting.accepted}
    covering: dict[Ref, Acceptance] = {}
    for cause in accepting.causes:
        serving = [by_place[place] for place in cause.places if can_be_made(by_place[place])]
        if serving and not any(acceptance.ref in covering for acceptance in serving):
            least = min(serving, key=lambda acceptance: acceptance.version.seconds)
            covering[least.ref] = least
    return list(covering.values())
