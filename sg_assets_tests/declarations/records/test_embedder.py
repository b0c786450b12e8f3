"""The embedder of a profile."""

from typing import Any

import pytest

from sg_assets.declarations.record_reading import validated
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.embedder import EmbedderModel, SentenceTransformers
from sg_assets.declarations.records.model import EndpointModel
from sg_assets.errors import SgAssetsError


class Embeds(Record):
    """A profile's part."""

    embedder: EmbedderModel | None = None


def read(declared: dict[str, Any]) -> Any:
    return validated({"embedder": declared}, Embeds, "profile.yaml").embedder


def test_an_embedder_without_a_kind_is_behind_an_endpoint() -> None:
    assert read({"model": "text-embedding-3-large"}) == EndpointModel(model="text-embedding-3-large")


def test_an_encoder_names_its_kind() -> None:
    files = {"path": "minilm", "weights": ["model.safetensors"]}
    assert isinstance(read({"kind": "sentence_transformers", "model": files}), SentenceTransformers)


@pytest.mark.parametrize(
    ("declared", "error"),
    [
        ({"kind": "word2vec", "model": "x"}, "embedder: kind must be one of"),
        ({"kind": "sentence_transformers", "model": {"path": "x"}, "poling": "cls"}, "Did you mean 'pooling'"),
        ({"modle": "x"}, "unknown key 'embedder.modle'. Did you mean 'model'"),
    ],
)
def test_what_does_not_fit_is_refused(declared: dict[str, Any], error: str) -> None:
    with pytest.raises(SgAssetsError, match=error):
        read(declared)
