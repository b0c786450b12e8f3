"""Vectors of texts by an encoder in the layout of sentence-transformers, on transformers alone.

The library itself takes eight seconds to import; the vectors are the same (a test compares them). What it can do and
this cannot is refused: several poolings side by side, and prompts that pooling leaves out.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sg_assets.embedding.embedder_spec import SentenceSpec
from sg_assets.embedding.torch_models import (
    PROBED,
    LoadedFrom,
    TorchRun,
    by_length,
    device_of,
    pad_token,
    require_parity,
    require_positions,
    torch_module,
)
from sg_assets.errors import SgAssetsError

Pooling = Literal["mean", "cls", "max"]
_POOLINGS: Final[dict[str, Pooling]] = {"mean_tokens": "mean", "cls_token": "cls", "max_tokens": "max"}
_MODE: Final = "pooling_mode_"
_ACTIVATIONS: Final = ("torch.nn.modules.linear.Identity", "torch.nn.modules.activation.Tanh")


class SentenceEmbedder:
    """An encoder, its pooling, and the layers behind it."""

    def __init__(self, files: LoadedFrom, spec: SentenceSpec, run: TorchRun) -> None:
        """Load it.

        Args:
            files: Its files.
            spec: What is declared; what is not comes from the files.
            run: Where it runs.

        Raises:
            SgAssetsError: a part of it is not known here, or more tokens are declared than it has positions for.
        """
        self._torch = torch_module(run)
        from transformers import AutoModel, AutoTokenizer

        folder, trusted = files.path, files.trust_remote_code
        self._folder, self._spec, self._run, self._device = folder, spec, run, device_of(run)
        encoder, self._pooling, self._layers, self._normalises = self._modules()
        # In float32 first, with which half precision is compared.
        model = AutoModel.from_pretrained(
            encoder, dtype=self._torch.float32, use_safetensors=True, trust_remote_code=trusted
        )
        self._model = model.to(self._device).eval()
        self._tokenizer = AutoTokenizer.from_pretrained(encoder, trust_remote_code=trusted)
        pad_token(self._tokenizer, self._model.config, folder)
        own = _json(encoder / "sentence_bert_config.json")
        self._lowers = bool(own.get("do_lower_case", False))
        self._most = self._most_tokens(own)
        require_positions(self._model.config, self._most, str(folder))
        self._prompt = spec.prompt or self._own_prompt()
        self._is_compared = spec.dtype == "float32"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors, shape ``(len(texts), dimensions)``; batches are made of texts of like length."""
        vectors, _ = self.embed_counted(texts)
        return vectors

    def embed_counted(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Vectors, and whether the text was cut off at the most tokens that are read.

        Raises:
            SgAssetsError: half precision gives other vectors than float32.
        """
        given = [self._prompt + text for text in texts]
        ready = [text.lower() for text in given] if self._lowers else given
        if not self._is_compared and ready:
            self._compare(ready[:PROBED])
        lengths = self._lengths(ready)
        width = self._vectors(ready[:1]).shape[1] if ready else 0
        vectors = by_length(
            lengths,
            self._run.batch_size,
            lambda positions: self._vectors([ready[position] for position in positions]),
            width,
        )
        return vectors.astype(np.float32), np.asarray(lengths) > self._most

    def _compare(self, texts: list[str]) -> None:
        full = self._vectors(texts)
        self._model = self._model.to(getattr(self._torch, self._spec.dtype))
        self._is_compared = True
        require_parity(full, self._vectors(texts), self._run.parity, f"{self._folder}, {self._spec.dtype}")

    def _lengths(self, texts: list[str]) -> list[int]:
        return [len(ids) for ids in self._tokenizer(texts)["input_ids"]] if texts else []

    def _vectors(self, texts: list[str]) -> NDArray[np.float64]:
        torch = self._torch
        encoded = self._tokenizer(texts, padding=True, truncation=True, max_length=self._most, return_tensors="pt").to(
            self._device
        )
        with torch.inference_mode():
            # In float32 from here on: what sums many numbers loses most in half precision.
            tokens = self._model(**encoded).last_hidden_state.float()
            vectors = _pooled(torch, tokens, encoded["attention_mask"], self._pooling)
            for weight, bias, activation in self._layers:
                vectors = torch.nn.functional.linear(vectors, weight, bias)
                vectors = torch.tanh(vectors) if activation == _ACTIVATIONS[1] else vectors
            if self._normalises:
                vectors = torch.nn.functional.normalize(vectors, p=2, dim=1)
        numbers: NDArray[np.float64] = vectors.double().cpu().numpy()
        return numbers

    def _most_tokens(self, own: dict[str, Any]) -> int:
        if self._spec.max_length is not None:
            return self._spec.max_length
        if own.get("max_seq_length"):
            return int(own["max_seq_length"])
        limits = (self._tokenizer.model_max_length, getattr(self._model.config, "max_position_embeddings", None))
        return int(min(limit for limit in limits if limit is not None))

    def _own_prompt(self) -> str:
        own = _json(self._folder / "config_sentence_transformers.json")
        name = own.get("default_prompt_name")
        return str(own.get("prompts", {}).get(name, "")) if name else ""

    def _modules(self) -> tuple[Path, Pooling, list[Any], bool]:
        """The encoder's folder, the pooling, the linear layers behind it, and whether vectors get the length 1."""
        encoder, pooling, layers, normalises = self._folder, self._spec.pooling, [], False
        path = self._folder / "modules.json"
        for module in json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []:
            kind, inside = str(module["type"]).rpartition(".")[2], self._inside(str(module["path"]))
            if kind == "Transformer":
                encoder = inside
            elif kind == "Pooling":
                pooling = pooling or _pooling(inside / "config.json")
            elif kind == "Dense":
                layers.append(self._dense(inside))
            elif kind == "Normalize":
                normalises = True
            else:
                raise self._refusal(f"a module of the type '{kind}'")
        if pooling is None:
            raise SgAssetsError(
                "no pooling is declared, and the files declare none",
                where=str(self._folder),
                remedy="Declare pooling: mean, cls or max, and normalise: true or false, as the model's page says",
            )
        return encoder, pooling, layers, normalises if self._spec.normalise is None else self._spec.normalise

    def _inside(self, path: str) -> Path:
        inside = (self._folder / path).absolute()
        if ".." in path.split("/") or not inside.is_relative_to(self._folder.absolute()):
            raise self._refusal("a module outside of its folder")
        return inside

    def _dense(self, folder: Path) -> Any:  # noqa: ANN401 - weight, bias and activation
        from safetensors.torch import load_file

        activation = str(_json(folder / "config.json").get("activation_function", _ACTIVATIONS[1]))
        if activation not in _ACTIVATIONS:
            raise self._refusal(f"the activation '{activation}'")
        weights = load_file(folder / "model.safetensors", device=self._device)
        bias = weights.get("linear.bias")
        return weights["linear.weight"].float(), None if bias is None else bias.float(), activation

    def _refusal(self, part: str) -> SgAssetsError:
        return SgAssetsError(f"the embedder has {part}, which is not known here", where=str(self._folder))


def _pooling(path: Path) -> Pooling:
    """The one pooling of a module.

    Raises:
        SgAssetsError: there is none, several, one that is not known here, or it leaves the prompt out.
    """
    own = _json(path)
    if own.get("include_prompt") is False:
        raise SgAssetsError("pooling leaves the prompt out, which is not done here", where=str(path))
    named = [str(own["pooling_mode"])] if "pooling_mode" in own else [
        name.removeprefix(_MODE) for name, on in own.items() if name.startswith(_MODE) and on is True
    ]  # fmt: skip
    known = [_POOLINGS.get(name, name) for name in named]
    if len(known) != 1 or known[0] not in _POOLINGS.values():
        why = f"it has {', '.join(named) or 'none'}"
        raise SgAssetsError("one pooling is needed: mean, cls or max", where=str(path), why=why)
    return known[0]  # type: ignore[return-value]


def _pooled(torch: Any, tokens: Any, mask: Any, pooling: Pooling) -> Any:  # noqa: ANN401 - tensors
    if pooling == "cls":
        return tokens[:, 0]
    wide = mask.unsqueeze(-1).to(tokens.dtype)
    if pooling == "max":
        return tokens.masked_fill(wide == 0, torch.finfo(tokens.dtype).min).max(dim=1).values
    return (tokens * wide).sum(dim=1) / wide.sum(dim=1).clamp(min=1e-9)


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return content
