"""Models that a profile names (from the hub, behind an endpoint, or trained here), and how they generate."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sg_assets.declarations.neutral_values import Neutral
from sg_assets.declarations.records.base import Count, Record, Seed, Share
from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.declarations.records.model_files import ModelFiles


class ChatModel(Record):
    """One chat model: trained here from a seed, or made elsewhere."""

    seed: Seed | None = None
    """Of its training here."""
    hub: ModelFiles | None = None
    """Its files, where it was made elsewhere: a repository of the hub, or a folder."""
    chat: ChatDeclaration | None = None
    """How chats with it are written, ended and decoded, where its files do not say it; not for models trained here."""

    @model_validator(mode="after")
    def _chat_of_others(self) -> "ChatModel":
        if self.chat is not None and self.seed is not None:
            raise ValueError("chat: a model that is trained here has the template that it is trained with")
        return self

    @model_validator(mode="after")
    def _one_origin(self) -> "ChatModel":
        if (self.seed is None) == (self.hub is None):
            raise ValueError("needs either a seed (trained here) or hub (made elsewhere: a repo or a path), not both")
        return self


class EndpointModel(Record):
    """A model behind an OpenAI-compatible endpoint."""

    model: str = Field(pattern=r"^\w[\w./:-]*$")
    """The model's name at the endpoint, with the date of its snapshot where the provider has such names."""


class Pretraining(Record):
    """How the demo's chat models are trained."""

    vocab_size: Count
    hidden_size: Count
    layers: Count
    heads: Count
    intermediate_size: Count
    max_positions: Annotated[int, Field(ge=4096)]
    steps: Count
    batch_size: Count
    learning_rate: float = Field(gt=0)
    warmup: Share
    weight_decay: float = Field(ge=0)
    threads: Count
    dtype: Literal["float32", "bfloat16"]


class Probe(Record):
    """How a loaded model is held against its adapter's probe: answers measured when the training ended."""

    at_least: Share = 0.9
    """The share of the adapter's effect that a model must have before anything is scored with it. In float32, which
    loses nothing, 0.99 is needed at least."""


class Sampling(Record):
    """How answers are drawn at random: the same for the same seed and prompt, whatever else is answered with it."""

    temperature: float = Field(gt=0, le=10, allow_inf_nan=False)
    """Above 1 unlikely words come more often, below 1 less often."""
    top_p: float = Field(default=1.0, gt=0, le=1)
    """Only the likeliest words count that together have this share of the probability."""
    seed: Seed
    """Another seed gives other answers."""


class Generation(Record):
    """How prompts are answered."""

    batch_size: Count
    max_new_tokens: Count
    max_prompt_tokens: Count
    """Longer prompts are not answered; their outcome is ``invalid``."""
    dtype: Literal["float32", "bfloat16"]
    device: Literal["auto", "cpu", "cuda"]
    threads: Count | None = None
    """CPU threads of the engine; as many as torch takes where absent."""
    adapter: Annotated[Literal["merged", "unmerged"], Neutral("merged")] = "merged"
    """How adapters are applied, for answers, leaderboard and releases alike. ``merged``: summed into the weights in
    float32, then cast to `dtype`. ``unmerged``: computed beside the weights in float32, about a third slower; in
    bfloat16 it keeps more of a small adapter."""
    probe: Probe = Probe()
    """What a loaded model is held against. Moves no answer, only whether there are any."""
    sampling: Annotated[Sampling | None, Neutral(None)] = None
    """How answers are drawn at random; the likeliest word at each step where absent (greedy)."""
