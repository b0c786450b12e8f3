"""The prompts that training answers are generated for."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.store.workspace import Workspace

_TO_ANSWER: Final = """
SELECT prompts.prompt_id, prompts.prompt, prompts.label
FROM templated.prompts AS prompts
JOIN templated.splits AS splits USING (prompt_id)
WHERE splits.split IN ('train', 'dev')
ORDER BY prompts.prompt_id
"""


def prompts_to_answer(workspace: "Workspace") -> "pl.DataFrame":
    """``prompt_id``, ``prompt`` and ``label`` of the prompts of ``train`` and ``dev``, by id."""
    return workspace.query(_TO_ANSWER)
