"""Work done in a scratch store: contents and records, and nothing made current."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ulid import ULID

from sg_assets.store.candidates import together
from sg_assets.store.contracts import Contract
from sg_assets.store.made_by import this_maker
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
    """Run the work of a step. Its contracts are not looked at: what was made once may be made again, however it is.

    Args:
        store: Takes what is made.
        recorded: The version to make, or one as it would be: its parameters and its recipe count.
        inputs: What is read.
        keys: By output, the columns its rows are known by; the step's own asset first.
        work: Makes it.

    Returns:
        A version per output, in the order of ``keys``.
    """
    outputs = tuple(Ref.of(asset, recorded.partition) for asset in keys)
    started = datetime.now(UTC)
    with open_workspace(store, outputs, inputs, recorded.parameters) as workspace:
        work(workspace)
        contents = [
            put_content(workspace, ref, staged_content(workspace, ref, Contract(keys[ref.asset]))) for ref in outputs
        ]
    told = {
        "inputs": tuple(one.pin() for one in inputs),
        "details": workspace.details,
        "run_id": "scratch",
        "started": started,
        "finished": datetime.now(UTC),
        "made_by": this_maker(),
        "machines": tuple(workspace.machines),
        "spend": None,
        "origin": None,
        "accepted_as": (),
    }
    made = [
        recorded.model_copy(update={"asset": ref.asset, **told, **_named(content)})
        for ref, content in zip(outputs, contents, strict=True)
    ]
    made = together(made)
    for one in made:
        store.record(one)
    return made


def _named(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"columns": (), "key": (), "version": f"{ULID()}-{content['fingerprint'][:8]}", **content}
