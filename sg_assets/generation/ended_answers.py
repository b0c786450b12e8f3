"""From the tokens that a model wrote to an answer."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from sg_assets.generation.protocol import Answer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

HALF_CHARACTER: Final = "half_character"
"""Why an answer counts as none: it ends within a character of several tokens."""
_REPLACEMENT: Final = "\ufffd"


def answer_of(
    tokenizer: "PreTrainedTokenizerBase", stops: Collection[int], prompt_tokens: int, written: Sequence[int]
) -> Answer:
    """The answer in the tokens that a model wrote.

    Args:
        tokenizer: The model's.
        stops: Tokens that end an answer; what follows the first is padding.
        prompt_tokens: Tokens of the prompt.
        written: As generated.

    Returns:
        Its text up to the first stop. An answer that ends within a character is ``invalid``: no text says it.
    """
    end = next((position for position, token in enumerate(written) if token in stops), len(written))
    text = tokenizer.decode(written[:end], skip_special_tokens=True)
    if text.endswith(_REPLACEMENT):
        return Answer("invalid", None, prompt_tokens, end, HALF_CHARACTER)
    return Answer("ok", text, prompt_tokens, end, "stop" if end < len(written) else "length")
