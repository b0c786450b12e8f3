"""An embedder that was made elsewhere, and how torch models score and embed."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from sg_assets.declarations.records.base import KIND_TAG, Count, Record, kind_tag
from sg_assets.declarations.records.model import EndpointModel
from sg_assets.declarations.records.model_files import ModelFiles


class TorchOptions(Record):
    """How a model of torch reads texts."""

    dtype: Literal["float32", "bfloat16", "float16"] = "float32"
    """The floating-point type of weights and work."""
    parity: float = Field(default=0.02, gt=0, le=1)
    """How far a number in half precision may be from that in float32, on the first texts of every job; further is an
    error."""
    batch_size: Count = 32
    """Texts in a batch; batches are made of texts of like length."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where it runs."""
    threads: Count | None = None
    """CPU threads; as many as torch takes where absent."""


class SentenceTransformers(TorchOptions):
    """An embedder in the layout of sentence-transformers, or a bare encoder with pooling declared here."""

    kind: Literal["sentence_transformers"]
    model: ModelFiles
    """Its files."""
    pooling: Literal["mean", "cls", "max"] | None = None
    """How the vectors of tokens become one; as its `modules.json` says where absent."""
    normalise: bool | None = None
    """Whether vectors get the length 1; as its `modules.json` says where absent."""
    max_length: Annotated[int, Field(ge=8, le=32768)] | None = None
    """Tokens that it reads; as its own configuration says where absent."""
    prompt: Annotated[str, Field(max_length=500)] = ""
    """Stands before each text, such as `task: classification | query: `."""


EmbedderModel = Annotated[
    Annotated[SentenceTransformers, Tag(f"{KIND_TAG}sentence_transformers")]
    | Annotated[EndpointModel, Tag(f"{KIND_TAG}endpoint")],
    Discriminator(lambda content: kind_tag(content, "endpoint")),
]
"""The embedder of a profile: an encoder that runs here, or a model behind an endpoint, which names no kind."""
