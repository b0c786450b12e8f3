"""How chats with a model that is not trained here are written, ended and decoded."""

import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from sg_assets.declarations.records.base import Count, Record

TEMPLATE_FILE: Final = r"^\w[\w.-]*\.jinja$"
_GIVEN: Final = ("messages", "add_generation_prompt")
Argument = bool | int | Annotated[float, Field(allow_inf_nan=False)] | str
ArgumentName = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,60}$")]
Token = Annotated[str, Field(min_length=1)]


class ChatDeclaration(Record):
    """What a model's files do not say of its chats, or not as it is wanted; trainings, answers, scores: all alike."""

    chat_template: str | None = Field(default=None, pattern=TEMPLATE_FILE)
    """A file of ``models/chat_templates``, in place of the model's own template."""
    template_arguments: dict[ArgumentName, Argument] = Field(default={})
    """Values that the template reads, such as ``enable_thinking: false``."""
    system: str | None = Field(default=None, min_length=1)
    """The system message of every chat that has none."""
    date: datetime.date | None = None
    """Today, for a template that writes the date of today: what it writes would otherwise change every day."""
    stops: tuple[Token, ...] = ()
    """Tokens that end an answer, besides those of the model's files and the template's end of a turn."""
    pad: Token | None = None
    """The token that fills batches up. Where absent, the model's own if no answer ends with it, else a special token
    that no chat contains."""
    context: Count | None = None
    """Most tokens of a prompt with its answer, where the model's config does not say it or says too much."""
    generation_config: Literal["own", "plain"] = "own"
    """Whether what the model's generation config changes in greedy decoding is applied, such as a repetition penalty.
    ``plain``: only its stops are read."""

    @model_validator(mode="after")
    def _not_given(self) -> "ChatDeclaration":
        for name in _GIVEN:
            if name in self.template_arguments:
                raise ValueError(f"template_arguments: '{name}' is given to the template already")
        return self
