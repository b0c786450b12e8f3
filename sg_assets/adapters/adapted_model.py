"""A chat model with an adapter: the one way it is loaded, for answers, for the leaderboard and for releases alike."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

Application = Literal["merged", "unmerged"]
"""How an adapter is applied: summed into the weights, or computed beside them at each step."""


def load_adapted_model(
    base: Path,
    adapter: Path | None,
    application: Application,
    *,
    dtype: str,
    trust_remote_code: bool = False,
) -> "PreTrainedModel | PeftModel":
    """The chat model, with the adapter applied where there is one; on the CPU, ready to answer.

    ``merged``: weights and adapter are summed in float32, and the sum is cast to ``dtype``. A sum in bfloat16 would
    drop what an adapter adds wherever that is less than half a step of the weight's eight bits; so does the cast, if
    ``dtype`` is bfloat16. ``unmerged``: the adapter's own matrices stay in float32 beside weights in ``dtype``.

    Args:
        base: Folder of the chat model.
        adapter: Folder of the adapter.
        application: How it is applied.
        dtype: The float type that answers are computed in, by its name in torch.
        trust_remote_code: Whether Python code in the folder of the chat model may run.

    Raises:
        SgAssetsError: the adapter lacks weights that its config names.
    """
    import torch
    from transformers import AutoModelForCausalLM

    wanted = getattr(torch, dtype)
    first = wanted if adapter is None or application == "unmerged" else torch.float32
    model = AutoModelForCausalLM.from_pretrained(
        base, dtype=first, use_safetensors=True, trust_remote_code=trust_remote_code
    )
    if adapter is not None:
        model = with_adapter(model, adapter)
        if application == "merged":
            model = model.merge_and_unload().to(wanted)
    return model.eval()


def with_adapter(model: Any, adapter: Path) -> "PeftModel":  # noqa: ANN401 - transformers is not followed
    """A loaded chat model with an adapter beside its weights, in float32.

    Raises:
        SgAssetsError: the adapter lacks weights that its config names.
    """
    from peft import PeftModel

    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        adapted = PeftModel.from_pretrained(model, str(adapter))
    for warning in raised:
        if "missing adapter keys" in str(warning.message):
            raise SgAssetsError(
                "the adapter lacks weights", where=str(adapter),
                why="some of the modules that its config names have none: they would stay as in the chat model",
                remedy="Use an adapter that was trained on this chat model and saved by PEFT",
            )  # fmt: skip
    return adapted
