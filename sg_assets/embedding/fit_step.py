"""The embedder as a step's result: fitted on the judges' texts, checked on pairs of unseen wordings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sg_assets.demo.unavailable_models import out_of_reach

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace

_PAIRS = 200
"""Pairs of each kind the embedder is checked on."""


def fit_embedder(workspace: "Workspace", seed: int, endpoint: str | None, log: Callable[[str], None]) -> None:
    """Fit the embedder and tell how it does on unseen wordings.

    Args:
        workspace: Of the embedder.
        seed: Of the solver and of the pairs.
        endpoint: The model behind an endpoint that the profile declares in its place.
        log: Takes the figures.

    Raises:
        SgAssetsError: such a model is declared, or there are too few texts.
    """
    import polars as pl

    from sg_assets.demo.paraphrases import pairs
    from sg_assets.embedding.embedder import Embedder, evaluate, fit

    if endpoint is not None:
        raise out_of_reach(f"the embedder {endpoint}", "a model behind an endpoint", "embedder")
    fitted = workspace.table("demo/judge_texts").filter(pl.col("use") == "fit")
    texts = fitted["text"].unique().sort().to_list()
    workspace.details.update(fit(texts, workspace.result_folder, seed=seed))
    checked = pairs(seed, _PAIRS)
    columns = [checked[name].to_list() for name in ("left", "right", "related", "kind")]
    figures = evaluate(Embedder.load(workspace.result_folder), *columns)
    workspace.details["on_unseen_wordings"] = figures
    log(f"embedder: {figures} on pairs of unseen wordings")
