"""The work of steps that a job does in the step's place: the functions that recipes name, with their declared values.

A kind is a record of what the function is given besides the workspace. It holds no paths of the step's own and no data.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from sg_assets.declarations.records.model import Generation
from sg_assets.generation.base_responses import answer_as_base, answer_unscored
from sg_assets.generation.benchmark_responses import answer_items

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace

Log = Callable[[str], None]


class StepWork(BaseModel):
    """A function of a step, and its arguments by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: ClassVar[Callable[..., None]]
    """The function that the step's recipe names: takes the workspace, and the fields of the record but ``kind``."""
    takes_log: ClassVar[bool] = True
    """Whether it takes ``log`` and ``run_id``, too."""
    records_machine: ClassVar[bool] = False
    """Whether NumPy or scikit-learn computes some of its numbers: then that machine is recorded as well."""

    def run(self, workspace: "Workspace", log: Log, run_id: str) -> None:
        """Do the work in this process."""
        arguments: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields if name != "kind"}
        if self.takes_log:
            arguments |= {"log": log, "run_id": run_id}
        type(self).function(workspace, **arguments)


class AnswerItems(StepWork):
    """A variant's answers to a benchmark's items."""

    function = answer_items

    kind: Literal["answer_items"] = "answer_items"
    query: str
    settings: Generation
    answers: Path
    """Folder of the answer cache: each answer is stored there as soon as it is made."""


class AnswerAsBase(StepWork):
    """The base model's answers to prompts, and the judges' scores."""

    function = answer_as_base
    records_machine = True

    kind: Literal["answer_as_base"] = "answer_as_base"
    settings: Generation
    answers: Path
    """Folder of the answer cache."""
    memories: Path
    """Folder of the judges' stored scores."""


class AnswerUnscored(StepWork):
    """The base model's answers to prompts, for judges that score them in jobs of their own."""

    function = answer_unscored

    kind: Literal["answer_unscored"] = "answer_unscored"
    settings: Generation
    answers: Path
    """Folder of the answer cache."""


AnyStepWork = Annotated[AnswerItems | AnswerAsBase | AnswerUnscored, Field(discriminator="kind")]
"""Every kind. A further one is a record above and a name here."""
