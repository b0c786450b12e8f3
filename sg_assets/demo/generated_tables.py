"""The demo's generated tables: comments, chats to learn from, texts to fit judges on, leaderboard items."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.store.workspace import Workspace


def write_corpus(workspace: "Workspace", seed: int) -> None:
    """Write generated comments, safe and unsafe by construction."""
    from sg_assets.demo.corpus import comments

    workspace.write_table(comments(seed, _rows(workspace)))


def write_pretraining(workspace: "Workspace", seed: int) -> None:
    """Write the chats that the demo's base models learn from."""
    from sg_assets.demo.pretraining import rows

    workspace.write_table(rows(seed, _rows(workspace), _templates(workspace), _refusals(workspace)))


def write_judge_texts(workspace: "Workspace", seed: int) -> None:
    """Write the texts that judges are fitted and checked on; none is a comment of the corpus, where there is one."""
    from sg_assets.demo.judge_texts import texts

    avoid = set(workspace.table("demo/corpus")["text"]) if "demo/corpus" in workspace.inputs else set()
    workspace.write_table(texts(seed, _rows(workspace), _templates(workspace), _refusals(workspace), avoid=avoid))


def write_leaderboard_items(workspace: "Workspace", seed: int) -> None:
    """Write small tasks in the shapes of the Open LLM Leaderboard's."""
    from sg_assets.demo.leaderboard_items import items

    workspace.write_table(items(seed, _rows(workspace), _templates(workspace), _refusals(workspace)))


def _rows(workspace: "Workspace") -> int:
    return int(workspace.parameters["n"])


def _templates(workspace: "Workspace") -> "pl.DataFrame":
    return workspace.table("templated/templates").sort("template_id")


def _refusals(workspace: "Workspace") -> list[str]:
    answers: list[str] = workspace.table("synthesized/few_shots").sort("example_id")["answer"].to_list()
    return answers
