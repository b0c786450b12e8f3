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

    def prompts_by_label(self, mix_prompts: int) -> dict[str, int]:
        """How many prompts of each label it takes, where a mix of size 1 has ``mix_prompts``."""
        prompts = round(mix_prompts * self.size)
        unsafe = round(prompts * self.unsafe_share)
        return {"unsafe": unsafe, "safe": prompts - unsafe}
