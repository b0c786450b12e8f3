"""The step that generates the base model's own answers as training data, with the judges' scores."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sg_assets.generation.cached_generation import cached_answers
from sg_assets.generation.chats import user_chats
from sg_assets.generation.prompts import prompts_to_answer
from sg_assets.judging.cached_judge import cached_judge

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.declarations.records.model import Generation
    from sg_assets.generation.call_counts import Requests
    from sg_assets.judging.kind_scores import KindScores
    from sg_assets.store.workspace import Workspace

BASE_JUDGES: Final = ("toxicity", "rejection")
_UNSCORED: Final = "unscored.parquet"
"""The file of answers without scores, in the step's folder."""


def answer_as_base(
    workspace: "Workspace",
    settings: "Generation",
    answers: Path,
    memories: Path,
    *,
    log: Callable[[str], None],
    run_id: str,
) -> None:
    """Write the base model's answer to every prompt of ``train`` and ``dev``, with its scores.

    Args:
        workspace: Of the answers.
        settings: How the model is asked.
        answers: Folder of the answer cache.
        memories: Folder of cached judge scores.
        log: Takes progress lines.
        run_id: The run that generates.

    Raises:
        SgAssetsError: requests failed.
    """
    import polars as pl

    from sg_assets.judging.scoring import score_responses

    prompts = prompts_to_answer(workspace)
    answers_table = cached_answers(workspace, _requests(workspace, prompts, settings), answers, log=log, run_id=run_id)
    answered = pl.concat([prompts.select("prompt_id"), answers_table], how="horizontal")
    judges = {f"{name}_score": cached_judge(workspace, name, memories) for name in BASE_JUDGES}
    workspace.write_table(score_responses(answered, judges))


def answer_unscored(
    workspace: "Workspace",
    settings: "Generation",
    answers: Path,
    *,
    log: Callable[[str], None],
    run_id: str,
) -> None:
    """Write the base model's answers with their prompts into the step's folder, for judges of any kind.

    Args:
        workspace: Of the answers.
        settings: How the model is asked.
        answers: Folder of the answer cache.
        log: Takes progress lines.
        run_id: The run that generates.

    Raises:
        SgAssetsError: requests failed.
    """
    import polars as pl

    prompts = prompts_to_answer(workspace)
    answers_table = cached_answers(workspace, _requests(workspace, prompts, settings), answers, log=log, run_id=run_id)
    answered = pl.concat([prompts.select("prompt_id", "prompt"), answers_table], how="horizontal")
    answered.write_parquet(workspace.folder / _UNSCORED)


def score_unscored(workspace: "Workspace", scores: "KindScores") -> None:
    """Write the answers that :func:`answer_unscored` left, with the judges' scores; these may see the prompts.

    Args:
        workspace: Of the answers.
        scores: Gives the scores.

    Raises:
        SgAssetsError: a judge cannot be used.
    """
    import polars as pl

    answered = pl.read_parquet(workspace.folder / _UNSCORED)
    workspace.write_table(scores.add_to(answered, BASE_JUDGES).drop("prompt"))


def base_requests(workspace: "Workspace", settings: "Generation") -> "Requests":
    """The requests of :func:`answer_as_base`."""
    return _requests(workspace, prompts_to_answer(workspace), settings)


def _requests(workspace: "Workspace", prompts: "pl.DataFrame", settings: "Generation") -> "Requests":
    from sg_assets.generation.call_counts import Requests
    from sg_assets.generation.transformers_engine import TransformersEngine

    model = workspace.inputs["models/chat"][0]
    engine = TransformersEngine(settings, (model, workspace.store.path(model)), None)
    return Requests(engine, engine.keyed(user_chats(prompts["prompt"])))
