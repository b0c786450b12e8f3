"""Versions that a step may publish: new ones of its work, or those of an earlier run of the same recipe."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sg_assets.store.checkout import git_state
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifest_parts import Audit, Content, Production, made_together, new_version
from sg_assets.store.manifests import AcceptedAs, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.staged_content import audit_again, put_content, staged_content
from sg_assets.store.step_plan import Output, StepPlan
from sg_assets.store.workspace import ConfinedWorkspace, Workspace


@dataclass(frozen=True)
class Candidates:
    """One version per output."""

    versions: list[Manifest]
    audited: frozenset[Ref]
    """Outputs whose audit was evaluated now. Others were accepted before, by their audit or by hand."""

    @property
    def failed(self) -> bool:
        """Whether an audit forbids to publish them."""
        audited = [version for version in self.versions if version.ref in self.audited]
        return any(result.stops for version in audited for result in version.audit)


def new_candidates(plan: StepPlan, work: Callable[[Workspace], None]) -> Candidates:
    """Run the work; its results as versions, contents in place.

    Everything is audited before anything is put in place.
    """
    started = datetime.now(UTC)
    with plan.workspace() as workspace:
        work(workspace)
        staged = [(output.ref, *staged_content(workspace, output.ref, output.contract)) for output in plan.outputs]
        stored = [(ref, put_content(workspace, ref, content), audit) for ref, content, audit in staged]
    production = Production(
        inputs=plan.pins,
        code=plan.recipe.code,
        parameters=plan.recipe.parameters,
        libraries=plan.recipe.library_versions(),
        details=workspace.details,
        run_id=plan.run_id,
        git=git_state(),
        started=started,
        finished=datetime.now(UTC),
        made_by=this_maker(),
        machines=workspace.machines,
    )
    versions = [
        new_version(ref, plan.recipe.digest(ref, plan.pinned), content, audit, production)
        for ref, content, audit in stored
    ]
    return Candidates(made_together(versions), frozenset(version.ref for version in versions))


def reused_candidates(plan: StepPlan) -> Candidates | None:
    """The newest versions of the same recipe that one step made; None where no step did.

    Repeating the work would give them again. Where their inputs were published again with equal contents but from other
    ancestors, new records pin those: the old pins would contradict what other steps read, and nothing could mend that.
    Where another contract is declared now, the contents are audited for it.
    """
    first, *others = plan.outputs
    for version in plan.store.with_recipe(first.ref, plan.recipe.digest(first.ref, plan.pinned)):
        siblings = [_sibling(plan, version, other) for other in others]
        versions = [version, *(sibling for sibling in siblings if sibling is not None)]
        if len(versions) == len(plan.outputs):
            return _brought_up_to_date(plan, versions)
    return None


def _sibling(plan: StepPlan, version: Manifest, other: Output) -> Manifest | None:
    """The version of another output that the same step made."""
    names = {pin.version for pin in version.made_with}
    same_recipe = plan.store.with_recipe(other.ref, plan.recipe.digest(other.ref, plan.pinned))
    return next((candidate for candidate in same_recipe if candidate.version in names), None)


def _brought_up_to_date(plan: StepPlan, versions: list[Manifest]) -> Candidates:
    """The versions with the inputs that are pinned now, audited for the contracts that are declared now."""
    of_outputs = list(zip(versions, plan.outputs, strict=True))
    audited = frozenset(version.ref for version, output in of_outputs if version.contract != output.contract.digest)
    if not audited and all(version.inputs == plan.pins for version in versions):
        return Candidates(versions, audited)
    with plan.workspace() as workspace:
        renewed = [_renewed(plan, workspace, version, output) for version, output in of_outputs]
    return Candidates(made_together(renewed), audited)


def _renewed(plan: StepPlan, workspace: ConfinedWorkspace, version: Manifest, output: Output) -> Manifest:
    """A new version of the same content."""
    now = datetime.now(UTC)
    production = replace(
        Production.of(version),
        inputs=plan.pins,
        run_id=plan.run_id,
        started=now,
        finished=now,
        made_by=this_maker(),
        spend=None,
    )
    audit = (
        replace(Audit.of(version), seconds=None)
        if version.contract == output.contract.digest
        else audit_again(workspace, version, output.contract)
    )
    inherited = tuple(
        AcceptedAs(mark=named.name, version=named.mark.version, recipe=str(named.mark.recipe))
        for named in plan.store.acceptances(version)
    )
    return new_version(version.ref, version.recipe, Content.of(version), audit, production, accepted_as=inherited)
