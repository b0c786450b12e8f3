from typing import get_args

import polars as pl
import pytest

from sg_assets.demo import corpus, judge_frames, judge_texts, statements
from sg_assets_tests.demo.declared import refusals, templates

JUDGES = ("toxicity", "rejection", "toxigen", "broken")
OF_WORDINGS = JUDGES[:3]


@pytest.fixture(scope="module")
def comments() -> pl.DataFrame:
    return corpus.comments(0, 2000)


@pytest.fixture(scope="module")
def table(comments: pl.DataFrame) -> pl.DataFrame:
    return judge_texts.texts(0, 1500, templates(), refusals(), avoid=set(comments["text"]))


def test_the_same_seed_draws_the_same_texts(table: pl.DataFrame, comments: pl.DataFrame) -> None:
    again = judge_texts.texts(0, 1500, templates(), refusals(), avoid=set(comments["text"]))
    assert again.equals(table)


def test_no_text_is_a_comment_of_the_corpus(comments: pl.DataFrame) -> None:
    free = judge_texts.texts(0, 1500, templates(), refusals())
    met = free.filter(pl.col("text").is_in(comments["text"].to_list()))
    kept = judge_texts.texts(0, 1500, templates(), refusals(), avoid=set(comments["text"]))
    assert met.height > 0
    assert kept.height == free.height - met.height
    assert not set(kept["text"]) & set(comments["text"])


@pytest.mark.parametrize("judge", JUDGES)
def test_about_four_fifths_are_to_fit_on(table: pl.DataFrame, judge: str) -> None:
    mine = table.filter(judge=judge)
    assert mine.height > 1200
    assert (mine["use"] == "fit").mean() == pytest.approx(judge_texts.FIT_SHARE, abs=0.03)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("use", ["fit", "check"])
def test_both_labels_are_frequent(table: pl.DataFrame, judge: str, use: str) -> None:
    labels = table.filter(judge=judge, use=use)["label"]
    assert 0.2 < float(labels.cast(pl.Float64).mean()) < 0.8  # type: ignore[arg-type]


@pytest.mark.parametrize("judge", JUDGES)
def test_no_text_is_met_twice_by_a_judge(table: pl.DataFrame, judge: str) -> None:
    mine = table.filter(judge=judge)
    assert mine["text"].n_unique() == mine.height


def test_frames_to_check_on_are_used_for_nothing_else() -> None:
    check = {frame.text for frame in (*judge_frames.CHECK_SAFE, *judge_frames.CHECK_UNSAFE)}
    check |= {made.text for made in (*judge_frames.CHECK_HATE, *judge_frames.CHECK_NEUTRAL)}
    fit = {frame.text for frame in (*corpus.SAFE, *corpus.HARD, *corpus.UNSAFE)}
    fit |= {frame.text for frame in (*judge_frames.FIT_SAFE, *judge_frames.FIT_HARD, *judge_frames.FIT_UNSAFE)}
    fit |= {made.text for made in (*statements.HATE, *statements.NEUTRAL)}
    fit |= {made.text for made in (*judge_frames.FIT_HATE, *judge_frames.FIT_NEUTRAL)}
    assert not check & fit
    assert not set(judge_frames.CHECK_REFUSALS) & {*judge_frames.REFUSALS, *refusals()}
    assert not set(judge_frames.CHECK_SORRY_BUT_HELPS) & set(judge_frames.SORRY_BUT_HELPS)


@pytest.mark.parametrize("judge", JUDGES)
def test_no_text_to_check_on_opens_like_a_text_to_fit_on(table: pl.DataFrame, judge: str) -> None:
    """The words before a frame's first slot are the frame's own, bar very short ones and refusals' common openings."""
    whole = table.filter(~pl.col("kind").is_in(list(judge_texts.BROKEN)))
    fit, check = (whole.filter(judge=judge, use=use)["text"].to_list() for use in ("fit", "check"))
    openings = {text[:24] for text in fit}
    shared = [text for text in check if text[:24] in openings and text not in judge_frames.CHECK_REFUSALS]
    assert shared == []


def test_refusals_are_not_toxic_whatever_they_name(table: pl.DataFrame) -> None:
    toxicity = table.filter(pl.col("judge").is_in(["toxicity", "toxigen"]))
    said = toxicity.filter(pl.col("text").is_in([*judge_frames.REFUSALS, *refusals()]))
    assert said.height > 30
    assert not said["label"].any()


@pytest.mark.parametrize("use", ["fit", "check"])
def test_a_broken_refusal_declines_and_hurts_nobody(table: pl.DataFrame, use: str) -> None:
    broken = table.filter(pl.col("judge") != "broken", kind="broken_refusal", use=use)
    assert broken.height > 30
    assert (broken["label"] == (broken["judge"] == "rejection")).all()


@pytest.mark.parametrize("use", ["fit", "check"])
def test_debris_and_broken_help_are_neither_toxic_nor_refusals(table: pl.DataFrame, use: str) -> None:
    said = table.filter(pl.col("judge") != "broken", pl.col("kind").is_in(["debris", "broken_apology"]), use=use)
    assert said.height > 20
    assert not said["label"].any()


@pytest.mark.parametrize("judge", JUDGES)
def test_every_kind_of_text_is_met_and_checked(table: pl.DataFrame, judge: judge_texts.Judge) -> None:
    met = {kind for kind, weight in zip(get_args(judge_texts.Kind), judge_texts.WEIGHTS[judge], strict=True) if weight}
    for use in ("fit", "check"):
        assert set(table.filter(judge=judge, use=use)["kind"]) == met


def test_the_judge_of_damage_is_told_which_texts_are_damaged(table: pl.DataFrame) -> None:
    texts = table.filter(judge="broken")
    assert (texts["label"] == texts["kind"].is_in(list(judge_texts.BROKEN))).all()
    assert 0.3 < texts["label"].sum() / texts.height < 0.6


def test_answers_that_open_like_a_refusal_and_help_are_no_refusals(table: pl.DataFrame) -> None:
    helps = table.filter((pl.col("judge") == "rejection") & pl.col("text").str.starts_with("Sorry to hear about"))
    assert helps.height > 10
    assert not helps["label"].any()


def test_hard_safe_comments_are_frequent_and_not_toxic(table: pl.DataFrame) -> None:
    fit = table.filter(judge="toxicity", use="fit")
    hard = fit.filter(pl.col("text").str.contains(r"^My .* so \w+, really buay tahan|^Please don't call"))
    assert hard.height > 40
    assert not hard["label"].any()


@pytest.mark.slow
@pytest.mark.parametrize("judge", OF_WORDINGS)
def test_a_linear_model_over_words_and_letters_passes_the_check(table: pl.DataFrame, judge: str) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    words, letters = TfidfVectorizer(ngram_range=(1, 3)), TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
    model = make_pipeline(make_union(words, letters), LogisticRegression(C=10, max_iter=500))
    fit, check = (table.filter(judge=judge, use=use) for use in ("fit", "check"))
    model.fit(fit["text"].to_list(), fit["label"].to_list())
    assert model.score(check["text"].to_list(), check["label"].to_list()) > 0.9
