"""Asking what a step asks: through the kept answers, with the figures told in its manifest."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.generation.call_counts import Requests
    from sg_assets.store.workspace import Workspace


def answers_to(
    workspace: "Workspace", requests: "Requests", answers: Path, *, log: Callable[[str], None], run_id: str
) -> "pl.DataFrame":
    """The answers to a step's requests, a row each in their order: ``response``, ``outcome``, ``finish``.

    Args:
        workspace: Its details take counts, cost and provenance.
        requests: Whom to ask, and what.
        answers: Answers kept before.
        log: Takes progress.
        run_id: The run that asks.

    Raises:
        SgAssetsError: requests ended in ``error``; a rerun asks only for them.
    """
    from sg_assets.generation.generate import generate

    generated = generate(requests.engine, answers, requests.chats, log, run_id=run_id)
    workspace.details.update(generated.details())
    workspace.ran_on(generated.machines)
    return generated.frame()
