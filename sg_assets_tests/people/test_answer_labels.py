"""The labels of people: the newest of each, and what they agree on."""

from datetime import datetime, timedelta
from itertools import permutations

import polars as pl
import pytest

from sg_assets.people.answer_labels import agreed_answers, label_schema, newest_labels

DAY = datetime(2026, 11, 30)  # noqa: DTZ001 - tables hold UTC without saying so


def labels(*given: tuple[str, str, int]) -> pl.DataFrame:
    """Labels of one answer: person, label, day."""
    rows = [
        {"benchmark": "b", "variant": "v", "item_id": "i", "answer": "a", "flag": "f", "annotator": person,
         "label": label, "imported": DAY + timedelta(days=day)}
        for person, label, day in given
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=label_schema())


@pytest.mark.parametrize(
    ("given", "agreed"),
    [
        ([("A", "yes", 0)], "yes"),
        ([("A", "yes", 0), ("B", "yes", 0), ("C", "no", 0)], "yes"),
        ([("A", "yes", 0), ("B", "no", 0)], "undecided"),
        ([("A", "undecided", 0)], "undecided"),
        ([("A", "undecided", 0), ("B", "no", 0)], "no"),
        ([("A", "yes", 0), ("A", "no", 1)], "no"),
        ([("A", "yes", 0), ("A", "yes", 1), ("B", "no", 0), ("C", "no", 0)], "no"),
    ],
)
def test_people_agree_by_majority_of_their_last_labels(given: list[tuple[str, str, int]], agreed: str) -> None:
    for order in permutations(given):
        assert agreed_answers(newest_labels(labels(*order)))["agreed"].to_list() == [agreed]


def test_earlier_labels_of_others_stay() -> None:
    kept = newest_labels(labels(("A", "yes", 0), ("A", "no", 2), ("B", "yes", 1)))
    assert kept.select("annotator", "label").rows() == [("A", "no"), ("B", "yes")]
