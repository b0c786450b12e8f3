"""The step that generates the generator's answers as training data."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.generation.cached_generation import cached_answers
from sg_assets.generation.few_shot import generator_chats
from sg_assets.generation.prompts import prompts_to_answer

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.generation.call_counts import Requests
    from sg_assets.store.workspace import Workspace


def answer_as_generator(
    workspace: "Workspace",
    label: str,
    instruction: str,
    answers: Path,
    *,
    log: Callable[[str], None],
    run_id: str,
) -> None:
    """Write the generator's answer to every prompt of ``train`` and ``dev`` with a label.

    Args:
        workspace: Of the answers.
        label: Of the prompts.
        instruction: Opens every chat.
        answers: Folder of the answer cache.
        log: Takes progress lines.
        run_id: The run that generates.

    Raises:
        SgAssetsError: requests failed.
    """
    import polars as pl

    prompts = _labelled(workspace, label)
    requests = _requests(workspace, prompts, instruction)
    answered = cached_answers(workspace, requests, answers, log=log, run_id=run_id)
    workspace.write_table(pl.concat([prompts.select("prompt_id"), answered], how="horizontal"))


def generator_requests(workspace: "Workspace", label: str, instruction: str) -> "Requests":
    """The requests of :func:`answer_as_generator`."""
    return _requests(workspace, _labelled(workspace, label), instruction)


def _labelled(workspace: "Workspace", label: str) -> "pl.DataFrame":
    import polars as pl

    return prompts_to_answer(workspace).filter(pl.col("label") == label)


def _requests(workspace: "Workspace", prompts: "pl.DataFrame", instruction: str) -> "Requests":
    from sg_assets.demo.responder import few_shot_answer
    from sg_assets.generation.call_counts import Requests
    from sg_assets.generation.rule_engine import RuleEngine

    few_shots = workspace.table("synthesized/few_shots").sort("example_id").to_dicts()
    lexicon = workspace.table("synthesized/lexicon").sort("term").to_dicts()
    chats = generator_chats(prompts["prompt"].to_list(), few_shots, lexicon, instruction)
    return Requests(RuleEngine(workspace.inputs["models/generator"][0].fingerprint, few_shot_answer), chats)
