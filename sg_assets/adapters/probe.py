"""The probe of an adapter: fixed answers' log-probabilities without and with it, by which its effect is known again."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError, model_validator

from sg_assets.adapters.probe_chats import ProbeItem, measured_tokens
from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROBE: Final = "probe"
"""The key of an adapter's details that holds its probe."""
PROBE_FILE: Final = "probe.json"
"""The file in which a training job leaves it."""
_LEAST_EFFECT: Final = 0.01
"""In nats a token: differences are held against this much where the adapter moves less, so that the last digits of
another machine are no fault."""


class AdapterProbe(BaseModel):
    """What was measured in float32, with the adapter beside the weights of the chat model that it was trained on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: tuple[ProbeItem, ...]
    base: tuple[FiniteFloat, ...]
    """The log-probability of each answer token in the chat model alone."""
    adapted: tuple[FiniteFloat, ...]
    """The same with the adapter."""

    @model_validator(mode="after")
    def _each_token_measured(self) -> Self:
        tokens = measured_tokens(self.items)
        if not tokens or {len(self.base), len(self.adapted)} != {tokens}:
            raise ValueError(f"{tokens} tokens, {len(self.base)} and {len(self.adapted)} measurements")
        return self

    @property
    def effect(self) -> float:
        """How far the adapter moves a log-probability: root mean square, in nats a token."""
        return _root_mean_square(self.adapted, self.base)

    def share(self, loaded: "Sequence[float]") -> float:
        """How much of the adapter's effect a loaded model has: 1 for the same log-probabilities, 0 for base's.

        Below 0 where they are further away than base's are: of another adapter, or in too few digits for this one.
        """
        return 1 - _root_mean_square(loaded, self.adapted) / max(self.effect, _LEAST_EFFECT)


def make_probe(
    base: Path,
    adapter: Path,
    *,
    chat: ChatSettings | None = None,
    device: str = "cpu",
    trust_remote_code: bool = False,
) -> AdapterProbe:
    """Measure an adapter's probe: at the end of its training, or when it is imported.

    Args:
        base: Folder of the chat model, with its tokenizer.
        adapter: Folder of the adapter.
        chat: What is declared of chats with the model, if anything.
        device: ``cpu`` or ``cuda``; where a GPU's memory is too small for float32, the CPU measures.
        trust_remote_code: Whether Python code in the folder of the chat model may run.

    Raises:
        SgAssetsError: chats with the model cannot be written, the adapter lacks weights that its config names, or gives
            numbers that are not finite.
    """
    import torch
    from transformers import AutoModelForCausalLM

    from sg_assets.adapters.adapted_model import with_adapter
    from sg_assets.adapters.probe_chats import probe_items
    from sg_assets.chat.chat_loading import load_chat

    gc.collect()  # a training that has just ended in this process holds memory in circles
    items = probe_items(load_chat(base, chat or ChatSettings(), trust_remote_code=trust_remote_code).tokenizer)
    alone = AutoModelForCausalLM.from_pretrained(
        base, dtype=torch.float32, use_safetensors=True, trust_remote_code=trust_remote_code
    )
    model = with_adapter(alone, adapter).eval()
    try:
        base_values, adapted_values = _measured(model.to(device), items)
    except torch.OutOfMemoryError:
        base_values, adapted_values = _measured(model.to("cpu"), items)
    try:
        return AdapterProbe(items=items, base=base_values, adapted=adapted_values)
    except ValidationError:
        raise SgAssetsError(
            "no probe can be made of the adapter", where=str(adapter),
            why="with it, or without it, the chat model gives log-probabilities that are not finite",
            remedy="Look at the weights of both: a training that diverged leaves such numbers",
        ) from None  # fmt: skip


def probe_of(details: "Mapping[str, Any]") -> AdapterProbe | None:
    """The probe among the details of an adapter's version; None for versions of before there were probes."""
    return AdapterProbe.model_validate(details[PROBE]) if PROBE in details else None


def _measured(model: Any, items: "tuple[ProbeItem, ...]") -> "tuple[tuple[float, ...], tuple[float, ...]]":  # noqa: ANN401
    from sg_assets.adapters.log_probabilities import answer_log_probabilities

    adapted = answer_log_probabilities(model, items)
    with model.disable_adapter():
        return answer_log_probabilities(model, items), adapted


def _root_mean_square(values: "Sequence[float]", others: "Sequence[float]") -> float:
    squares = [(value - other) ** 2 for value, other in zip(values, others, strict=True)]
    return float((sum(squares) / len(squares)) ** 0.5)
