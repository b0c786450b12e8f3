"""Scores of a classifier of transformers: the probability of declared labels, whichever label is the likeliest."""

import json
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

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
from sg_assets.judging.classifier_labels import label_columns
from sg_assets.judging.judge_spec import ClassifierSpec

DIGITS: Final = 6
"""Digits of a score: the batch that a text is in moves the last one at most."""


class SequenceClassifier:
    """A classifier and its tokenizer."""

    def __init__(self, files: LoadedFrom, spec: ClassifierSpec, run: TorchRun) -> None:
        """Load it.

        Args:
            files: Its files, those of its tokenizer among them.
            spec: Which labels make the score, and what is read of a text.
            run: Where it runs.

        Raises:
            SgAssetsError: it has not the labels that are declared, or fewer positions than tokens are declared.
        """
        self._torch = torch_module(run)
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        folder, trusted = files.path, files.trust_remote_code
        self._folder, self._spec, self._run, self._device = folder, spec, run, device_of(run)
        # In float32 first, with which half precision is compared.
        model, loaded = AutoModelForSequenceClassification.from_pretrained(
            folder, dtype=self._torch.float32, use_safetensors=True, output_loading_info=True, trust_remote_code=trusted
        )
        if loaded["missing_keys"]:
            missing = ", ".join(sorted(loaded["missing_keys"])[:3])
            why = f"its weights lack {missing}, which would be drawn at random"
            raise SgAssetsError("the model is no trained classifier of texts", where=str(folder), why=why)
        self._model = model.to(self._device).eval()
        self._tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=trusted)
        pad_token(self._tokenizer, self._model.config, folder)
        require_positions(self._model.config, spec.max_length, str(folder))
        own = [str(model.config.id2label[column]) for column in range(int(model.config.num_labels))]
        self._columns = label_columns(own, spec, str(folder))
        self._is_compared = spec.dtype == "float32"

    def score(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Scores, and whether a text was cut off.

        Args:
            texts: As the judge is shown them; a JSON object of prompt and response where it takes a pair.

        Raises:
            SgAssetsError: half precision gives other scores than float32.
        """
        shown = self._arguments(texts)
        if not self._is_compared and texts:
            self._compare([shown_texts[:PROBED] for shown_texts in shown])
        lengths = [len(ids) for ids in self._tokenizer(*shown)["input_ids"]] if texts else []

        def work(positions: list[int]) -> NDArray[np.float64]:
            return self._probabilities([[texts_shown[position] for position in positions] for texts_shown in shown])

        scores = by_length(lengths, self._run.batch_size, work, 1)[:, 0]
        return scores.round(DIGITS), np.asarray(lengths, dtype=np.int64) > self._spec.max_length

    def _arguments(self, texts: Sequence[str]) -> list[list[str]]:
        """What the tokenizer takes: the texts, or prompts and responses."""
        if len(self._spec.sees) == 1 or self._spec.template is not None:
            return [list(texts)]
        pairs = [json.loads(text) for text in texts]
        return [[pair["prompt"] for pair in pairs], [pair["response"] for pair in pairs]]

    def _compare(self, shown: list[list[str]]) -> None:
        full = self._probabilities(shown)
        self._model = self._model.to(getattr(self._torch, self._spec.dtype))
        self._is_compared = True
        where = f"{self._folder}, {self._spec.dtype}"
        require_parity(full, self._probabilities(shown), self._run.parity, where)

    def _probabilities(self, shown: list[list[str]]) -> NDArray[np.float64]:
        torch = self._torch
        encoded = self._tokenizer(
            *shown, padding=True, truncation=True, max_length=self._spec.max_length, return_tensors="pt"
        ).to(self._device)
        with torch.inference_mode():
            outputs = self._model(**encoded).logits.double()
        shares = torch.softmax(outputs, dim=-1) if self._spec.activation == "softmax" else torch.sigmoid(outputs)
        scores: NDArray[np.float64] = shares[:, self._columns].sum(dim=-1, keepdim=True).cpu().numpy()
        if not np.isfinite(scores).all():
            raise SgAssetsError("the classifier gives no numbers", where=f"{self._folder}, {self._spec.dtype}")
        return scores
