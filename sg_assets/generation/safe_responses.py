"""The generator's answers to learn from, as the step that makes them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.generation.cached_generation import answers_to
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
        answers: Answers kept before.
        log: Takes progress.
        run_id: The run that asks.

    Raises:
        SgAssetsError: requests failed.
    """
    import polars as pl

    prompts = _labelled(workspace, label)
    requests = _requests(workspace, prompts, instruction)
    answered = answers_to(workspace, requests, answers, log=log, run_id=run_id)
    workspace.write_table(pl.concat([prompts.select("prompt_id"), answered], how="horizontal"))


def generator_requests(workspace: "Workspace", label: str, instruction: str) -> "Requests":
    """What :func:`answer_as_generator` asks."""
    return _requests(workspace, _labelled(workspace, label), instruction)


def _labelled(workspace: "Workspace", label: str) -> "pl.DataFrame":
    import polars as pl

    return prompts_to_answer(workspace).filter(pl.col("label") == label)


def _requests(workspace: "Workspace", prompts: "pl.DataFrame", instruction: str) -> "Requests":
    from sg_assets.demo.responder import respond
    from sg_assets.generation.call_counts import Requests
    from sg_assets.generation.rule_engine import RuleEngine

    few_shots = workspace.table("synthesized/few_shots").sort("example_id").to_dicts()
    lexicon = workspace.table("synthesized/lexicon").sort("term").to_dicts()
    chats = generator_chats(prompts["prompt"].to_list(), few_shots, lexicon, instruction)
    return Requests(RuleEngine(workspace.inputs["models/generator"][0].fingerprint, respond), chats)
