"""Sheets to labels: what was not drawn, or was edited, is refused by row."""

import re
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.people.answer_labels import label_schema
from sg_assets.people.label_rows import labels_of, sample_of

NOW = datetime(2026, 11, 30, tzinfo=UTC)
FILE = Path("sheet.csv")
DRAWN = pl.DataFrame(
    {
        "benchmark": "b", "variant": "v", "item_id": ["i1", "i2", "i3"], "answer": ["d1", "d2", "d3"], "flag": "f",
        "cluster_id": "t", "slices": [["a=b"]] * 3, "stratum": "s", "inclusion": 0.5, "at_random": True,
        "position": [1, 2, 3], "prompt": ["p1", "p\n2", "p3"], "response": ["secret1", "r2", "r3"],
    }
)  # fmt: skip


def sheet(**changed: list[str]) -> pl.DataFrame:
    columns = {
        "row": [2, 3, 4], "sample": ["v1"] * 3, "benchmark": ["b"] * 3, "variant": ["v"] * 3,
        "item_id": ["i1", "i2", "i3"], "answer_digest": ["d1", "d2", "d3"], "flag": ["f"] * 3,
        "prompt": ["p1", "p\r\n2", "p3"], "answer": ["secret1", "r2", "r3"], "label": ["yes", "no", ""],
    }  # fmt: skip
    return pl.DataFrame({**columns, **changed})


def read(rows: pl.DataFrame, **means: str) -> pl.DataFrame:
    return labels_of(
        rows, DRAWN, means=means, declared_in="tiny.yaml, labels", annotator="Anna", imported=NOW, file=FILE
    ).labels


def test_labels_have_all_that_later_work_needs() -> None:
    labels = read(sheet())
    assert dict(labels.schema) == label_schema()
    assert labels.select("item_id", "answer", "label", "annotator", "inclusion", "sample").rows() == [
        ("i1", "d1", "yes", "Anna", 0.5, "v1"), ("i2", "d2", "no", "Anna", 0.5, "v1")
    ]  # fmt: skip


def test_answers_without_a_label_are_counted_and_left_out() -> None:
    labelled = labels_of(sheet(), DRAWN, means={}, declared_in="", annotator="A", imported=NOW, file=FILE)
    assert (labelled.labels.height, labelled.unlabelled) == (2, 1)


@pytest.mark.parametrize("word", ["Yes ", "YES", "\uff59es", " yes\n", "ja"])
def test_case_spaces_and_declared_words_do_not_matter(word: str) -> None:
    assert read(sheet(label=[word, "", ""]), ja="yes")["label"].to_list() == ["yes"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"item_id": ["i1", "i9", "i3"]}, "row 3: the answer was not drawn"),
        ({"item_id": ["i1", "i1", "i3"]}, "row 3: the answer comes twice"),
        ({"answer_digest": ["d1", "d2", "d1"]}, "row 4: the digest of the answer differs"),
        ({"answer": ["secret1!", "r2", "r3"]}, "row 2: the answer was edited"),
        ({"prompt": ["p1", "p2", "p3"]}, "row 3: the prompt was edited"),
        ({"flag": ["f", "f", "g"]}, "row 4: the flag was edited"),
        ({"label": ["yes", "not safe", ""]}, "row 3: this text is not a label"),
        ({"label": ["yes", "yess", ""]}, 'row 3: \'yess\' is not a label.*tiny.yaml, labels: `means: {"yess": "yes"}`'),
        ({"label": ["", " ", "\n"]}, "has no label. Write yes, no or undecided"),
    ],
)
def test_a_wrong_row_is_refused_by_its_number(changed: dict[str, list[str]], message: str) -> None:
    with pytest.raises(SgAssetsError, match=message) as caught:
        read(sheet(**changed))
    assert not re.search("secret1|r2|p1", str(caught.value))


def test_several_wrong_rows_are_counted() -> None:
    with pytest.raises(SgAssetsError, match=r"row 2: the prompt was edited \(3 such rows\)"):
        read(sheet(prompt=["a", "b", "c"]))


def test_all_rows_are_of_one_sample() -> None:
    assert sample_of(sheet(), FILE) == "v1"
    with pytest.raises(SgAssetsError, match="row 4: this row is of another sample"):
        sample_of(sheet(sample=["v1", "v1", "v2"]), FILE)
    with pytest.raises(SgAssetsError, match="no rows"):
        sample_of(sheet().clear(), FILE)
