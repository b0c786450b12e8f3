from collections import Counter

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sg_assets.errors import SgAssetsError
from sg_assets.training.guards import require_whole_batches
from sg_assets.training.kto_layout import kto_weights, lay_out

TEXTS = st.lists(st.integers(0, 12), min_size=2, max_size=60)
SIZES = st.integers(2, 6)
COUNTS = st.integers(1, 100_000)


def frame(texts: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"example_id": range(len(texts)), "text_id": texts})


def batches(rows: pl.DataFrame, size: int) -> list[list[int]]:
    texts = rows["text_id"].to_list()
    return [texts[i : i + size] for i in range(0, len(texts), size)]


def most_batches(texts: list[int], size: int) -> int:
    """Filling each batch with the texts that have most rows left is known to be optimal."""
    left, made = Counter(texts), 0
    while len(left) >= size:
        left -= Counter(text for text, _ in left.most_common(size))
        made += 1
    return made


@given(TEXTS, SIZES)
def test_no_text_is_twice_in_a_batch(texts: list[int], size: int) -> None:
    assume(len(set(texts)) >= size)
    laid, _ = lay_out(frame(texts), size, keep_tail=False)
    assert all(len(set(batch)) == len(batch) for batch in batches(laid, size))


@given(TEXTS, SIZES)
def test_what_is_laid_out_passes_the_guard(texts: list[int], size: int) -> None:
    assume(len(set(texts)) >= size)
    require_whole_batches(lay_out(frame(texts), size, keep_tail=False)[0], size)


def test_a_text_that_meets_itself_is_seen() -> None:
    with pytest.raises(SgAssetsError, match="KTO batch 1 holds a text twice"):
        require_whole_batches(frame([1, 2, 3, 3]), 2)


def test_a_last_batch_that_is_not_full_is_seen() -> None:
    with pytest.raises(SgAssetsError, match="3 KTO rows do not fill batches of 2"):
        require_whole_batches(frame([1, 2, 3]), 2)


@given(TEXTS, SIZES)
def test_batches_are_full_and_as_many_as_can_be(texts: list[int], size: int) -> None:
    assume(len(set(texts)) >= size)
    laid, dropped = lay_out(frame(texts), size, keep_tail=False)
    assert len(laid) == most_batches(texts, size) * size
    assert dropped["incomplete_batch"] == len(texts) - len(laid)


@given(TEXTS, SIZES)
def test_rows_are_kept_whole_and_once(texts: list[int], size: int) -> None:
    assume(len(set(texts)) >= size)
    rows = frame(texts)
    laid, _ = lay_out(rows, size, keep_tail=False)
    assert laid.columns == rows.columns
    assert len(laid.join(rows, on=["example_id", "text_id"])) == len(laid) == laid["example_id"].n_unique()


@given(TEXTS, SIZES)
def test_a_tail_is_shorter_than_a_batch_but_never_one_row(texts: list[int], size: int) -> None:
    assume(len(set(texts)) >= 2)
    laid, _ = lay_out(frame(texts), size, keep_tail=True)
    *full, last = batches(laid, size)
    assert all(len(batch) == size for batch in full)
    assert len(set(last)) == len(last) >= 2


@given(st.integers(0, 20), st.integers(0, 20), SIZES)
def test_texts_with_two_answers_are_spread_evenly(pairs: int, singles: int, size: int) -> None:
    assume(pairs + singles >= size)
    texts = [*range(pairs), *range(pairs, pairs + singles), *range(pairs)]
    assume(len(texts) % size == 0)
    laid, _ = lay_out(frame(texts), size, keep_tail=False)
    assume(len(laid) == len(texts))
    paired = [sum(text < pairs for text in batch) for batch in batches(laid, size)]
    assert max(paired) - min(paired) <= 1


def test_batches_come_in_the_order_of_their_rows() -> None:
    laid, _ = lay_out(frame(list(range(40))), 4, keep_tail=False)
    firsts = [batch[0] for batch in batches(laid, 4)]
    assert firsts == sorted(firsts)


def test_too_few_texts_for_a_batch_is_an_error() -> None:
    with pytest.raises(SgAssetsError, match="no KTO batch of 4 rows can be made of 3 texts"):
        lay_out(frame([1, 2, 3, 3, 3, 3]), 4, keep_tail=False)


def test_one_text_leaves_nothing_to_evaluate() -> None:
    laid, dropped = lay_out(frame([3, 3, 3]), 4, keep_tail=True)
    assert laid.is_empty()
    assert dropped == {"incomplete_batch": 3}


def in_trl_range(desirable: int, undesirable: int, weights: tuple[float, float]) -> bool:
    """The condition of trl 1.16, kto_trainer.py, `_prepare_dataset`."""
    to_desirable, to_undesirable = weights
    low = round(undesirable * to_undesirable / desirable, 2)
    high = round(undesirable * to_undesirable / desirable * 1.33, 2)
    low_u = round(desirable * to_desirable / undesirable / 1.33, 2)
    high_u = round(desirable * to_desirable / undesirable, 2)
    return desirable == undesirable or low <= to_desirable <= high or low_u <= to_undesirable <= high_u


@given(COUNTS, COUNTS)
def test_trl_accepts_the_weights(desirable: int, undesirable: int) -> None:
    assert in_trl_range(desirable, undesirable, kto_weights(desirable, undesirable))


@given(COUNTS, COUNTS)
def test_one_label_at_most_is_lifted_and_none_lowered(desirable: int, undesirable: int) -> None:
    low, high = sorted(kto_weights(desirable, undesirable))
    assert low == 1.0
    assert high >= 1.0


@pytest.mark.parametrize(
    ("desirable", "undesirable", "weights"),
    [
        (100, 100, (1, 1)),
        (130, 100, (1, 1)),
        (200, 100, (1, 1.5)),
        (100, 200, (2, 1)),
        (100, 0, (1, 1)),
        (0, 5, (1, 1)),
    ],
)
def test_weights_depart_from_one_as_little_as_they_may(
    desirable: int, undesirable: int, weights: tuple[float, float]
) -> None:
    assert kto_weights(desirable, undesirable) == pytest.approx(weights)
