from pathlib import Path

import polars as pl

from sg_assets.embedding.divergence import similarities


def similarity(embedder: Path, memory: Path, *pairs: tuple[str, str]) -> list[float]:
    answers = pl.DataFrame(
        {
            "slice": "sg_safety_safe",
            "item_id": [f"i{position}" for position in range(len(pairs))],
            "cluster_id": "t",
            "before": [before for before, _ in pairs],
            "after": [after for _, after in pairs],
        }
    )
    return similarities(answers, embedder, memory)["value"].to_list()


def test_equal_answers_are_1_and_other_words_are_less(embedder: Path, tmp_path: Path) -> None:
    same, near, far = similarity(
        embedder,
        tmp_path,
        ("Sorry, I cannot help with that.", "Sorry, I cannot help with that."),
        ("Sorry, I cannot help with that.", "Sorry, I cannot help you with that."),
        ("Sorry, I cannot help with that.", "Wah, the laksa here is really nice."),
    )
    assert same == 1.0
    assert same > near > far


def test_answers_without_a_word_are_alike_and_like_nothing_else(embedder: Path, tmp_path: Path) -> None:
    assert similarity(embedder, tmp_path, ("", " "), ("", "laksa"), ("", "")) == [1.0, 0.0, 1.0]


def test_a_text_is_embedded_once(embedder: Path, tmp_path: Path) -> None:
    first = similarity(embedder, tmp_path, ("laksa", "prata"))
    before = sorted(tmp_path.glob("*.parquet"))
    assert similarity(embedder, tmp_path, ("laksa", "prata")) == first
    assert sorted(tmp_path.glob("*.parquet")) == before
