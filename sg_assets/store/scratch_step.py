"""Running a step in a scratch store: contents and records, and nothing made current."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sg_assets.store.contracts import Contract
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifest_parts import Production, made_together, new_version
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.staged_content import put_content, staged_content
from sg_assets.store.workspace import Workspace, open_workspace


def make_in_scratch(
    store: ScratchStore,
    recorded: Manifest,
    inputs: Sequence[Manifest],
    keys: Mapping[str, tuple[str, ...]],
    work: Callable[[Workspace], None],
) -> list[Manifest]:
    """Run the work of a step. No contract is held against its results: whatever was published once may be made again.

    Args:
        store: Takes the versions.
        recorded: The version to make again, or a hypothetical version: its parameters and its recipe count.
        inputs: The versions that are read.
        keys: By output, the columns that identify its rows; the step's own asset first.
        work: Makes the results.

    Returns:
        A version per output, in the order of ``keys``.
    """
    outputs = tuple(Ref.of(asset, recorded.partition) for asset in keys)
    started = datetime.now(UTC)
    with open_workspace(store, outputs, inputs, recorded.parameters) as workspace:
        work(workspace)
        staged = [(ref, *staged_content(workspace, ref, Contract(keys[ref.asset]))) for ref in outputs]
        stored = [(ref, put_content(workspace, ref, content), audit) for ref, content, audit in staged]
    production = replace(
        Production.of(recorded),
        inputs=tuple(version.pin() for version in inputs),
        details=workspace.details,
        run_id="scratch",
        started=started,
        finished=datetime.now(UTC),
        made_by=this_maker(),
        machines=workspace.machines,
        spend=None,
        origin=None,
    )
    versions = made_together(
        [new_version(ref, recorded.recipe, content, audit, production) for ref, content, audit in stored]
    )
    for version in versions:
        store.record(version)
    return versions
