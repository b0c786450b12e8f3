"""A mix: the prompts of a training set."""

from pydantic import Field

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record, Share


class Mix(Record):
    """The prompts of a training set."""

    name: SafeName
    description: str
    size: float = Field(default=1.0, gt=0, le=1)
    """Number of prompts, as a share of the profile's ``samples.mix_prompts``."""
    unsafe_share: Share
    """Share of the prompts that are unsafe."""
    safe_rejections: bool = False
    """Whether DPO also pairs safe prompts with a synthesized rejection."""
