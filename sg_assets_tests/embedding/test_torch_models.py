"""What encoders of torch share."""

from types import SimpleNamespace

import numpy as np
import pytest

from sg_assets.embedding.torch_models import by_length, pad_token, require_parity, require_positions
from sg_assets.errors import SgAssetsError


def test_batches_have_texts_of_like_length_and_rows_stay_in_order() -> None:
    lengths, batches = [5, 1, 3, 2, 4], []

    def work(positions: list[int]) -> np.ndarray:
        batches.append([lengths[position] for position in positions])
        return np.array([[float(lengths[position])] for position in positions])

    assert by_length(lengths, 2, work, 1)[:, 0].tolist() == lengths
    assert batches == [[1, 2], [3, 4], [5]]


def test_no_texts_are_no_rows() -> None:
    assert by_length([], 2, lambda _: np.zeros((0, 3)), 3).shape == (0, 3)


@pytest.mark.parametrize(("kind", "most"), [("bert", 64), ("roberta", 62)])
def test_positions_behind_the_padding_do_not_count(kind: str, most: int) -> None:
    config = SimpleNamespace(model_type=kind, max_position_embeddings=64, pad_token_id=1)
    require_positions(config, most, "model")
    with pytest.raises(SgAssetsError, match=f"Declare max_length: {most}"):
        require_positions(config, most + 1, "model")


def test_numbers_in_half_precision_that_are_none_are_far() -> None:
    assert require_parity(np.ones((2, 1)), np.full((2, 1), 0.99), 0.02, "m") == pytest.approx(0.01)
    with pytest.raises(SgAssetsError, match="half precision gives other numbers"):
        require_parity(np.ones((2, 1)), np.full((2, 1), np.nan), 0.02, "m")


def test_a_tokenizer_without_a_pad_token_pads_with_its_end_token() -> None:
    tokenizer = SimpleNamespace(pad_token=None, eos_token="</s>", pad_token_id=2)  # noqa: S106 - no secret
    config = SimpleNamespace(pad_token_id=None)
    pad_token(tokenizer, config, "m")  # type: ignore[arg-type]
    assert (tokenizer.pad_token, config.pad_token_id) == ("</s>", 2)
    with pytest.raises(SgAssetsError, match="no token to pad with"):
        pad_token(SimpleNamespace(pad_token=None, eos_token=None), config, "m")  # type: ignore[arg-type]
