"""What a model's generation config changes in greedy decoding, and the tokens that it ends answers with."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from transformers import GenerationConfig

_APPLIED: Final[Mapping[str, object]] = {
    "repetition_penalty": 1.0,
    "no_repeat_ngram_size": 0,
    "min_new_tokens": 0,
    "suppress_tokens": [],
    "begin_suppress_tokens": [],
    "bad_words_ids": [],
}
"""What is applied as the model's files say it, with the values that change nothing."""
_REFUSED: Final[Mapping[str, object]] = {
    "num_beams": 1,
    "num_beam_groups": 1,
    "num_return_sequences": 1,
    "penalty_alpha": 0.0,
    "guidance_scale": 1.0,
    "dola_layers": None,
    "min_length": 0,
    "forced_bos_token_id": None,
    "forced_eos_token_id": None,
    "encoder_repetition_penalty": 1.0,
    "encoder_no_repeat_ngram_size": 0,
    "exponential_decay_length_penalty": None,
    "sequence_bias": None,
    "force_words_ids": None,
    "constraints": None,
    "stop_strings": None,
    "token_healing": False,
    "watermarking_config": None,
    "custom_generate": None,
}
"""What cannot be applied so that an answer depends on its prompt alone: other ways to decode than step by step, lengths
that count the padding, texts that are looked for across tokens."""


def read_generation_config(folder: Path) -> dict[str, Any]:
    """A model's generation config, or what its config says of generation where it has none.

    Raises:
        SgAssetsError: the file is not JSON.
    """
    own = folder / "generation_config.json"
    return read_json(own if own.is_file() else folder / "config.json")


def read_json(file: Path) -> dict[str, Any]:
    """An object in a model's file.

    Raises:
        SgAssetsError: there is no such file, or it is not an object.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SgAssetsError(f"cannot read '{file.name}' of the model", where=str(file), why=str(error)) from error
    if not isinstance(content, dict):
        raise SgAssetsError(f"'{file.name}' of the model is not an object", where=str(file))
    return content


def greedy_changes(config: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What a generation config changes in greedy decoding, as it is applied.

    Args:
        config: As read. Sampling, lengths and caches change nothing here.
        where: For errors.

    Raises:
        SgAssetsError: it changes what cannot be applied answer by answer.
    """
    refused = {name: config[name] for name, neutral in _REFUSED.items() if _is_set(config.get(name), neutral)}
    if refused:
        said = ", ".join(f"{name}: {json.dumps(value)}" for name, value in refused.items())
        raise SgAssetsError(
            f"the model's generation config says {said}",
            where=where,
            why="answers are decoded token by token, each from its prompt alone",
            remedy="Declare `chat: {generation_config: plain}` for the model to leave its settings out",
        )
    return {name: config[name] for name, neutral in _APPLIED.items() if _is_set(config.get(name), neutral)}


def end_tokens(config: Mapping[str, Any]) -> set[int]:
    """The ids of the tokens that a config ends answers with."""
    ends = config.get("eos_token_id")
    return {int(end) for end in ends} if isinstance(ends, list) else set() if ends is None else {int(ends)}


def generation_config(
    decoding: Mapping[str, Any], stops: Sequence[int], pad: int, max_new_tokens: int | None = None
) -> "GenerationConfig":
    """How a model decodes step by step: all that decides an answer, and nothing of the model's own files besides.

    Args:
        decoding: What they change in it (:func:`greedy_changes`).
        stops: The tokens that end an answer.
        pad: The token that fills batches up.
        max_new_tokens: Most tokens of an answer; as its caller says where absent.
    """
    from transformers import GenerationConfig

    length = {} if max_new_tokens is None else {"max_new_tokens": max_new_tokens}
    return GenerationConfig(
        do_sample=False, num_beams=1, eos_token_id=list(stops), pad_token_id=pad, **length, **decoding
    )


def _is_set(value: object, neutral: object) -> bool:
    return value is not None and value != neutral
