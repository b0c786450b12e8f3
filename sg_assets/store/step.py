"""One step: pin inputs, skip when nothing changed, work, audit, publish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ulid import ULID

from sg_assets.store.checkout import git_state
from sg_assets.store.content import audited_again, staged_content, stored_bytes
from sg_assets.store.manifests import HeadEntry, Manifest
from sg_assets.store.pins import agree
from sg_assets.store.quarantine import QuarantinedError, hold
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.workspace import Workspace, open_workspace

__all__ = ["Outcome", "Recipe", "Workspace", "run_step"]


@dataclass(frozen=True)
class Outcome:
    """What a step ended with."""

    manifest: Manifest
    reused: bool
    """Whether an existing version of the same recipe was confirmed instead of working again."""
    previous: Manifest | None
    """What was current before."""

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
    run_id: str,
    log: Callable[[str], None],
    mixed_ancestors: bool = False,
) -> Outcome:
    """Bring one asset partition up to date.

    The inputs are resolved once, here: versions this run made first, else the heads. If a version with the same recipe
    exists nothing runs: it is made current again, with the inputs pinned now where those are other versions of the
    same contents.

    Args:
        store: Where versions are read and published.
        ref: What to make.
        inputs: What it reads.
        recipe: All that decides the result besides the inputs.
        work: Makes the result; called only where no version of the recipe exists.
        run_id: The run that asks.
        log: Takes progress lines.
        mixed_ancestors: Whether inputs may stem from different contents of one ancestor. For reports: they show what
            there is and say what is not comparable.

    Raises:
        SgAssetsError: an input has no version, or inputs disagree on an ancestor.
        QuarantinedError: the result fails its audit; it is kept, and what was current stays so.
    """
    previous = store.head(ref)
    pinned = [store.seen_by_run(one, run_id) or store.required_head(one) for one in inputs]
    if not mixed_ancestors:
        agree(store, ref, pinned)
    digest = recipe.digest(ref, pinned)
    existing = store.with_recipe(ref, digest)
    if existing is not None:
        log(f"{ref}: same inputs, code and parameters as {existing.version}; nothing to do")
        confirmed = _confirm(store, existing, pinned, recipe, run_id)
        if confirmed is existing:
            store.set_head(existing, "publish", run_id=run_id)
        else:
            _publish(store, confirmed, previous, log)
        return Outcome(confirmed, reused=True, previous=previous)
    started = datetime.now(UTC)
    with open_workspace(store, ref, pinned, recipe.parameters) as workspace:
        work(workspace)
        content = staged_content(workspace, recipe.contract)
        staged = workspace.result_folder if content["kind"] == "folder" else workspace.table_file
        if not store.files.put(staged, content["object"]):
            content |= stored_bytes(content, store.files.local(content["object"]))
        manifest = Manifest(
            asset=ref.asset,
            partition=ref.partition,
            version=_new_version(content["fingerprint"]),
            inputs=tuple(one.pin() for one in pinned),
            recipe=digest,
            code=recipe.code,
            parameters=dict(recipe.parameters),
            libraries=recipe.library_versions(),
            details=workspace.details,
            run_id=run_id,
            git=git_state(),
            started=started,
            finished=datetime.now(UTC),
            **content,
        )
    store.keep_code(recipe.code_texts)
    _publish(store, manifest, previous, log)
    return Outcome(manifest, reused=False, previous=previous)


def _confirm(store: Store, existing: Manifest, pinned: Sequence[Manifest], recipe: Recipe, run_id: str) -> Manifest:
    """The record of a version that needs no work: the existing one, or one that says what has changed around it.

    Where its inputs were published again with equal contents but from other ancestors, a new record pins those: the
    old pins would contradict what other steps read, and nothing could mend that. Where another contract is declared
    now, the content is audited for it.
    """
    pins = tuple(one.pin() for one in pinned)
    contract = recipe.contract
    if existing.inputs == pins and existing.contract == contract.digest:
        return existing
    now = datetime.now(UTC)
    changes = {
        "version": _new_version(existing.fingerprint),
        "inputs": pins,
        "run_id": run_id,
        "started": now,
        "finished": now,
    }
    if existing.contract != contract.digest:
        with open_workspace(store, existing.ref, pinned, recipe.parameters) as workspace:
            changes |= audited_again(workspace, existing, contract)
    return existing.model_copy(update=changes)


def _publish(store: Store, candidate: Manifest, previous: Manifest | None, log: Callable[[str], None]) -> None:
    """Make a candidate current, or hold it back where its audit says so."""
    if any(result.stops for result in candidate.audit):
        hold(store, candidate)
        raise QuarantinedError(candidate, previous)
    _tell_stale(candidate.ref, store.publish(candidate), log)
    for result in candidate.audit:
        if not result.passed:
            log(f"{candidate.ref}: published with a warning: {result}")


def _tell_stale(ref: Ref, entry: HeadEntry | None, log: Callable[[str], None]) -> None:
    for pin in entry.stale_inputs if entry else ():
        log(f"{ref}: published, but {pin.ref} has other content by now than the {pin.version} it was made from")


def _new_version(fingerprint: str) -> str:
    return f"{ULID()}-{fingerprint[:8]}"
