"""The step that fits a judge on its texts and checks it on unseen wordings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sg_assets.demo.unavailable_models import unavailable_model_error
from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from sg_assets.judging.linear import LooksAt
    from sg_assets.store.workspace import Workspace


def fit_judge(
    workspace: "Workspace",
    name: str,
    *,
    seed: int,
    looks_at: "LooksAt",
    hub: str | None,
    log: Callable[[str], None],
) -> None:
    """Fit a judge, and measure it on unseen wordings.

    Args:
        workspace: Of the judge.
        name: Name of the judge, which selects its texts.
        seed: Of the solver.
        looks_at: Whether its features are of the wording or of the form.
        hub: A hub model that the profile declares instead.
        log: Takes a line with the figures.

    Raises:
        SgAssetsError: such a model is declared, or there are too few texts.
    """
    import polars as pl

    from sg_assets.judging.linear import LinearJudge, accuracy_by, evaluate, fit

    if hub is not None:
        raise unavailable_model_error(f"the judge {hub}", "a model of the hub", f"judges.{name}")
    texts = workspace.table("demo/judge_texts").filter(pl.col("judge") == name).sort("row_id")
    fitted = texts.filter(pl.col("use") == "fit")
    if fitted.is_empty():
        raise SgAssetsError(f"no texts to fit judge '{name}' on", where="demo/judge_texts")
    folder = workspace.result_folder
    folder.mkdir()
    fit_arguments = (fitted["text"].to_list(), fitted["label"].to_list(), folder)
    workspace.details.update(fit(*fit_arguments, seed=seed, looks_at=looks_at))
    unseen = texts.filter(pl.col("use") == "check")
    check_arguments = (LinearJudge.load(folder), unseen["text"].to_list(), unseen["label"].to_list())
    figures = {**evaluate(*check_arguments), "accuracy": accuracy_by(*check_arguments, unseen["kind"].to_list())}
    workspace.details["on_unseen_wordings"] = figures
    log(f"judge {name}: {figures} on {unseen.height} texts of unseen wordings")
