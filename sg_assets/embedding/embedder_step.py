"""The step that fits the embedder on the judges' texts and checks it on pairs of unseen wordings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sg_assets.demo.unavailable_models import unavailable_model_error

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace

_PAIRS = 200
"""Pairs of each kind the embedder is checked on."""


def fit_embedder(workspace: "Workspace", seed: int, endpoint: str | None, log: Callable[[str], None]) -> None:
    """Fit the embedder, and measure it on unseen wordings.

    Args:
        workspace: Of the embedder.
        seed: Of the solver and of the pairs.
        endpoint: A model behind an endpoint that the profile declares instead.
        log: Takes a line with the figures.

    Raises:
        SgAssetsError: such a model is declared, or there are too few texts.
    """
    import polars as pl

    from sg_assets.demo.paraphrases import pairs
    from sg_assets.embedding.embedder import Embedder, evaluate, fit

    if endpoint is not None:
        raise unavailable_model_error(f"the embedder {endpoint}", "a model behind an endpoint", "embedder")
    fitted = workspace.table("demo/judge_texts").filter(pl.col("use") == "fit")
    texts = fitted["text"].unique().sort().to_list()
    workspace.details.update(fit(texts, workspace.result_folder, seed=seed))
    checked = pairs(seed, _PAIRS)
    columns = [checked[name].to_list() for name in ("left", "right", "related", "kind")]
    figures = evaluate(Embedder.load(workspace.result_folder), *columns)
    workspace.details["on_unseen_wordings"] = figures
    log(f"embedder: {figures} on pairs of unseen wordings")
