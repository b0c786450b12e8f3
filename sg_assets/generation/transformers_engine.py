"""The in-process engine: batched decoding with ``transformers``, greedy unless sampling is declared."""

import importlib.metadata
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from sg_assets.adapters.applied_adapter import CheckedModel, applied_adapter, load_checked_model
from sg_assets.chat.chat_loading import Chat, load_chat, prompt_tokens, require_context
from sg_assets.chat.chat_settings import read_chat_settings
from sg_assets.declarations.records.model import Generation
from sg_assets.generation.ended_answers import answer_of
from sg_assets.generation.keyed_chats import keyed_chats, require_same_tokens
from sg_assets.generation.protocol import Answer, Messages
from sg_assets.hub.fetch import ModelFolder, chat_folder, model_folder
from sg_assets.hub.file_list import FILE_LIST
from sg_assets.machine import this_machine
from sg_assets.store.manifests import Manifest


class TransformersEngine:
    """Answers with a chat model, with an adapter applied as declared where there is one.

    In fp32 an answer does not depend on the batch it was made in, also where it is sampled. Batches go from short to
    long prompts, padded on the left.
    """

    def __init__(
        self, settings: Generation, model: tuple[Manifest, Path], adapter: tuple[Manifest, Path] | None
    ) -> None:
        self._settings = settings
        self._model_manifest, self._model_path = model
        self._adapter = adapter

    @property
    def identity(self) -> Mapping[str, Any]:
        """Digests of model and adapter, and how they are decoded.

        A model trained here decodes as its digest says. Of another one, the stops and changes of decoding that were
        read from its files stand here as well, for the rules of reading them may change.
        """
        sampling = self._settings.sampling
        chat = {} if self._is_made_here else {"stops": list(self._chat.stops), "changes": dict(self._chat.decoding)}
        return {
            "engine": "transformers",
            "model": self._model_manifest.fingerprint,
            "adapter": None if self._adapter is None else self._adapter[0].fingerprint,
            "merged": self._adapter is not None and self._settings.adapter == "merged",
            "dtype": self._settings.dtype,
            **self._rounding,
            "decoding": "greedy" if sampling is None else sampling.model_dump(),
            "max_new_tokens": self._settings.max_new_tokens,
            "max_prompt_tokens": self._settings.max_prompt_tokens,
            **chat,
        }

    @property
    def session(self) -> Mapping[str, Any]:
        """Libraries, batch size, the device and the machine it runs on."""
        libraries = {name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft")}
        _torch()
        machine = this_machine(self._settings.threads, device="cuda" if self._device.startswith("cuda") else "cpu")
        return {
            "libraries": libraries,
            "batch_size": self._settings.batch_size,
            "device": self._device,
            "machine": machine.model_dump(mode="json"),
            **self._effect,
        }

    def keyed(self, chats: Sequence[Messages]) -> Sequence[Messages]:
        """Chats as they are asked: with the digest of their tokens, which the digest of the model does not give.

        A model trained here has a template that is a function of the chat, so its chats are keyed as they are.
        """
        return chats if self._is_made_here else keyed_chats(self._chat.tokenizer, chats)

    def answer(self, chats: Sequence[Messages]) -> Iterator[tuple[int, Answer]]:
        """Answer chats batch by batch, shortest prompts first.

        Raises:
            SgAssetsError: prompts and answers of the declared lengths do not fit the model, or a chat has other tokens
                than when it was asked for.
        """
        if not chats:
            return
        most = self._settings.max_prompt_tokens + self._settings.max_new_tokens
        asked_by = "generation: max_prompt_tokens with max_new_tokens"
        require_context(self._chat.context, most, asked_by=asked_by, where=str(self._model_path))
        encoded = [self._encode(chat) for chat in chats]
        short = [position for position, ids in enumerate(encoded) if len(ids) <= self._settings.max_prompt_tokens]
        if short:
            self._require_model()
        for position in sorted(set(range(len(chats))) - set(short)):
            yield position, Answer("invalid", None, len(encoded[position]), None, "prompt_too_long")
        short.sort(key=lambda place: (len(encoded[place]), place))
        size = self._settings.batch_size
        for start in range(0, len(short), size):
            batch = short[start : start + size]
            yield from zip(batch, self._decode([encoded[position] for position in batch]), strict=True)

    def _encode(self, chat: Messages) -> list[int]:
        ids = prompt_tokens(self._tokenizer, chat)
        require_same_tokens(chat, ids)
        return ids

    def _decode(self, batch: Sequence[list[int]]) -> Iterator[Answer]:
        import torch

        from sg_assets.chat.decoding import generation_config
        from sg_assets.generation.seeded_sampling import processors

        chat = self._chat
        config = generation_config(
            chat.decoding, chat.stops, int(self._tokenizer.pad_token_id), self._settings.max_new_tokens
        )
        self._model.generation_config = config
        padded = self._tokenizer.pad({"input_ids": list(batch)}, padding=True, return_tensors="pt")
        with torch.inference_mode():
            output = self._model.generate(
                input_ids=padded["input_ids"].to(self._model.device),
                attention_mask=padded["attention_mask"].to(self._model.device),
                generation_config=config,
                logits_processor=processors(self._settings.sampling, batch),
            )
        for ids, new in zip(batch, output[:, padded["input_ids"].shape[1] :].tolist(), strict=True):
            yield answer_of(self._tokenizer, chat.stops, len(ids), new)

    @cached_property
    def _folder(self) -> ModelFolder:
        return model_folder(self._model_path)

    @cached_property
    def _is_made_here(self) -> bool:
        return not (self._model_path / FILE_LIST).is_file()

    @cached_property
    def _chat(self) -> Chat:
        folder, settings = chat_folder(self._model_path), read_chat_settings(self._model_path)
        return load_chat(folder.path, settings, trust_remote_code=folder.trust_remote_code)

    @property
    def _tokenizer(self) -> Any:  # noqa: ANN401
        return self._chat.tokenizer

    @property
    def _rounding(self) -> Mapping[str, str]:
        """How weights in few digits came to be: stored answers of sums made in those digits are of another model."""
        is_cast = self._adapter is not None and self._settings.adapter == "merged" and self._settings.dtype != "float32"
        return {"summed_in": "float32"} if is_cast else {}

    @property
    def _effect(self) -> Mapping[str, float | None]:
        """The share of the adapter's effect that the model has, once loaded; None for an adapter without probe."""
        loaded = self.__dict__.get("_checked_model")
        return {} if loaded is None or self._adapter is None else {"adapter_effect": loaded.adapter_effect}

    def _require_model(self) -> None:
        """Load the model, which checks it, before anything is answered."""
        _ = self._model

    @property
    def _model(self) -> Any:  # noqa: ANN401
        return self._checked_model.model

    @cached_property
    def _checked_model(self) -> CheckedModel:
        torch = _torch()
        from transformers.utils import logging

        if self._settings.threads is not None:
            torch.set_num_threads(self._settings.threads)
        logging.disable_progress_bar()  # the log reports progress; a bar per model load adds nothing
        return load_checked_model(
            self._folder.path,
            None if self._adapter is None else applied_adapter(*self._adapter, self._settings),
            dtype=self._settings.dtype,
            device=self._device,
            trust_remote_code=self._folder.trust_remote_code,
        )

    @cached_property
    def _device(self) -> str:
        if self._settings.device != "auto":
            return self._settings.device
        return "cuda" if _torch().cuda.is_available() else "cpu"


def _torch() -> Any:  # noqa: ANN401 - the module
    # Read when torch is first loaded: spinning threads starve each other where cores are shared.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch

    return torch
