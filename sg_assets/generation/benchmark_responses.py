"""The step that generates a variant's answers to a benchmark's items."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.generation.cached_generation import cached_answers
from sg_assets.generation.chats import user_chats
from sg_assets.generation.pinned_models import variant_models

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.declarations.records.model import Generation
    from sg_assets.generation.call_counts import Requests
    from sg_assets.store.workspace import Workspace


def answer_items(
    workspace: "Workspace",
    query: str,
    settings: "Generation",
    answers: Path,
    *,
    log: Callable[[str], None],
    run_id: str,
) -> None:
    """Write every item with the variant's answer to its prompt.

    Args:
        workspace: Of the answers; its partition is the variant.
        query: Gives the items.
        settings: How the model is asked.
        answers: Folder of the answer cache.
        log: Takes progress lines.
        run_id: The run that generates.

    Raises:
        SgAssetsError: DuckDB refuses the query, or requests failed.
    """
    import polars as pl

    items = _items(workspace, query)
    answered = cached_answers(workspace, _requests(workspace, items, settings), answers, log=log, run_id=run_id)
    variant = pl.lit(str(workspace.ref.partition)).alias("variant")
    workspace.write_table(pl.concat([items, answered], how="horizontal").with_columns(variant))


def item_requests(workspace: "Workspace", query: str, settings: "Generation") -> "Requests":
    """The requests of :func:`answer_items`."""
    return _requests(workspace, _items(workspace, query), settings)


def _items(workspace: "Workspace", query: str) -> "pl.DataFrame":
    return workspace.query(query).sort("item_id")


def _requests(workspace: "Workspace", items: "pl.DataFrame", settings: "Generation") -> "Requests":
    from sg_assets.generation.call_counts import Requests
    from sg_assets.generation.transformers_engine import TransformersEngine

    engine = TransformersEngine(settings, *variant_models(workspace))
    return Requests(engine, engine.keyed(user_chats(items["prompt"])))
