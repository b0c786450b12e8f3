import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sg_assets.demo import corpus
from sg_assets.demo.vocabulary import CONTENT, PARTS, Part, words_of
from sg_assets.errors import SgAssetsError


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return corpus.comments(3, 2000)


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 5), shorter=st.integers(1, 120), more=st.integers(0, 120))
def test_a_larger_corpus_only_adds_comments(seed: int, shorter: int, more: int) -> None:
    assert corpus.comments(seed, shorter + more).head(shorter).equals(corpus.comments(seed, shorter))


def test_another_seed_draws_other_comments(table: pl.DataFrame) -> None:
    other = corpus.comments(4, 2000)
    assert len(set(table["text"]) & set(other["text"])) < 1000
    assert not set(table["comment_id"]) & set(other["comment_id"])


def test_texts_and_keys_are_distinct(table: pl.DataFrame) -> None:
    assert table["text"].n_unique() == table["comment_id"].n_unique() == 2000


def test_every_part_is_half_safe_half_unsafe(table: pl.DataFrame) -> None:
    counts = table.group_by("part").agg((pl.col("label") == "safe").mean().alias("safe"))
    assert counts["safe"].to_list() == [0.5, 0.5, 0.5]


def test_parts_have_their_shares(table: pl.DataFrame) -> None:
    shares = dict(table["part"].value_counts(normalize=True).rows())
    assert [shares[part] for part in PARTS] == pytest.approx(corpus.PART_SHARES, abs=0.04)


def test_a_quarter_of_the_safe_comments_are_hard(table: pl.DataFrame) -> None:
    safe = table.filter(label="safe")
    assert safe["kind"].str.starts_with("hard").mean() == pytest.approx(corpus.HARD_SHARE, abs=0.05)


def test_hard_safe_comments_use_an_insult_or_a_slur(table: pl.DataFrame) -> None:
    bad = set(CONTENT["insult"]) | set(CONTENT["slur"])
    hard = table.filter((pl.col("label") == "safe") & pl.col("kind").str.starts_with("hard"))
    assert all(bad & set(re.findall(r"\w+", text)) for text in hard["text"])


def test_subtle_unsafe_comments_use_no_slur(table: pl.DataFrame) -> None:
    subtle = table.filter(kind="subtle")
    assert subtle.height > 150
    assert not any(set(CONTENT["slur"]) & set(re.findall(r"\w+", text)) for text in subtle["text"])


@pytest.mark.parametrize("part", PARTS)
def test_a_comment_uses_slurs_of_its_own_part_only(table: pl.DataFrame, part: Part) -> None:
    foreign = set(CONTENT["slur"]) - set(words_of(part)["slur"])
    texts = table.filter(part=part)["text"]
    assert not any(foreign & set(re.findall(r"\w+", text)) for text in texts)


def test_more_comments_than_there_are_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "SAFE", (corpus.Frame("safe", "food", "food", "food", "I like {food}"),))
    monkeypatch.setattr(corpus, "HARD", corpus.SAFE)
    with pytest.raises(SgAssetsError, match="no new safe comment"):
        corpus.comments(0, 200)
