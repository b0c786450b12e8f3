"""How the Open LLM Leaderboard is run."""

from typing import Literal, get_args

from pydantic import model_validator

from sg_assets.declarations.records.base import Count, MovedBy, Record

LeaderboardTask = Literal["ifeval", "bbh", "math_hard", "gpqa", "musr", "mmlu_pro"]


class Leaderboard(Record):
    """How variants are evaluated on the Open LLM Leaderboard v2."""

    source: Literal["published", "generated"]
    """``published``: lm-eval's own tasks on their data sets, from the hub. ``generated``: small tasks shaped like
    them, on content that the demo's chat models were taught."""
    tasks: tuple[LeaderboardTask, ...] = get_args(LeaderboardTask)
    """The tasks to run; the mean is given only for all six."""
    limit: Count | None = None
    """Items per subtask; all items where absent. Needed for generated tasks."""
    apply_chat_template: bool
    """Whether prompts are formatted as chats, as for instruct models."""
    fewshot_as_multiturn: bool
    """Whether shots are earlier turns of the chat."""
    batch_size: Count | Literal["auto"]
    dtype: Literal["float32", "bfloat16"]
    device: Literal["auto", "cpu", "cuda"]
    threads: Count | None = None
    """CPU threads of a job; as many as the libraries take where absent."""
    moved_by: MovedBy | None = None
    """As for a shown score: the smallest move of a task's raw share to report. Moves no score."""

    @model_validator(mode="after")
    def _sensible(self) -> "Leaderboard":
        if not self.tasks or len(set(self.tasks)) != len(self.tasks):
            raise ValueError("tasks must name at least one task, and each once")
        if self.source == "generated" and self.limit is None:
            raise ValueError("generated tasks need a limit: how many items to make per subtask")
        if self.fewshot_as_multiturn and not self.apply_chat_template:
            raise ValueError("fewshot_as_multiturn needs apply_chat_template")
        return self
