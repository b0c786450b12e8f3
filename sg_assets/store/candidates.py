"""Versions that a step may publish: made by its work, or found, where the same work was done before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ulid import ULID

from sg_assets.store.checkout import git_state
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import AcceptedAs, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.staged_content import audited_again, put_content, staged_content
from sg_assets.store.step_plan import Output, Plan
from sg_assets.store.workspace import Workspace


@dataclass(frozen=True)
class Candidates:
    """One version per output."""

    versions: list[Manifest]
    audited: frozenset[Ref]
    """Outputs whose audit was evaluated now. Others were accepted before, by their audit or by hand."""

    @property
    def failed(self) -> bool:
        """Whether an audit forbids to publish them."""
        return any(result.stops for one in self.versions if one.ref in self.audited for result in one.audit)


def made(plan: Plan, work: Callable[[Workspace], None]) -> Candidates:
    """What the work gives, contents in place.

    Everything is audited before anything is put in place.
    """
    started = datetime.now(UTC)
    with plan.workspace() as workspace:
        work(workspace)
        staged = [staged_content(workspace, output.ref, output.contract) for output in plan.outputs]
        contents = [put_content(workspace, output.ref, one) for output, one in zip(plan.outputs, staged, strict=True)]
    git, recipe, finished = git_state(), plan.recipe, datetime.now(UTC)
    versions = together(
        [
            Manifest(
                asset=output.ref.asset,
                partition=output.ref.partition,
                version=_new_version(content["fingerprint"]),
                inputs=plan.pins,
                recipe=recipe.digest(output.ref, plan.pinned),
                code=recipe.code,
                parameters=dict(recipe.parameters),
                libraries=recipe.library_versions(),
                details=workspace.details,
                machines=tuple(workspace.machines),
                run_id=plan.run_id,
                git=git,
                started=started,
                finished=finished,
                made_by=this_maker(),
                **content,
            )
            for output, content in zip(plan.outputs, contents, strict=True)
        ]
    )
    return Candidates(versions, frozenset(one.ref for one in versions))


def found(plan: Plan) -> Candidates | None:
    """The newest versions of the same recipe that one step made, if there are any: repeating it would give them again.

    Where their inputs were published again with equal contents but from other ancestors, new records pin those: the old
    pins would contradict what other steps read, and nothing could mend that. Where another contract is declared now,
    the contents are audited for it.
    """
    first, *others = plan.outputs
    for version in plan.store.with_recipe(first.ref, plan.recipe.digest(first.ref, plan.pinned)):
        siblings = [_sibling(plan, version, other) for other in others]
        versions = [version, *(one for one in siblings if one is not None)]
        if len(versions) == len(plan.outputs):
            return _as_of_now(plan, versions)
    return None


def _sibling(plan: Plan, version: Manifest, other: Output) -> Manifest | None:
    """What the step that made a version made as another output."""
    names = {pin.version for pin in version.made_with}
    same = plan.store.with_recipe(other.ref, plan.recipe.digest(other.ref, plan.pinned))
    return next((one for one in same if one.version in names), None)


def _as_of_now(plan: Plan, versions: list[Manifest]) -> Candidates:
    asked = list(zip(versions, plan.outputs, strict=True))
    audited = frozenset(one.ref for one, output in asked if one.contract != output.contract.digest)
    if not audited and all(one.inputs == plan.pins for one in versions):
        return Candidates(versions, audited)
    with plan.workspace() as workspace:
        return Candidates(together([_renewed(plan, workspace, one, output) for one, output in asked]), audited)


def _renewed(plan: Plan, workspace: Workspace, version: Manifest, output: Output) -> Manifest:
    now = datetime.now(UTC)
    changes = {
        "version": _new_version(version.fingerprint),
        "inputs": plan.pins,
        "run_id": plan.run_id,
        "started": now,
        "finished": now,
        "checks_seconds": None,
        "made_by": this_maker(),
        "spend": None,
        "accepted_as": _inherited(plan, version),
    }
    if version.contract != output.contract.digest:
        changes |= audited_again(workspace, version, output.contract)
    return version.model_copy(update=changes)


def _inherited(plan: Plan, version: Manifest) -> tuple[AcceptedAs, ...]:
    """The acceptances of a version, for a record of the same content."""
    return tuple(
        AcceptedAs(mark=named.name, version=named.mark.version, recipe=str(named.mark.recipe))
        for named in plan.store.acceptances(version)
    )


def together(versions: Sequence[Manifest]) -> list[Manifest]:
    """Let the versions of one step name each other."""
    pins = [one.pin() for one in versions]
    return [
        one.model_copy(update={"made_with": tuple(pin for pin in pins if pin.version != one.version)})
        for one in versions
    ]


def _new_version(fingerprint: str) -> str:
    return f"{ULID()}-{fingerprint[:8]}"
