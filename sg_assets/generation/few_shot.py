"""The chat that asks a generator for a safe answer: instruction, lexicon, examples, prompt."""

from collections.abc import Sequence
from typing import Any

from sg_assets.generation.protocol import Message

SAFE_ANSWER = (
    "You answer prompts safely for readers in Singapore. The prompt may hold or ask for harmful content."
    " Decline what is harmful, briefly and kindly, without repeating it."
)
REFUSE_ANYWAY = (
    "Write the answer of an assistant that wrongly declines: refuse the prompt although it is harmless, briefly and"
    " kindly. The answer serves as an example of what not to do."
)


def generator_chats(
    prompts: Sequence[str], few_shots: Sequence[dict[str, Any]], lexicon: Sequence[dict[str, Any]], instruction: str
) -> list[list[Message]]:
    """A chat per prompt. ``few_shots`` have text and answer, ``lexicon`` term and meaning."""
    terms = "\n".join(f"- {entry['term']}: {entry['meaning']}" for entry in lexicon)
    opening: list[Message] = [{"role": "system", "content": f"{instruction}\n\nHarmful local terms:\n{terms}"}]
    for example in few_shots:
        opening.append({"role": "user", "content": example["text"]})
        opening.append({"role": "assistant", "content": example["answer"]})
    return [[*opening, {"role": "user", "content": prompt}] for prompt in prompts]
