"""Whether people agree with each other."""

import polars as pl
import pytest

from sg_assets.people.annotator_agreement import agreement
from sg_assets.people.answer_labels import label_schema


def labels(person: str, given: str) -> pl.DataFrame:
    """A person's labels of answers: y, n or u each."""
    words = {"y": "yes", "n": "no", "u": "undecided"}
    rows = [
        {"benchmark": "b", "variant": "v", "item_id": f"i{n}", "answer": "a", "flag": "f", "annotator": person,
         "label": words[letter], "cluster_id": f"t{n}"}
        for n, letter in enumerate(given)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=label_schema())


def test_kappa_is_the_agreement_beyond_chance() -> None:
    [row] = agreement(pl.concat([labels("B", "yyyynnnnnn"), labels("A", "yyynnnnnny")])).to_dicts()
    assert (row["annotator"], row["other_annotator"], row["answers"]) == ("A", "B", 10)
    chance = 0.4 * 0.4 + 0.6 * 0.6
    assert row["agreement"] == pytest.approx(0.8)
    assert row["kappa"] == pytest.approx((0.8 - chance) / (1 - chance))
    assert row["kappa_low"] < row["kappa"] < row["kappa_high"]


def test_undecided_labels_do_not_count() -> None:
    [row] = agreement(pl.concat([labels("A", "yyuu"), labels("B", "ynyn")])).to_dicts()
    assert (row["answers"], row["agreement"]) == (2, 0.5)


def test_every_two_people_are_compared() -> None:
    three = agreement(pl.concat([labels(person, "yn") for person in ("C", "A", "B")]))
    pairs = three.select("annotator", "other_annotator").rows()
    assert sorted(pairs) == [("A", "B"), ("A", "C"), ("B", "C")]


def test_one_label_alone_has_no_kappa() -> None:
    [row] = agreement(pl.concat([labels("A", "yy"), labels("B", "yy")])).to_dicts()
    assert (row["agreement"], row["kappa"]) == (1.0, None)


def test_a_single_person_agrees_with_nobody() -> None:
    assert agreement(labels("A", "yn")).is_empty()
