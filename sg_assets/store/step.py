"""One step: pin inputs, skip when nothing changed, work, audit, publish."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sg_assets.store.candidates import Candidates, found, made
from sg_assets.store.manifests import HeadEntry, Manifest
from sg_assets.store.pinned_inputs import agree
from sg_assets.store.quarantine import QuarantinedError, hold
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.step_plan import Output, Plan
from sg_assets.store.store import Store
from sg_assets.store.workspace import Workspace

__all__ = ["Outcome", "Output", "Recipe", "Workspace", "run_step"]


@dataclass(frozen=True)
class Outcome:
    """What a step ended with, for one of its outputs."""

    manifest: Manifest
    reused: bool
    """Whether an existing version of the same recipe was confirmed instead of working again."""
    previous: Manifest | None
    """What was current before."""
    also: "tuple[Outcome, ...]" = ()
    """The further outputs, in the order asked for."""

    @property
    def moved_head(self) -> bool:
        """Whether another version is current now than before."""
        return self.previous is None or self.previous.version != self.manifest.version


def run_step(
    store: Store,
    ref: Ref,
    inputs: Sequence[Ref],
    recipe: Recipe,
    work: Callable[[Workspace], None],
    *,
    also: Sequence[Output] = (),
    run_id: str,
    log: Callable[[str], None],
    mixed_ancestors: bool = False,
) -> Outcome:
    """Bring one asset partition up to date, and what the same work makes beside it.

    The inputs are resolved once, here: versions this run made first, else the heads. If one step made versions of the
    same recipe of every output before, nothing runs: they are made current again, with the inputs pinned now where
    those are other versions of the same contents. Else everything is staged and audited before anything is published;
    if one output fails, none is.

    Args:
        store: Where versions are read and published.
        ref: What to make; the recipe's contract is its.
        inputs: What it reads.
        recipe: All that decides the result besides the inputs.
        work: Makes the result; called only where no version of the recipe exists.
        also: Further outputs of the same work, of other assets.
        run_id: The run that asks.
        log: Takes progress lines.
        mixed_ancestors: Whether inputs may stem from different contents of one ancestor. For reports: they show what
            there is and say what is not comparable.

    Raises:
        SgAssetsError: an input has no version, or inputs disagree on an ancestor.
        QuarantinedError: a result fails its audit; it is kept, and what was current stays so.
    """
    pinned = [store.seen_by_run(one, run_id) or store.required_head(one) for one in inputs]
    if not mixed_ancestors:
        agree(store, ref, pinned)
    plan = Plan(store, (Output(ref, recipe.contract), *also), pinned, recipe, run_id)
    previous = {output.ref: store.head(output.ref) for output in plan.outputs}
    existing = found(plan)
    if existing is not None:
        log(f"{ref}: same inputs, code and parameters as {existing.versions[0].version}; nothing to do")
    candidates = existing or made(plan, work)
    store.keep_code(recipe.code_texts)
    _publish(plan, candidates, previous, log)
    first, *others = (Outcome(one, existing is not None, previous[one.ref]) for one in candidates.versions)
    return replace(first, also=tuple(others))


def is_current(store: Store, ref: Ref, inputs: Sequence[Ref], recipe: Recipe, *, also: Sequence[Output] = ()) -> bool:
    """Whether bringing an asset partition up to date would find everything as it is: nothing to work, nothing to move.

    Takes what `run_step` takes, with what is current as inputs.
    """
    pinned = [store.head(one) for one in inputs]
    if any(one is None for one in pinned):
        return False
    plan = Plan(store, (Output(ref, recipe.contract), *also), [one for one in pinned if one is not None], recipe, "")
    heads = [store.head(output.ref) for output in plan.outputs]
    if any(head is None for head in heads):
        return False
    existing = found(plan)
    return existing is not None and existing.versions == heads


def _publish(
    plan: Plan, candidates: Candidates, previous: Mapping[Ref, Manifest | None], log: Callable[[str], None]
) -> None:
    """Make versions current, all manifests before the first head; or hold all back where an audit says so."""
    new = [one for one in candidates.versions if not plan.store.is_recorded(one)]
    if candidates.failed:
        for one in new:
            hold(plan.store, one)
        raise QuarantinedError(candidates.versions, previous)
    for one in new:
        plan.store.record(one)
    for one in candidates.versions:
        _tell_stale(one.ref, plan.store.set_head(one, "publish", run_id=plan.run_id), log)
    for one in new:
        _tell_warnings(one, log)


def _tell_stale(ref: Ref, entry: HeadEntry | None, log: Callable[[str], None]) -> None:
    for pin in entry.stale_inputs if entry else ():
        log(f"{ref}: published, but {pin.ref} has other content by now than the {pin.version} it was made from")


def _tell_warnings(version: Manifest, log: Callable[[str], None]) -> None:
    for result in version.audit:
        if not result.passed:
            log(f"{version.ref}: published with a warning: {result}")
