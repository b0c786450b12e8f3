import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sg_assets.store.model_output_cache import VECTOR, cached_outputs

pytestmark = pytest.mark.slow


class Judge:
    """Scores a text by its length, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> list[float]:
        self.asked += texts
        return [float(len(text)) for text in texts]


def test_scores_come_in_the_order_of_the_texts(tmp_path: Path) -> None:
    assert cached_outputs(tmp_path, pl.Series(["ccc", "a", "bb"]), Judge()).to_list() == [3.0, 1.0, 2.0]


def test_a_text_is_asked_about_once_however_often_it_occurs(tmp_path: Path) -> None:
    judge = Judge()
    assert cached_outputs(tmp_path, pl.Series(["a", "bb", "a"]), judge).to_list() == [1.0, 2.0, 1.0]
    assert sorted(judge.asked) == ["a", "bb"]


def test_what_was_scored_before_is_not_asked_again(tmp_path: Path) -> None:
    cached_outputs(tmp_path, pl.Series(["a", "bb"]), Judge())
    judge = Judge()
    assert cached_outputs(tmp_path, pl.Series(["bb", "ccc"]), judge).to_list() == [2.0, 3.0]
    assert judge.asked == ["ccc"]


def test_another_folder_knows_nothing(tmp_path: Path) -> None:
    cached_outputs(tmp_path / "one", pl.Series(["a"]), Judge())
    judge = Judge()
    cached_outputs(tmp_path / "other", pl.Series(["a"]), judge)
    assert judge.asked == ["a"]


def test_what_a_killed_process_left_half_written_counts_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.part").write_bytes(b"half")
    assert cached_outputs(tmp_path, pl.Series(["a"]), Judge()).to_list() == [1.0]


def test_vectors_are_kept_as_well(tmp_path: Path) -> None:
    texts = pl.Series(["a", "bb"])
    vectors = [[1.0, 0.5], [2.0, 0.5]]
    assert (
        cached_outputs(tmp_path, texts, lambda asked: [[len(text_), 0.5] for text_ in asked], VECTOR).to_list()
        == vectors
    )
    assert cached_outputs(tmp_path, texts.reverse(), Judge(), VECTOR).to_list() == vectors[::-1]


def test_no_texts_have_no_scores(tmp_path: Path) -> None:
    assert cached_outputs(tmp_path, pl.Series([], dtype=pl.String), Judge()).to_list() == []


@settings(max_examples=25)  # each writes and reads files
@given(st.lists(st.lists(st.text(max_size=3), max_size=6), max_size=4))
def test_it_says_what_the_judge_says_whatever_came_before(rounds: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for texts in rounds:
            scores = cached_outputs(Path(folder), pl.Series(texts, dtype=pl.String), Judge())
            assert scores.to_list() == [float(len(text)) for text in texts]
