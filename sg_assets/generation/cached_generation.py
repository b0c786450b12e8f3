"""A step's answers through the answer cache, with counts, cost and provenance for its manifest."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.generation.call_counts import Requests
    from sg_assets.store.workspace import Workspace


def cached_answers(
    workspace: "Workspace", requests: "Requests", answers: Path, *, log: Callable[[str], None], run_id: str
) -> "pl.DataFrame":
    """The answers to a step's requests, a row each in their order: ``response``, ``outcome``, ``finish``.

    Args:
        workspace: Its details take counts, cost and provenance.
        requests: The engine and its chats.
        answers: Folder of the answer cache.
        log: Takes progress lines.
        run_id: The run that generates.

    Raises:
        SgAssetsError: requests ended in ``error``; a rerun asks only for them.
    """
    from sg_assets.generation.generate import generate

    generated = generate(requests.engine, answers, requests.chats, log, run_id=run_id)
    workspace.details.update(generated.details())
    workspace.ran_on(generated.machines)
    return generated.frame()
