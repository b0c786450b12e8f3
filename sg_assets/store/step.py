"""One step: pin inputs, skip when nothing changed, work, audit, publish."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sg_assets.store.candidates import Candidates, new_candidates, reused_candidates
from sg_assets.store.manifests import HeadEntry, Manifest
from sg_assets.store.pinned_inputs import require_common_ancestors
from sg_assets.store.quarantine import QuarantinedError, quarantine
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.step_plan import Output, StepPlan
from sg_assets.store.store import Store
from sg_assets.store.workspace import Workspace

__all__ = ["Outcome", "Output", "Recipe", "Workspace", "run_step"]


@dataclass(frozen=True)
class Outcome:
    """How a step ended, for one of its outputs."""

    manifest: Manifest
    reused: bool
    """Whether an existing version of the same recipe was confirmed instead of working again."""
    previous: Manifest | None
    """The version that was current before."""
    extra_outputs: "tuple[Outcome, ...]" = ()
    """The outcomes of the extra outputs, in the order asked for."""

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
    extra_outputs: Sequence[Output] = (),
    run_id: str,
    log: Callable[[str], None],
    mixed_ancestors: bool = False,
) -> Outcome:
    """Bring one asset partition up to date, and the extra outputs of the same work.

    The inputs are resolved once, here: versions this run made first, else the heads. If one step made versions of the
    same recipe of every output before, nothing runs: they are made current again, with the inputs pinned now where
    those are other versions of the same contents. Else everything is staged and audited before anything is published;
    if one output fails its audit, none is published.

    Args:
        store: Where versions are read and published.
        ref: The partition to make; the recipe's contract is held against it.
        inputs: The partitions it reads.
        recipe: All that decides the result besides the inputs.
        work: Makes the result; called only where no version of the recipe exists.
        extra_outputs: Partitions of other assets that the same work makes.
        run_id: The run that this belongs to.
        log: Takes progress lines.
        mixed_ancestors: Whether inputs may stem from different contents of one ancestor. For reports: they show
            every score and say which are not comparable.

    Raises:
        SgAssetsError: an input has no version, or inputs disagree on an ancestor.
        QuarantinedError: a result fails its audit; it is kept, and the current versions stay current.
    """
    pinned = [store.seen_by_run(input_ref, run_id) or store.required_head(input_ref) for input_ref in inputs]
    if not mixed_ancestors:
        require_common_ancestors(store, ref, pinned, log)
    plan = StepPlan(store, (Output(ref, recipe.contract), *extra_outputs), pinned, recipe, run_id)
    previous = {output.ref: store.readable_head(output.ref) for output in plan.outputs}
    existing = reused_candidates(plan)
    if existing is not None:
        log(f"{ref}: same inputs, code and parameters as {existing.versions[0].version}; nothing to do")
    candidates = existing or new_candidates(plan, work)
    store.keep_code(recipe.code_texts)
    _publish(plan, candidates, previous, log)
    first, *others = (Outcome(version, existing is not None, previous[version.ref]) for version in candidates.versions)
    return replace(first, extra_outputs=tuple(others))


def is_current(
    store: Store, ref: Ref, inputs: Sequence[Ref], recipe: Recipe, *, extra_outputs: Sequence[Output] = ()
) -> bool:
    """Whether `run_step` would have nothing to do: no work, and no other version made current.

    Takes the arguments of `run_step`; the current versions are the inputs.
    """
    pinned = [head for head in map(store.readable_head, inputs) if head is not None]
    if len(pinned) < len(inputs):
        return False
    plan = StepPlan(store, (Output(ref, recipe.contract), *extra_outputs), pinned, recipe, run_id="")
    heads = [store.readable_head(output.ref) for output in plan.outputs]
    if any(head is None for head in heads):
        return False
    existing = reused_candidates(plan)
    return existing is not None and existing.versions == heads


def _publish(
    plan: StepPlan, candidates: Candidates, previous: Mapping[Ref, Manifest | None], log: Callable[[str], None]
) -> None:
    """Make versions current, all manifests before the first head; or quarantine all where an audit says so."""
    new = [version for version in candidates.versions if not plan.store.is_recorded(version)]
    if candidates.failed:
        for version in new:
            quarantine(plan.store, version)
        raise QuarantinedError(candidates.versions, previous)
    for version in new:
        plan.store.record(version)
    for version in candidates.versions:
        _log_stale_inputs(version.ref, plan.store.set_head(version, "publish", run_id=plan.run_id), log)
    for version in new:
        _log_warnings(version, log)


def _log_stale_inputs(ref: Ref, entry: HeadEntry | None, log: Callable[[str], None]) -> None:
    for pin in entry.stale_inputs if entry else ():
        log(
            f"{ref}: published, but the content of {pin.ref} has changed since {pin.version}, which this was built from"
        )


def _log_warnings(version: Manifest, log: Callable[[str], None]) -> None:
    for result in version.audit:
        if not result.passed:
            log(f"{version.ref}: published with a warning: {result}")
