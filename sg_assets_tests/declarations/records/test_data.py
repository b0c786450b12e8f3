"""Labels, splits and sizes of a profile."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.data import Labelling, Side, Splits

TEXTS = Side(texts=3, pairs=30)
PAIRS = Side(pairs=30)


def test_a_side_takes_texts_or_pairs_by_the_unit_of_the_split() -> None:
    assert Splits(train=TEXTS, dev=TEXTS, holdout=TEXTS).units("dev") == 3
    assert Splits(unit="pair", train=PAIRS, dev=PAIRS, holdout=PAIRS).units("dev") == 30


def test_sides_choose_in_order_train_dev_holdout() -> None:
    assert list(Splits(train=TEXTS, dev=TEXTS, holdout=TEXTS).sides) == ["train", "dev", "holdout"]


def test_texts_are_declared_where_whole_texts_go_to_a_side_and_only_there() -> None:
    with pytest.raises(ValidationError, match=r"dev\.texts is needed where unit is 'text'"):
        Splits(train=TEXTS, dev=PAIRS, holdout=TEXTS)
    with pytest.raises(ValidationError, match=r"train\.texts does not apply where unit is 'pair'"):
        Splits(unit="pair", train=TEXTS, dev=PAIRS, holdout=PAIRS)


def test_no_score_is_confidently_safe_and_unsafe() -> None:
    with pytest.raises(ValidationError, match="safe_at_most must be below unsafe_at_least"):
        Labelling(safe_at_most=0.5, unsafe_at_least=0.5, min_texts=1)
